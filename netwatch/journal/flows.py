"""The records that the journal keeps of flows."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass

from netwatch.flows.transition import FlowChange, FlowState

_END = "UPDATE flow_event SET ended = max(began, ?) WHERE flow = ? AND ended IS NULL"


@dataclass(frozen=True, slots=True)
class FlowChanged:
    """A flow changed its state: its event ends, and a new one begins unless it is as expected."""

    change: FlowChange

    def write(self, connection: sqlite3.Connection) -> None:
        """Write the flow's present state, and end and begin events."""
        change = self.change
        if not self._goes_on(connection):
            connection.execute(_END, (change.at, change.flow))
            if change.state is not FlowState.AS_EXPECTED:
                # A state that follows another bad one began when that one ended.
                is_first = change.before in {FlowState.AS_EXPECTED, FlowState.UNKNOWN}
                connection.execute(
                    "INSERT INTO flow_event (flow, state, began, evidence) VALUES (?, ?, ?, ?)",
                    (
                        change.flow,
                        change.state,
                        change.since if is_first else change.at,
                        self._evidence(),
                    ),
                )
        connection.execute(
            "INSERT OR REPLACE INTO flow VALUES (?, ?, ?)",
            (change.flow, change.state, change.since),
        )

    def _goes_on(self, connection: sqlite3.Connection) -> bool:
        """Update the open event if this state is recorded already, as after a restart."""
        updated = connection.execute(
            "UPDATE flow_event SET evidence = ? WHERE flow = ? AND state = ? AND ended IS NULL"
            " AND EXISTS (SELECT 1 FROM flow WHERE flow.flow = flow_event.flow AND since = ?)",
            (self._evidence(), self.change.flow, self.change.state, self.change.since),
        )
        return updated.rowcount > 0

    def _evidence(self) -> str:
        return json.dumps(dict(self.change.evidence), ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class FlowRemoved:
    """A flow is no longer watched."""

    flow: str
    at: float

    def write(self, connection: sqlite3.Connection) -> None:
        """End its event, and delete its state."""
        connection.execute(_END, (self.at, self.flow))
        connection.execute("DELETE FROM flow WHERE flow = ?", (self.flow,))

"""The records that the journal keeps of targets and sites."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from typing import Protocol

from netwatch.core.state import State
from netwatch.state.transition import StateChange

_END = "UPDATE event SET ended = max(began, ?) WHERE site = ? AND target = ? AND ended IS NULL"


class JournalRecord(Protocol):
    """A change to the journal, made by the writer's thread."""

    def write(self, connection: sqlite3.Connection) -> None:
        """Make the change; the caller commits."""


@dataclass(frozen=True, slots=True)
class Turned:
    """A target or site changed its state: its event ends, and a new one begins unless it is up."""

    turn: StateChange

    def write(self, connection: sqlite3.Connection) -> None:
        """Write the present state, and end and begin events."""
        turn = self.turn
        place = turn.site, turn.target
        if not self._goes_on(connection, place):
            connection.execute(_END, (turn.at, *place))
            if turn.state is not State.UP:
                # A state that follows another bad one began when that one ended.
                began = turn.since if turn.before in {State.UP, State.UNKNOWN} else turn.at
                connection.execute(
                    "INSERT INTO event (site, target, state, began, root, cause, evidence)"
                    " VALUES (?, ?, ?, ?, ?, ?, '{}')",
                    (*place, turn.state, began, turn.root, turn.cause),
                )
        seconds = json.dumps({str(int(state)): spent for state, spent in turn.seconds.items()})
        connection.execute(
            "INSERT OR REPLACE INTO place VALUES (?, ?, ?, ?, ?, ?, ?)",
            (*place, turn.state, turn.since, turn.root, turn.at, seconds),
        )

    def _goes_on(self, connection: sqlite3.Connection, place: tuple[str, str]) -> bool:
        """Update the open event if this state is recorded already, as after a restart."""
        changed = connection.execute(
            "UPDATE event SET root = ?, cause = ? WHERE site = ? AND target = ? AND state = ?"
            " AND ended IS NULL AND EXISTS (SELECT 1 FROM place WHERE place.site = event.site"
            " AND place.target = event.target AND place.since = ?)",
            (self.turn.root, self.turn.cause, *place, self.turn.state, self.turn.since),
        )
        return changed.rowcount > 0


@dataclass(frozen=True, slots=True)
class Found:
    """Evidence for the last event of a target that went down."""

    site: str
    target: str
    evidence: dict[str, object]

    def write(self, connection: sqlite3.Connection) -> None:
        """Add it to the event."""
        connection.execute(
            "UPDATE event SET evidence = json_patch(evidence, ?) WHERE id = (SELECT max(id)"
            " FROM event WHERE site = ? AND target = ? AND state = ?)",
            (json.dumps(self.evidence, ensure_ascii=False), self.site, self.target, State.DOWN),
        )


@dataclass(frozen=True, slots=True)
class Removed:
    """A target or a site is no longer watched."""

    site: str
    target: str
    at: float

    def write(self, connection: sqlite3.Connection) -> None:
        """End its event, and delete its state."""
        place = self.site, self.target
        connection.execute(_END, (self.at, *place))
        connection.execute("DELETE FROM place WHERE site = ? AND target = ?", place)

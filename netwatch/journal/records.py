"""The records that the journal keeps of targets and sites."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from typing import Protocol

from netwatch.core.state import State
from netwatch.journal.coverage import note_left, note_watched
from netwatch.state.transition import StateChange

_END = "UPDATE event SET ended = max(began, ?) WHERE site = ? AND target = ? AND ended IS NULL"


class JournalRecord(Protocol):
    """A change to the journal, made by the writer's thread."""

    def write(self, connection: sqlite3.Connection) -> None:
        """Make the change; the caller commits."""


@dataclass(frozen=True, slots=True)
class StateChanged:
    """A target or site changed its state: its event ends, and a new one begins unless it is up."""

    change: StateChange

    def write(self, connection: sqlite3.Connection) -> None:
        """Write the present state, and end and begin events."""
        change = self.change
        place = change.site, change.target
        if not change.target:
            note_watched(connection, change.site, change.at)
        if not self._goes_on(connection, place):
            connection.execute(_END, (change.at, *place))
            if change.state is not State.UP:
                # A state that follows another bad one began when that one ended.
                began = change.since if change.before in {State.UP, State.UNKNOWN} else change.at
                connection.execute(
                    "INSERT INTO event (site, target, state, began, root, cause, evidence)"
                    " VALUES (?, ?, ?, ?, ?, ?, '{}')",
                    (*place, change.state, began, change.root, change.cause),
                )
        connection.execute(
            "INSERT OR REPLACE INTO place VALUES (?, ?, ?, ?, ?, ?, '{}')",
            (*place, change.state, change.since, change.root, change.at),
        )

    def _goes_on(self, connection: sqlite3.Connection, place: tuple[str, str]) -> bool:
        """Update the open event if this state is recorded already, as after a restart."""
        updated = connection.execute(
            "UPDATE event SET root = ?, cause = ? WHERE site = ? AND target = ? AND state = ?"
            " AND ended IS NULL AND EXISTS (SELECT 1 FROM place WHERE place.site = event.site"
            " AND place.target = event.target AND place.since = ?)",
            (self.change.root, self.change.cause, *place, self.change.state, self.change.since),
        )
        return updated.rowcount > 0


@dataclass(frozen=True, slots=True)
class EvidenceFound:
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
class PlaceRemoved:
    """A target or a site is no longer watched."""

    site: str
    target: str
    at: float

    def write(self, connection: sqlite3.Connection) -> None:
        """End its event, and delete its state."""
        place = self.site, self.target
        connection.execute(_END, (self.at, *place))
        if not self.target:
            note_left(connection, self.site, self.at)
        connection.execute("DELETE FROM place WHERE site = ? AND target = ?", place)

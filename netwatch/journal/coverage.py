"""When the daemon measured: its runs, the sites watched in them, and whose journal it is."""

from __future__ import annotations

import sqlite3
import time
from dataclasses import dataclass

MAX_WATCHED = 2_000_000
"""Rows that say which sites were watched, in all runs together; the oldest runs give way."""

RUN_END = "UPDATE run SET until = max(began, ?) WHERE id = ?"
_NEW_RUN = "INSERT INTO run (began, until) VALUES (?, ?)"
_GO_ON = "INSERT INTO watched SELECT ?, site, ?, NULL FROM watched WHERE run = ? AND ended IS NULL"
_EVENTS = {
    "event": "site, target, state, root, cause, evidence",
    "flow_event": "flow, state, evidence",
}
"""The tables of what lasts, and what of it stays the same over a step of the clock."""

_CROWDED = """
DELETE FROM watched WHERE run < (
    SELECT run FROM watched ORDER BY run DESC LIMIT 1 OFFSET ?
)
"""


class Coverage:
    """Writes down until when this run of the daemon has measured."""

    def __init__(self) -> None:
        self._began = self._told = time.time()
        self._run: int | None = None

    def begin(self, connection: sqlite3.Connection) -> None:
        """Begin a run in the file that was opened, unless this one is in it; the caller commits."""
        known = connection.execute("SELECT began FROM run WHERE id = ?", (self._run,)).fetchone()
        if known is None or known[0] != self._began:
            self._insert(connection)

    def tell(self, connection: sqlite3.Connection, *, without_break: bool) -> None:
        """Write that the daemon measures now; the caller commits.

        Args:
            connection: to the journal.
            without_break: since this was called last; otherwise a new run begins now.
        """
        now = time.time()
        if not without_break:
            before, self._began = self._run, now
            self._insert(connection)
            connection.execute(_GO_ON, (self._run, now, before))
            if now < self._told:
                _split_open_events(connection, self._told, now)
        self._told = now
        connection.execute(RUN_END, (now, self._run))

    def _insert(self, connection: sqlite3.Connection) -> None:
        self._run = connection.execute(_NEW_RUN, (self._began, self._began)).lastrowid


def _split_open_events(connection: sqlite3.Connection, before: float, after: float) -> None:
    """Have what goes on over a clock that was set back end by the old one, and begin by the new.

    An event that ended before it began would be none, and what it tells of would be forgotten.
    """
    for table, columns in _EVENTS.items():
        (last,) = connection.execute(f"SELECT max(id) FROM {table}").fetchone()  # noqa: S608
        connection.execute(
            f"INSERT INTO {table} ({columns}, began) SELECT {columns}, ? FROM {table}"  # noqa: S608
            " WHERE ended IS NULL",
            (after,),
        )
        connection.execute(
            f"UPDATE {table} SET ended = max(began, ?) WHERE ended IS NULL AND id <= ?",  # noqa: S608
            (before, last),
        )


def note_watched(connection: sqlite3.Connection, site: str, at: float) -> None:
    """Write that a site has a state in the present run, unless that is written; the caller commits.

    Args:
        connection: to the journal.
        site: its id.
        at: unix time since when.
    """
    connection.execute(
        "INSERT INTO watched SELECT run.id, ?, max(run.began, ?), NULL"
        " FROM (SELECT * FROM run ORDER BY id DESC LIMIT 1) AS run WHERE NOT EXISTS"
        " (SELECT 1 FROM watched WHERE run = run.id AND site = ? AND ended IS NULL)"
        " ON CONFLICT DO NOTHING",
        (site, at, site),
    )


def note_left(connection: sqlite3.Connection, site: str, at: float) -> None:
    """Write that a site is no longer watched; the caller commits."""
    connection.execute(
        "UPDATE watched SET ended = max(began, ?) WHERE site = ? AND ended IS NULL"
        " AND run = (SELECT max(id) FROM run)",
        (at, site),
    )


def forget_before(connection: sqlite3.Connection, moment: float) -> None:
    """Have no run reach behind a unix time, whose events are gone; the caller commits."""
    connection.execute("UPDATE run SET began = ? WHERE began < ? AND until > ?", (moment,) * 3)
    connection.execute("UPDATE run SET until = began WHERE until <= ?", (moment,))


def forget_old_runs(connection: sqlite3.Connection, oldest: float) -> None:
    """Delete the runs that ended before a unix time, and what they watched; the caller commits."""
    connection.execute("DELETE FROM run WHERE until < ?", (oldest,))
    connection.execute("DELETE FROM watched WHERE run NOT IN (SELECT id FROM run)")
    connection.execute(_CROWDED, (MAX_WATCHED,))


@dataclass(frozen=True, slots=True)
class ProvinceNamed:
    """Whose journal it is, and in which time zone its days are counted."""

    name: str
    zone: str

    def write(self, connection: sqlite3.Connection) -> None:
        """Write it down; the caller commits."""
        connection.execute(
            "INSERT OR REPLACE INTO province VALUES (1, ?, ?)", (self.name, self.zone)
        )

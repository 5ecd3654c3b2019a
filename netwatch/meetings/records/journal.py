"""Records of meetings in the journal's file: one row for each meeting and day."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from netwatch.inventory.former_ids import FormerIds
from netwatch.journal.file import has_table, open_for_reading, open_journal
from netwatch.meetings.records.record import MeetingRecord, MeetingVerdict, read_tallies

_NEW = """
INSERT INTO meeting (key, series, title, level, start, end, rooms, together, declared, is_over)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key)
"""
_SAVE = f"""
{_NEW} DO UPDATE SET title = excluded.title, end = excluded.end, rooms = excluded.rooms,
together = excluded.together, is_over = excluded.is_over
"""
_READ = (
    "SELECT key, series, title, level, start, end, rooms, together, declared, is_over"
    " FROM meeting WHERE end >= ? ORDER BY start"
)


@dataclass(frozen=True, slots=True)
class SavedRecord:
    """A record to write, without its verdict: what was declared in the file meanwhile stays.

    Attributes:
        record: a copy without rooms, because the writer's thread may come to it later.
        rooms: figures of each room by name, as JSON takes them.
    """

    record: MeetingRecord
    rooms: dict[str, dict[str, Any]]

    @classmethod
    def of(cls, record: MeetingRecord) -> SavedRecord:
        """A copy of the record as it is at this moment."""
        rooms = {name: tally.as_json() for name, tally in record.rooms.items()}
        return cls(replace(record, rooms={}), rooms)

    @property
    def row(self) -> tuple[Any, ...]:
        """Its columns, in the order of the table."""
        record = self.record
        return (
            *(record.key, record.series, record.title, record.level),
            *(record.start, record.end, json.dumps(self.rooms), record.together),
            *(record.declared, record.is_over),
        )

    def write(self, connection: sqlite3.Connection) -> None:
        """Insert the row, or replace the one of the same key; the caller commits."""
        connection.execute(_SAVE, self.row)


@dataclass(frozen=True, slots=True)
class DeletedRecord:
    """A record to delete: its meeting was called off."""

    key: str

    def write(self, connection: sqlite3.Connection) -> None:
        """Delete the row, if there is one; the caller commits."""
        connection.execute("DELETE FROM meeting WHERE key = ?", (self.key,))


def read_records(path: Path, since: float, former: FormerIds | None = None) -> list[MeetingRecord]:
    """The records of meetings that end after ``since`` (Unix time), the earliest first.

    Args:
        path: of the journal.
        since: Unix time.
        former: ids of before, by the inventory; None: as the daemon wrote them down last.

    Raises:
        sqlite3.Error: there is no journal, it may not be read, or a record is damaged.
    """
    connection = open_for_reading(path, former)
    try:
        if not has_table(connection, "meeting"):
            return []
        return [_record(row) for row in connection.execute(_READ, (since,))]
    finally:
        connection.close()


def declare(path: Path, record: MeetingRecord, verdict: MeetingVerdict) -> None:
    """Write down what somebody declared of a meeting, with a new record if it has none.

    Raises:
        OSError, sqlite3.Error: the journal can't be written.
    """
    connection = open_journal(path)
    try:
        with connection:
            connection.execute(f"{_NEW} DO NOTHING", SavedRecord.of(record).row)
            connection.execute(
                "UPDATE meeting SET declared = ? WHERE key = ?", (verdict, record.key)
            )
    finally:
        connection.close()


def _record(row: tuple[Any, ...]) -> MeetingRecord:
    key, series, title, level, start, end, rooms, together, declared, is_over = row
    try:
        return MeetingRecord(
            *(str(key), str(series), str(title), str(level), float(start), float(end)),
            rooms=read_tallies(json.loads(rooms)),
            together=int(together),
            declared=None if declared is None else MeetingVerdict(declared),
            is_over=bool(is_over),
        )
    except (TypeError, ValueError, AttributeError) as error:
        raise sqlite3.DatabaseError(f"meeting {key} is not readable: {error}") from None

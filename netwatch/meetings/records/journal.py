"""Records of meetings in the journal, one row a meeting and day."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from netwatch.journal.file import has_table, open_for_reading, open_journal
from netwatch.meetings.records.record import MeetingRecord, MeetingVerdict, tallied

_NEW = """
INSERT INTO meeting (key, series, title, level, start, end, rooms, together, declared, is_over)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key)
"""
_KEEP = f"""
{_NEW} DO UPDATE SET title = excluded.title, end = excluded.end, rooms = excluded.rooms,
together = excluded.together, is_over = excluded.is_over
"""
_READ = (
    "SELECT key, series, title, level, start, end, rooms, together, declared, is_over"
    " FROM meeting WHERE end >= ? ORDER BY start"
)


@dataclass(frozen=True, slots=True)
class SavedRecord:
    """A meeting as far as it is known; what was declared meanwhile stays.

    Attributes:
        record: its own copy, because the record goes on changing.
        rooms: what was seen of each.
    """

    record: MeetingRecord
    rooms: dict[str, dict[str, Any]]

    @classmethod
    def of(cls, record: MeetingRecord) -> SavedRecord:
        """The record of this moment."""
        rooms = {name: tally.as_json() for name, tally in record.rooms.items()}
        return cls(replace(record, rooms={}), rooms)

    @property
    def row(self) -> tuple[Any, ...]:
        """As the table has it."""
        record = self.record
        return (
            *(record.key, record.series, record.title, record.level),
            *(record.start, record.end, json.dumps(self.rooms), record.together),
            *(record.declared, record.is_over),
        )

    def write(self, connection: sqlite3.Connection) -> None:
        """One row, new or anew."""
        connection.execute(_KEEP, self.row)


@dataclass(frozen=True, slots=True)
class DeletedRecord:
    """A meeting that was begun is not held after all."""

    key: str

    def write(self, connection: sqlite3.Connection) -> None:
        """Forget it."""
        connection.execute("DELETE FROM meeting WHERE key = ?", (self.key,))


def read_meetings(path: Path, since: float) -> list[MeetingRecord]:
    """The records of meetings that ended after ``since`` (unix time), the earliest first.

    Raises:
        sqlite3.Error: there is no journal, it may not be read, or a record is damaged.
    """
    connection = open_for_reading(path)
    try:
        if not has_table(connection, "meeting"):
            return []
        return [_record(row) for row in connection.execute(_READ, (since,))]
    finally:
        connection.close()


def declare(path: Path, record: MeetingRecord, verdict: MeetingVerdict) -> None:
    """Write down what somebody said of a meeting, whether it is on record or not.

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
            rooms=tallied(json.loads(rooms)),
            together=int(together),
            declared=None if declared is None else MeetingVerdict(declared),
            is_over=bool(is_over),
        )
    except (TypeError, ValueError, AttributeError) as error:
        raise sqlite3.DatabaseError(f"meeting {key} is not readable: {error}") from None

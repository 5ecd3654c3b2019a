"""Keeps the records of meetings: those of this month in memory, all of them in the journal."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from netwatch.disk.worker import DiskWorker
from netwatch.inventory.former_ids import FormerIds
from netwatch.journal.writer import JournalWriter
from netwatch.meetings.meeting import Meeting
from netwatch.meetings.phases import month_of
from netwatch.meetings.records.journal import DeletedRecord, SavedRecord, read_records
from netwatch.meetings.records.month import MeetingMonth
from netwatch.meetings.records.record import MeetingRecord, MeetingVerdict
from netwatch.meetings.rooms import Room

logger = logging.getLogger(__name__)

MAX_MEETING_DURATION = timedelta(days=1)
"""Records that ended so long before this month are dropped from memory."""


class MeetingRecords:
    """The records of this month's meetings.

    Args:
        writer: of the journal; None: records are in memory only, and a restart forgets them.
        path: of the journal; None: there is none.
    """

    def __init__(self, writer: JournalWriter | None = None, path: Path | None = None) -> None:
        self._writer = writer
        self._path = path
        self._records: dict[str, MeetingRecord] = {}
        self._complaint = ""
        self._disk = DiskWorker()

    async def look_up(self, now: datetime) -> list[MeetingRecord]:
        """What ``read`` returns; nothing when the disk hangs."""
        try:
            return await self._disk.run(lambda: self.read(now))
        except OSError as error:
            self._complain(error)
            return []

    def read(self, now: datetime) -> list[MeetingRecord]:
        """The records of this month that the journal holds; none when it can't be read.

        Reads a file, so call it in a thread. The same complaint is logged once.
        """
        if self._path is None or not self._path.exists():
            return []
        try:
            found = read_records(self._path, month_of(now).timestamp())
        except (sqlite3.Error, OSError) as error:
            self._complain(error)
            return []
        self._complaint = ""
        return found

    def rename(self, former: FormerIds) -> None:
        """Know the rooms by their present ids."""
        for record in self._records.values():
            record.rooms = {former.target(name): tally for name, tally in record.rooms.items()}

    def merge(self, found: Iterable[MeetingRecord], now: datetime) -> None:
        """Take over what ``read`` found, and drop what is older than this month.

        Of a record that is in memory already only what was declared is taken over.
        """
        oldest = (month_of(now) - MAX_MEETING_DURATION).timestamp()
        self._records = {key: each for key, each in self._records.items() if each.end >= oldest}
        for record in found:
            known = self._records.setdefault(record.key, record)
            known.declared = record.declared

    def begin(self, meeting: Meeting, rooms: Mapping[str, Room]) -> None:
        """Note how ready each room is as the meeting begins."""
        self._record_of(meeting).begin(rooms)

    def add_round(self, meeting: Meeting, rooms: Mapping[str, Room]) -> MeetingRecord:
        """Count one round of checks in the meeting's record, and save it."""
        record = self._record_of(meeting)
        record.add(rooms)
        self._save(record)
        return record

    def close(self, meeting: Meeting) -> MeetingRecord:
        """Mark the meeting's record as complete, and save it."""
        record = self._record_of(meeting)
        record.is_over = True
        self._save(record)
        return record

    def delete(self, key: str) -> None:
        """Delete the record of a meeting that was called off while it was followed."""
        if self._records.pop(key, None) is not None and self._writer is not None:
            self._writer.put(DeletedRecord(key))

    def month(self, now: datetime, past: Iterable[Meeting]) -> MeetingMonth:
        """This month's meetings that are over.

        Args:
            now: with the province's time zone.
            past: those that were planned, on record or not.
        """
        begin, moment = month_of(now).timestamp(), now.timestamp()
        over = [
            record
            for record in self._records.values()
            if record.start >= begin and record.end <= moment and (record.rooms or record.declared)
        ]
        known = {record.key for record in over}
        rest = [m for m in past if m.start.timestamp() >= begin and m.key not in known]
        over += [_not_online(meeting) for meeting in rest if not meeting.online]
        missed = tuple(meeting.level for meeting in rest if meeting.online)
        return MeetingMonth(tuple(sorted(over, key=lambda record: record.start)), missed)

    def _complain(self, error: sqlite3.Error | OSError) -> None:
        if self._complaint != str(error):
            self._complaint = str(error)
            logger.warning("records of meetings can't be read: %s", error)

    def _record_of(self, meeting: Meeting) -> MeetingRecord:
        """The meeting's record, with the end that is planned now; a new one if it has none."""
        record = self._records.setdefault(meeting.key, MeetingRecord.of(meeting))
        record.end = meeting.end.timestamp()
        return record

    def _save(self, record: MeetingRecord) -> None:
        if self._writer is not None:
            self._writer.put(SavedRecord.of(record))


def _not_online(meeting: Meeting) -> MeetingRecord:
    """The record of a meeting that was planned to be held in one place."""
    record = MeetingRecord.of(meeting)
    record.declared = MeetingVerdict.NOT_HELD
    return record

"""The records of meetings: those of this month in memory, all of them in the journal."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from netwatch.journal.writer import JournalWriter
from netwatch.meetings.meeting import Meeting
from netwatch.meetings.phases import month_of
from netwatch.meetings.records.journal import DeletedRecord, SavedRecord, read_meetings
from netwatch.meetings.records.record import MeetingMonth, MeetingRecord, MeetingVerdict

logger = logging.getLogger(__name__)

_MAX_MEETING_DURATION = timedelta(days=1)


class MeetingRecords:
    """Keeps records.

    Args:
        writer: of the journal; None: there is none, and a restart forgets.
        path: of the journal.
    """

    def __init__(self, writer: JournalWriter | None = None, path: Path | None = None) -> None:
        self._writer = writer
        self._path = path
        self._records: dict[str, MeetingRecord] = {}
        self._complained = ""

    def read(self, now: datetime) -> list[MeetingRecord]:
        """What the journal holds of this month; call it in a thread."""
        if self._path is None or not self._path.exists():
            return []
        try:
            found = read_meetings(self._path, month_of(now).timestamp())
        except (sqlite3.Error, OSError) as error:
            if self._complained != str(error):
                self._complained = str(error)
                logger.warning("records of meetings can't be read: %s", error)
            return []
        self._complained = ""
        return found

    def take(self, found: Iterable[MeetingRecord], now: datetime) -> None:
        """Know what was read; of a meeting that is being watched only what was declared is new."""
        month = (month_of(now) - _MAX_MEETING_DURATION).timestamp()
        self._records = {key: each for key, each in self._records.items() if each.end >= month}
        for record in found:
            known = self._records.setdefault(record.key, record)
            known.declared = record.declared

    def of(self, meeting: Meeting) -> MeetingRecord:
        """The record of a meeting, begun if there is none."""
        record = self._records.setdefault(meeting.key, MeetingRecord.of(meeting))
        record.end = meeting.end.timestamp()
        return record

    def keep(self, record: MeetingRecord) -> None:
        """Write down how far a record has come."""
        if self._writer is not None:
            self._writer.put(SavedRecord.of(record))

    def cancel(self, key: str) -> None:
        """Forget a meeting that was called off while it was watched."""
        if self._records.pop(key, None) is not None and self._writer is not None:
            self._writer.put(DeletedRecord(key))

    def month(self, now: datetime, past: Iterable[Meeting]) -> MeetingMonth:
        """This month's meetings that are over; ``past``: those that were planned."""
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


def _not_online(meeting: Meeting) -> MeetingRecord:
    record = MeetingRecord.of(meeting)
    record.declared = MeetingVerdict.NOT_HELD
    return record

"""What became of meetings: shows the records in the journal, and takes what somebody declares."""

from __future__ import annotations

import asyncio
import sqlite3
from datetime import datetime, timedelta
from pathlib import Path

from netwatch.audit.log import record_at_once
from netwatch.audit.who import unix_user
from netwatch.commands.meeting_words import READINESS, VERDICTS, level_words
from netwatch.commands.moments import share
from netwatch.commands.names import unknown
from netwatch.commands.table import as_table
from netwatch.configuration import Configuration
from netwatch.core.errors import ConfigError, Problem
from netwatch.disk.private import working_in
from netwatch.journal.file import NAME
from netwatch.meetings.occurrences import find_meetings
from netwatch.meetings.readiness import Readiness
from netwatch.meetings.records.journal import declare, read_records
from netwatch.meetings.records.record import MeetingRecord, MeetingVerdict, RoomTally
from netwatch.settings import Settings

_MAX_DAYS = 366
"""Days after which a meeting can no longer be declared held or not."""

_HEAD = (
    "Phòng / Room",
    "Khi bắt đầu / At the start",
    "Tới được / Reached",
    "Trong cuộc gọi / In call",
    "Mất kết nối / Lost",
    "Mất gói / Loss",
    "MOS",
)


def print_records(settings: Settings, since: datetime) -> int:
    """Print the meetings that ended after ``since``, a line each.

    Raises:
        ConfigError: there is no journal, or it can't be read.
    """
    for record in _read(_journal(settings), since.timestamp()):
        start = datetime.fromtimestamp(record.start, since.tzinfo)
        lost = sum(tally.interruptions for tally in record.rooms.values())
        said = " (đã khai báo / declared)" if record.declared else ""
        print(
            f"{record.key}  {start:%d/%m/%Y %H:%M}  {record.title}  [{level_words(record.level)}] "
            f" {VERDICTS[record.verdict]}{said}"
            f"  {record.ready}/{len(record.rooms)} sẵn sàng / ready"
            f"  {lost} lần mất kết nối / interruptions"
        )
    return 0


def print_rooms(settings: Settings, key: str | None) -> int:
    """Print what was seen of each room of a meeting; the room that was reached least comes first.

    Raises:
        ConfigError: there is no such record, or no journal.
    """
    records = _read(_journal(settings), 0.0)
    record = next((each for each in records if each.key == key), None)
    if record is None:
        known = [each.key for each in records]
        remedy = "netwatch meetings --past names them"
        raise unknown(key or "record", "has no record", known, remedy)
    there = sorted(record.rooms.items(), key=lambda item: (_share(item[1]), item[0]))
    print(as_table([_HEAD, *(_row(name, tally) for name, tally in there)]))
    return 0


def _row(name: str, tally: RoomTally) -> tuple[str, ...]:
    return (
        name,
        "–" if tally.ready is None else READINESS[Readiness(tally.ready)],
        f"{tally.reached}/{tally.measured}",
        f"{tally.calls}/{tally.asked}",
        str(tally.interruptions),
        "" if tally.loss is None else share(tally.loss),
        "" if tally.mos is None else f"{tally.mos:.1f}",
    )


def _share(tally: RoomTally) -> float:
    return tally.reached / tally.measured if tally.measured else 0.0


def declare_held(
    settings: Settings, configuration: Configuration, key: str | None, verdict: str, now: datetime
) -> int:
    """Write down whether a meeting was held online; the daemon notices within a minute.

    Raises:
        ConfigError: there is no such meeting, or no journal to write to.
    """
    journal = _journal(settings)
    if key is None:
        raise _refused(verdict, "of which meeting? give its KEY, as --past shows it")
    record = _find(journal, key) or _planned(configuration, key, now)
    try:
        with working_in(journal.parent):
            declare(journal, record, MeetingVerdict(verdict))
        details = {"verdict": verdict}
        record_at_once(journal, unix_user(), "meeting-declared", f"meeting:{key}", details)
    except (sqlite3.Error, OSError) as error:
        raise _refused(str(journal), f"cannot be written: {error}; run it as its user") from None
    print(f"{key}: {VERDICTS[MeetingVerdict(verdict)]}")
    return 0


def _find(journal: Path, key: str | None) -> MeetingRecord | None:
    return next((each for each in _read(journal, 0.0) if each.key == key), None)


def _planned(configuration: Configuration, key: str, now: datetime) -> MeetingRecord:
    """An empty record of a meeting that was planned, but not watched."""
    try:
        day = datetime.fromisoformat(key.rpartition("@")[2]).replace(tzinfo=now.tzinfo)
    except ValueError:
        raise _refused(key, "is not a key; write e.g. giao-ban@2026-01-05T08:00") from None
    if day > now or (now - day).days > _MAX_DAYS:
        raise _refused(key, "has not begun, or was more than a year ago")
    end, calendars = day + timedelta(minutes=1), configuration.calendars
    asyncio.run(calendars.refresh(day, end, day))
    found = find_meetings(configuration.inventory, day, end, calendars.known).meetings
    for meeting in found:
        if meeting.key == key:
            return MeetingRecord.of(meeting)
    known = [meeting.key for meeting in found]
    remedy = "netwatch meetings --past names them"
    raise unknown(key, "is not a meeting of that day", known, remedy)


def _read(journal: Path, since: float) -> list[MeetingRecord]:
    try:
        with working_in(journal.parent):
            return read_records(journal, since)
    except (sqlite3.Error, OSError) as error:
        message = f"cannot be read: {error}; run netwatch with this state_dir first, or as its user"
        raise _refused(str(journal), message) from None


def _journal(settings: Settings) -> Path:
    if settings.state_dir is None:
        raise _refused("state_dir", "is not set, so there are no records; set it")
    return settings.state_dir / NAME


def _refused(place: str, message: str) -> ConfigError:
    return ConfigError([Problem(place, message)])

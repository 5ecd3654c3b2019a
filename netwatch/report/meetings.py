"""The meetings of a period: those on record, and those of the inventory that nobody watched."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from netwatch.inventory.former_ids import former_ids
from netwatch.inventory.model import Inventory
from netwatch.meetings.calendars.sources import KnownCalendar
from netwatch.meetings.occurrences import find_meetings
from netwatch.meetings.records.journal import read_records
from netwatch.meetings.records.month import MeetingMonth
from netwatch.meetings.records.record import MeetingRecord, MeetingVerdict
from netwatch.report.account.period import Period
from netwatch.report.content import one_line


def read_meetings(path: Path, inventory: Inventory, period: Period) -> MeetingMonth:
    """The meetings that were held within a period, and are over.

    Planned meetings of calendars are known by their records only; what was in a calendar then is
    not kept.

    Raises:
        sqlite3.Error: the journal can't be read.
    """
    begin, end = (each / 1000 for each in period.interval)
    first, last = (datetime.fromtimestamp(each, period.zone) for each in (begin, end))
    records = [
        replace(record, title=one_line(record.title), level=one_line(record.level))
        for record in read_records(path, begin, former_ids(inventory))
        if begin <= record.start < end
        and record.end <= period.now / 1000
        and (record.rooms or record.declared)
    ]
    only_written = inventory.model_copy(update={"calendars": {}})
    found = find_meetings(only_written, first, last, _no_calendar).meetings
    known = {record.key for record in records}
    rest = [
        each
        for each in found
        if each.key not in known and begin <= each.start.timestamp() and _is_over(each.end, period)
    ]
    records += [
        replace(MeetingRecord.of(each), declared=MeetingVerdict.NOT_HELD)
        for each in rest
        if not each.online
    ]
    missed = tuple(each.level for each in rest if each.online)
    return MeetingMonth(tuple(sorted(records, key=lambda record: record.start)), missed)


def _is_over(end: datetime, period: Period) -> bool:
    return end.timestamp() <= min(period.now, period.interval[1]) / 1000


def _no_calendar(_id: str, _now: datetime) -> KnownCalendar:
    return KnownCalendar(None, (), is_current=False)

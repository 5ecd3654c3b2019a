"""Calendars: the first scan, which is ours and linear; what follows is given steps and a time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from netwatch.meetings.calendars.bounds import CalendarBounds
from netwatch.meetings.calendars.ical import CalendarError, read_calendar
from tests.readers.registry import Reader

BEGIN = datetime(2026, 11, 1, tzinfo=UTC)
HEAD = b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART:20261124T010000Z\n"
TAIL = b"END:VEVENT\nEND:VCALENDAR\n"

READERS = [
    Reader(
        "calendar",
        lambda data: read_calendar(
            data, BEGIN, BEGIN + timedelta(days=40), ZoneInfo("Asia/Ho_Chi_Minh"), CalendarBounds()
        ),
        max_octets=1 << 17,
        refuses=(CalendarError,),
        tokens=(
            *(b"BEGIN:VTIMEZONE\n", b"BEGIN:VCALENDAR\n", b"BEGIN:X\n", b"END:X\n", b"X:1\n"),
            *(b"\n ", b"a", b"\\", b";A=", b'"', b'":"', b":", b",", b"\xef\xbb\xbf"),
            *(b"EXDATE:20261124T010000Z\n", b"RRULE:FREQ=DAILY\n", HEAD, HEAD + TAIL),
        ),
        seeds=(HEAD + TAIL, HEAD + b"RRULE:FREQ=DAILY\nLOCATION:a;b\n" + TAIL),
        max_cpu=20.0,  # in a process that is given a time and then ended
        covers=("meetings.calendars.lines:unfold", "meetings.calendars.ical:read_calendar"),
    ),
]

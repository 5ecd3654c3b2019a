"""What common programs write, held against what we know, and against a second reader."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import icalendar
import pytest
import recurring_ical_events
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from netwatch.meetings.calendars.bounds import CalendarBounds
from netwatch.meetings.calendars.ical import CalendarReading, read_calendar
from netwatch.meetings.calendars.lines import Property
from netwatch.meetings.calendars.rules import SeriesBudget, Span, starts_of
from netwatch.meetings.calendars.zones import Zones

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
BEGIN = datetime(2026, 11, 23, tzinfo=ZONE)
END = datetime(2027, 1, 1, tzinfo=ZONE)
CORPUS = Path(__file__).parent / "corpus"

STARTS = {
    "google": ["11-23 07:30", "12-08 14:00", "12-14 07:30", "12-21 07:30", "12-28 07:30"],
    "outlook": ["12-08 08:30", "12-15 14:00", "12-31 14:00"],
    "nextcloud": [f"{day} 14:30" for day in ("11-27", "12-01", "12-15", "12-17", "12-29", "12-31")],
    "radicale": [
        *(f"11-{day} 08:00" for day in range(24, 31)),
        *("11-30 09:00", "12-01 08:00", "12-02 08:00", "12-03 08:00", "12-31 09:00"),
    ],
    "exchange": ["11-26 09:00", "12-03 09:00", "12-10 09:00", "12-17 09:00"],
}
"""By program, month, day and time in the province of what it has from 23 November 2026 on."""


def read(content: bytes, begin: datetime = BEGIN, end: datetime = END) -> CalendarReading:
    return read_calendar(content, begin, end, ZONE, CalendarBounds())


@pytest.mark.parametrize("program", STARTS)
def test_what_a_program_writes_is_read_as_it_shows_it(program: str) -> None:
    reading = read((CORPUS / f"{program}.ics").read_bytes())
    starts = [f"{event.start.astimezone(ZONE):%m-%d %H:%M}" for event in reading.events]
    assert starts == STARTS[program]
    assert reading.complaints == ()


@pytest.mark.parametrize("program", STARTS)
def test_a_second_reader_says_the_same(program: str) -> None:
    content = (CORPUS / f"{program}.ics").read_bytes()
    calendar = icalendar.Calendar.from_ical(content)
    theirs = [
        (str(event["UID"]), start.astimezone(UTC), event["DTEND"].dt.astimezone(UTC))
        for event in recurring_ical_events.of(calendar).between(BEGIN, END)
        if isinstance(start := event["DTSTART"].dt, datetime)
    ]
    ours = [(event.uid, event.start, event.end) for event in read(content).events]
    assert sorted(ours) == sorted(theirs)


def test_every_calendar_is_named() -> None:
    assert {path.stem for path in CORPUS.glob("*.ics")} == STARTS.keys()


RULES = [
    *("DAILY", "DAILY;BYDAY=MO,WE,FR", "DAILY;INTERVAL=3", "DAILY;COUNT=40", "DAILY;BYMONTH=12"),
    *("WEEKLY", "WEEKLY;BYDAY=TU,TH;INTERVAL=2", "WEEKLY;INTERVAL=3;WKST=SU;BYDAY=SU,MO"),
    *("WEEKLY;COUNT=500;BYDAY=MO", "WEEKLY;BYHOUR=8,14;BYDAY=MO", "HOURLY;INTERVAL=5"),
    *("MONTHLY", "MONTHLY;BYMONTHDAY=-1", "MONTHLY;INTERVAL=3;BYMONTHDAY=15", "MONTHLY;BYDAY=-1FR"),
    *("MONTHLY;BYDAY=FR;BYSETPOS=2", "MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;INTERVAL=3"),
    *("MONTHLY;BYMONTH=3,6,9,12;BYDAY=1MO", "MONTHLY;BYMONTHDAY=13;BYDAY=FR"),
    *("YEARLY", "YEARLY;BYMONTH=12;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1", "YEARLY;BYMONTH=11,12"),
    *("YEARLY;BYWEEKNO=48;BYDAY=MO", "YEARLY;BYYEARDAY=-1,340", "YEARLY;BYDAY=-5MO"),
]


@pytest.mark.parametrize("tail", RULES)
@given(start=st.datetimes(datetime(2015, 1, 1), datetime(2026, 12, 1)))  # noqa: DTZ001 - wall time
@settings(deadline=None, max_examples=8)
def test_a_rule_comes_true_when_it_does_from_its_begin_on(tail: str, start: datetime) -> None:
    """However late in its life it is looked at, which dateutil does from the begin on."""
    begin = start.replace(microsecond=0, tzinfo=UTC)
    span = Span(datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 31, tzinfo=UTC))
    theirs = rrulestr(f"FREQ={tail}", dtstart=begin).between(*span, inc=True)
    ours = starts_of(Property(f"FREQ={tail}"), begin, span, Zones((), ZONE), SeriesBudget())
    assert [each for each in ours if span.begin <= each <= span.end] == theirs


def test_zones_of_the_file_are_as_the_database_has_them() -> None:
    """A zone under a name that nobody knows, by the definition of one that everybody does."""
    text = (CORPUS / "nextcloud.ics").read_bytes().replace(b"Europe/Berlin", b"Zone of ours")
    begin, end = datetime(2026, 10, 1, tzinfo=UTC), datetime(2027, 6, 1, tzinfo=UTC)
    known = read((CORPUS / "nextcloud.ics").read_bytes(), begin, end)
    assert [e.start for e in read(text, begin, end).events] == [e.start for e in known.events]
    assert len({event.start.hour for event in known.events}) == 2

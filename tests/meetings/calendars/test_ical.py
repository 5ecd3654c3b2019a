"""Calendars: as people's programs write them, and as nobody should."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netwatch.meetings.calendars.bounds import DEFAULT_OCTETS, CalendarBounds
from netwatch.meetings.calendars.ical import CalendarError, read_calendar
from netwatch.meetings.calendars.series import CalendarEvent
from tests.harness.meetings import make_ics

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
BEGIN = datetime(2026, 11, 23, tzinfo=ZONE)
END = BEGIN + timedelta(days=28)


def read_events(
    text: str, begin: datetime, end: datetime, zone: ZoneInfo
) -> tuple[list[CalendarEvent], list[str]]:
    """The events of a text, in the zone, and what had to be left out."""
    reading = read_calendar(text.encode(), begin, end, zone, CalendarBounds())
    events = [
        replace(event, start=event.start.astimezone(zone), end=event.end.astimezone(zone))
        for event in reading.events
    ]
    return events, [*reading.complaints]


def read(*events: str) -> list[CalendarEvent]:
    found, complaints = read_events(make_ics(*events), BEGIN, END, ZONE)
    assert complaints == []
    return found


def starts(*events: str) -> list[str]:
    return [f"{event.start:%m-%d %H:%M}" for event in read(*events)]


WEEKLY = """
UID:1
SUMMARY:Giao ban tuần
LOCATION:UBND huyện Tứ Kỳ\\, Xã Đại Sơn; an-lam
DTSTART;TZID=Asia/Ho_Chi_Minh:20260105T073000
DURATION:PT2H
RRULE:FREQ=WEEKLY;BYDAY=MO
"""


def test_a_series() -> None:
    assert starts(WEEKLY) == ["11-23 07:30", "11-30 07:30", "12-07 07:30", "12-14 07:30"]
    first = read(WEEKLY)[0]
    assert first.title == "Giao ban tuần"
    assert first.end - first.start == timedelta(hours=2)
    assert first.rooms == ("UBND huyện Tứ Kỳ", "Xã Đại Sơn", "an-lam")


def test_exceptions_moved_and_cancelled_events() -> None:
    exception = WEEKLY + "EXDATE;TZID=Asia/Ho_Chi_Minh:20261130T073000"
    moved = """
UID:1
RECURRENCE-ID;TZID=Asia/Ho_Chi_Minh:20261207T073000
SUMMARY:Giao ban tuần
DTSTART;TZID=Asia/Ho_Chi_Minh:20261208T140000
DURATION:PT2H
"""
    cancelled = """
UID:1
RECURRENCE-ID;TZID=Asia/Ho_Chi_Minh:20261214T073000
STATUS:CANCELLED
DTSTART;TZID=Asia/Ho_Chi_Minh:20261214T073000
DURATION:PT2H
"""
    assert starts(exception, moved, cancelled) == ["11-23 07:30", "12-08 14:00"]


@pytest.mark.parametrize(
    "start",
    [
        "DTSTART:20261124T003000Z",
        "DTSTART;TZID=SE Asia Standard Time:20261124T073000",  # as Outlook calls it
        "DTSTART;TZID=Asia/Bangkok:20261124T073000",
        "DTSTART:20261124T073000",
        "DTSTART;TZID=Asia/Tokyo:20261124T093000",
    ],
)
def test_time_zones_go_by_their_names(start: str) -> None:
    assert starts(f"UID:1\n{start}\nDURATION:PT1H") == ["11-24 07:30"]


def test_whole_days_are_no_meetings_and_an_event_without_end_is_short() -> None:
    assert starts("UID:1\nDTSTART;VALUE=DATE:20261124") == []
    (event,) = read("UID:1\nDTSTART:20261124T003000Z")
    assert event.end - event.start == timedelta(minutes=1)


@pytest.mark.parametrize(
    ("end", "minutes"),
    [("DTEND;VALUE=DATE:20261125", 1), ("DTEND:20261124T083000", 60)],
)
def test_ends_of_another_kind_than_their_starts(end: str, minutes: int) -> None:
    text = make_ics(f"UID:1\nDTSTART:20261124T003000Z\n{end}")
    (event,), complaints = read_events(text, BEGIN, END, ZONE)
    assert event.end - event.start == timedelta(minutes=minutes)
    assert not complaints


REFUSED = {
    "FREQ=SECONDLY": "repeats too often",
    "FREQ=MINUTELY": "more than 1000 times",
    "FREQ=DAILY;BYHOUR=0,1,2,3,4,5,6;BYMINUTE=0,1,2,3,4,5,6,7,8,9": "more than 1000 times",
    "FREQ=SECONDLY;BYHOUR=8;BYMINUTE=30;BYSECOND=0": "repeats too often",
    "FREQ=SECONDLY;COUNT=99999;INTERVAL=5": "repeats too often",
    "FREQ=WEEKLY;INTERVAL=0": "not 1 to 99999",
    "FREQ=WEEKLY;INTERVAL=999999999": "not 1 to 99999",
    "FREQ=WEEKLY;COUNT=0": "not 1 to 99999",
    "FREQ=WEEKLY;BYEASTER=1": "BYEASTER, which is not known",
    "FREQ=WEEKLY;FREQ=DAILY": "says something twice",
    "FREQ=FORTNIGHTLY": "can't be read",
    "FREQ=MONTHLY;BYDAY=XX": "can't be read",
    "every week": "can't be read",
    "BYDAY=MO": "repeats never",
    "": "repeats never",
}
NEVER = [
    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
    "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30",
    "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
    "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=40",
    "FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=31;BYMONTH=2",
    "FREQ=YEARLY;BYDAY=60MO",
    "FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30",
    "FREQ=MINUTELY;INTERVAL=60;BYMONTH=2;BYMONTHDAY=31",
]


@pytest.mark.parametrize("rule", NEVER)
def test_a_rule_that_never_comes_true_costs_only_its_own_series(rule: str) -> None:
    """It may be told as such, or looked through: either way it is over, and holds nothing up."""
    never = f"UID:2\nSUMMARY:Bom\nDTSTART:20260101T000000Z\nDURATION:PT1H\nRRULE:{rule}"
    found, complaints = read_events(make_ics(never, WEEKLY), BEGIN, END, ZONE)
    assert [event.uid for event in found] == ["1"] * 4
    assert all("event 'Bom' " in complaint for complaint in complaints)


@pytest.mark.parametrize("rule", REFUSED)
def test_a_recurrence_bomb_is_told_and_left_out(rule: str) -> None:
    bomb = f"UID:2\nSUMMARY:Bom\nDTSTART:20260101T000000Z\nDURATION:PT1H\nRRULE:{rule}"
    found, complaints = read_events(make_ics(WEEKLY, bomb), BEGIN, END, ZONE)
    assert len(found) == 4
    (complaint,) = complaints
    assert complaint.startswith("event 'Bom' ")
    assert REFUSED[rule] in complaint


def test_old_series_cost_what_they_cost_now() -> None:
    """Since 2000, or since Outlook's own beginning."""
    rules = ("DAILY", "DAILY;BYHOUR=7", "WEEKLY;BYDAY=MO,TU", "MONTHLY;BYDAY=1MO", "YEARLY")
    old = [
        f"UID:{number}\nDTSTART:{year}0105T000000Z\nRRULE:FREQ={rule}"
        for number, (year, rule) in enumerate(product((1601, 2000), rules * 20))
    ]
    found, complaints = read_events(make_ics(*old), BEGIN, END, ZONE)
    assert len({event.uid for event in found}) == 160  # all but the yearly ones
    assert complaints == []


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "is no calendar"),
        ("BEGIN:VEVENT\r\nEND:VEVENT\r\n", "is no calendar"),
        ("<html>Đăng nhập</html>", "is no calendar"),
        ("x" * (DEFAULT_OCTETS + 1), "is larger than 8388608 octets; set calendar_octets"),
    ],
)
def test_what_is_no_calendar_is_refused_in_a_line(text: str, complaint: str) -> None:
    with pytest.raises(CalendarError, match=complaint) as caught:
        read_events(text, BEGIN, END, ZONE)
    assert "\n" not in str(caught.value)


def test_of_too_many_events_those_that_come_are_kept_and_the_rest_is_told() -> None:
    daily = [f"UID:{n}\nDTSTART:20261101T0000{n:02}Z\nRRULE:FREQ=DAILY" for n in range(40)]
    now = BEGIN + timedelta(days=21)
    reading = read_calendar(
        make_ics(*daily).encode(), BEGIN, END, ZONE, CalendarBounds(events=400, now=now)
    )
    assert len(reading.events) == 400
    assert {event.start.date() for event in reading.events if event.end > now} == {
        (now + timedelta(days=days)).date() for days in range(7)
    }
    assert reading.unread == {str(n) for n in range(40)}
    (complaint,) = reading.complaints
    assert complaint.startswith("has 1120 events in these days; only 400, 11/12/2026 to")


@given(st.text(max_size=200))
@settings(deadline=None, max_examples=50)
def test_any_text_is_read_or_refused(text: str) -> None:
    for whole in (text, make_ics(text), make_ics(f"UID:1\nDTSTART:{text}\nRRULE:{text}")):
        with contextlib.suppress(CalendarError):  # refused
            read_events(whole, BEGIN, END, ZONE)

"""Calendars: as people's programs write them, and as nobody should."""

from __future__ import annotations

import contextlib
import time
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import example, given, settings
from hypothesis import strategies as st

from netwatch.inventory.recurrence_bounds import refusal, steps
from netwatch.meetings.calendars.ical import (
    MAX_CALENDAR_BYTES,
    CalendarError,
    CalendarEvent,
    read_events,
)
from tests.harness.meetings import make_ics

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
BEGIN = datetime(2026, 11, 23, tzinfo=ZONE)
END = BEGIN + timedelta(days=28)


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
        "DTSTART;TZID=Nowhere/Land:20261124T073000",
        "DTSTART;TZID=Asia/Tokyo:20261124T093000",
    ],
)
def test_time_zones_go_by_their_names(start: str) -> None:
    assert starts(f"UID:1\n{start}\nDURATION:PT1H") == ["11-24 07:30"]


def test_definitions_of_time_zones_are_not_used() -> None:
    """Neither one that lies, nor one that would keep the library busy."""
    own = (
        "BEGIN:VTIMEZONE\r\nTZID:Asia/Ho_Chi_Minh\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n"
        "TZOFFSETFROM:+0000\r\nTZOFFSETTO:+0000\r\nRRULE:FREQ=SECONDLY\r\nEND:STANDARD\r\n"
        "END:VTIMEZONE\r\n"
    )
    text = make_ics(WEEKLY).replace("BEGIN:VEVENT", own + "BEGIN:VEVENT", 1)
    found, _ = read_events(text, BEGIN, END, ZONE)
    assert [f"{event.start:%m-%d %H:%M}" for event in found][:1] == ["11-23 07:30"]


def test_whole_days_are_no_meetings_and_an_event_without_end_is_short() -> None:
    assert starts("UID:1\nDTSTART;VALUE=DATE:20261124") == []
    (event,) = read("UID:1\nDTSTART:20261124T003000Z")
    assert event.end - event.start == timedelta(minutes=1)


@pytest.mark.parametrize("end", ["DTEND;VALUE=DATE:20261125", "DTEND:20261124T083000", "DTEND:x"])
def test_ends_of_another_kind_than_their_starts(end: str) -> None:
    text = make_ics(f"UID:1\nDTSTART:20261124T003000Z\n{end}")
    found, complaints = read_events(text, BEGIN, END, ZONE)
    assert len(found) + len(complaints) == 1
    assert all(event.end > event.start for event in found)


REFUSED = {
    "FREQ=SECONDLY": "repeats SECONDLY",
    "FREQ=MINUTELY": "repeats MINUTELY",
    "FREQ=HOURLY;COUNT=9": "repeats HOURLY",
    "FREQ=DAILY;BYMONTHDAY=31": "DAILY with BYMONTHDAY is not taken",
    "FREQ=DAILY;BYSECOND=1": "DAILY with BYSECOND is not taken",
    "FREQ=MONTHLY;BYMONTHDAY=30;BYMONTH=2": "MONTHLY with BYMONTH is not taken",
    "FREQ=MONTHLY;BYDAY=MO;BYMONTHDAY=1": "at once is not taken",
    "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=40": "of BYSETPOS only",
    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30": "BYMONTHDAY must be 1 to 29",
    "FREQ=YEARLY;BYMONTH=4,06;BYMONTHDAY=1,31": "BYMONTHDAY must be 1 to 30",
    "FREQ=YEARLY;BYMONTH=13;BYDAY=1MO": "BYMONTH must be 1 to 12",
    "FREQ=YEARLY;BYMONTH=2": "needs BYMONTHDAY or BYDAY",
    "FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=31": "BYMONTHDAY must be 1 to 28",
    "FREQ=YEARLY;BYDAY=60MO": "BYDAY must be weekdays, of which there are up to 53",
    "FREQ=YEARLY;BYDAY=5MO;BYMONTHDAY=1": "at once is not taken",
    "FREQ=MONTHLY;BYMONTHDAY=32": "BYMONTHDAY must be 1 to 31",
    "FREQ=MONTHLY;BYDAY=6MO": "BYDAY must be weekdays, of which there are up to 5",
    "FREQ=DAILY;INTERVAL=7;BYDAY=MO": "DAILY with INTERVAL and BYDAY is not taken",
    "FREQ=WEEKLY;INTERVAL=0": "INTERVAL must be 1 to 1000",
    "FREQ=WEEKLY;INTERVAL=999999999": "INTERVAL must be 1 to 1000",
}


@pytest.mark.parametrize("rule", REFUSED)
def test_a_recurrence_bomb_is_told_and_left_out(rule: str) -> None:
    bomb = f"UID:2\nSUMMARY:Bom\nDTSTART:20260101T000000Z\nDURATION:PT1H\nRRULE:{rule}"
    begin = time.monotonic()
    found, complaints = read_events(make_ics(WEEKLY, bomb), BEGIN, END, ZONE)
    assert len(found) == 4
    (complaint,) = complaints
    assert complaint.startswith("event 'Bom' ")
    assert REFUSED[rule] in complaint
    assert time.monotonic() - begin < 5  # it does not hang; how fast it is, is not the question


def test_series_that_are_over_cost_only_what_they_lasted() -> None:
    over = "DTSTART:20000101T000000Z\nRRULE:FREQ=DAILY;UNTIL=20000201T000000Z"
    assert starts(WEEKLY, *(f"UID:{n}x\n{over}" for n in range(30)))


def test_what_is_older_than_any_meeting_is_left_out() -> None:
    old = "UID:2\nSUMMARY:Cũ\nDTSTART:19000101T000000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY"
    _, complaints = read_events(make_ics(old), BEGIN, END, ZONE)
    assert complaints == ["event 'Cũ' began before 2000"]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "is no calendar"),
        ("BEGIN:VEVENT\r\nEND:VEVENT\r\n", "is no calendar"),
        ("<html>Đăng nhập</html>", "is no calendar"),
        ("x" * (MAX_CALENDAR_BYTES + 1), "is larger than 1 MiB"),
        (make_ics(*(WEEKLY.replace("UID:1", f"UID:{n}") for n in range(2001))), "more than 2000"),
        (
            make_ics(
                *(
                    WEEKLY.replace("WEEKLY;BYDAY=MO", "DAILY").replace("UID:1", f"UID:{n}")
                    for n in range(40)
                )
            ),
            "has more than 1000 events in these days",
        ),
        (
            make_ics(*(f"UID:{n}\nDTSTART:20000101T000000Z\nRRULE:FREQ=DAILY" for n in range(30))),
            "has too many series that began too long ago; let them begin anew",
        ),
    ],
)
def test_what_is_no_calendar_is_refused_in_a_line(text: str, complaint: str) -> None:
    with pytest.raises(CalendarError, match=complaint) as caught:
        read_events(text, BEGIN, END, ZONE)
    assert "\n" not in str(caught.value)


@given(st.text(max_size=200))
@settings(deadline=None, max_examples=50)
def test_any_text_is_read_or_refused(text: str) -> None:
    for whole in (text, make_ics(text), make_ics(f"UID:1\nDTSTART:{text}\nRRULE:{text}")):
        with contextlib.suppress(CalendarError):  # refused
            read_events(whole, BEGIN, END, ZONE)


VALUES = st.one_of(
    st.integers(-60, 60).map(str),
    st.sampled_from(["MO", "1MO", "-1SU", "5FR", "-5TU", "53WE", "+2TH", "", "x"]),
)


@given(
    st.dictionaries(
        st.sampled_from(["BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "INTERVAL"]),
        st.lists(VALUES, min_size=1, max_size=3),
        max_size=4,
    ),
    st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY", "HOURLY", ""]),
    st.dates(date(2000, 1, 1), date(2026, 1, 1)),
)
@example({"INTERVAL": ["1", "1"]}, "DAILY", date(2000, 1, 1))
@settings(deadline=None)
def test_a_rule_that_is_taken_comes_true(
    parts: dict[str, list[str]], frequency: str, start: date
) -> None:
    """One that never does would be looked for until the year 9999."""
    parts = {"FREQ": [frequency], **parts}
    if why := refusal(parts):
        assert "\n" not in why
        return
    text = ";".join(f"{name}={','.join(values)}" for name, values in parts.items())
    begin = datetime(start.year, start.month, start.day)  # noqa: DTZ001 - wall time
    assert steps(parts, 365) >= 0
    assert next(iter(rrulestr(text, dtstart=begin)), None) is not None

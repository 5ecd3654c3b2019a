"""Kinds of oddities that people reported of calendars, each in other words than theirs."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from netwatch.meetings.calendars.bounds import CalendarBounds
from netwatch.meetings.calendars.ical import CalendarReading, read_calendar
from tests.harness.meetings import make_ics

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
BEGIN = datetime(2026, 11, 23, tzinfo=ZONE)
START = "UID:1\nSUMMARY:Họp\nDTSTART;TZID=Asia/Ho_Chi_Minh:20261124T073000\nDURATION:PT2H"


def read(content: bytes | str) -> CalendarReading:
    octets = content.encode() if isinstance(content, str) else content
    return read_calendar(octets, BEGIN, BEGIN + timedelta(days=28), ZONE, CalendarBounds())


def starts(reading: CalendarReading) -> list[str]:
    return [f"{event.start.astimezone(ZONE):%m-%d %H:%M}" for event in reading.events]


@pytest.mark.parametrize(
    "line",
    [
        "CREATED:00001231T000000Z",
        "LAST-MODIFIED:yesterday",
        "GEO:;",
        'ATTENDEE;RSVP="TRUE',
        "X-ALT-DESC;FMTTYPE=text/html:<html>",
        "no colon at all",
        ":",
        ";",
        "BEGIN:VALARM\nTRIGGER:x\nDTSTART:x\nEND:VALARM",
        "BEGIN:VALARM\nTRIGGER:without end",
        "END:VTODO",
        "SUMMARY:Again",
    ],
)
def test_what_is_not_needed_cannot_hurt(line: str) -> None:
    reading = read(make_ics(f"{START}\n{line}"))
    assert (starts(reading), reading.complaints) == (["11-24 07:30"], ())
    assert reading.events[0].title == "Họp"


@pytest.mark.parametrize("name", ["VTODO", "VJOURNAL", "VFREEBUSY", "X-OURS"])
def test_other_components_cannot_hurt(name: str) -> None:
    other = f"BEGIN:{name}\r\nDTSTART:x\r\nDUE:-0011130T100000\r\nEND:{name}\r\n"
    text = make_ics(START).replace("BEGIN:VEVENT", f"{other}BEGIN:VEVENT", 1)
    assert (starts(read(text)), read(text).complaints) == (["11-24 07:30"], ())


@pytest.mark.parametrize("width", range(1, 12))
def test_a_fold_stands_anywhere_even_in_a_letter(width: int) -> None:
    octets = make_ics(START.replace("Họp", "Hội nghị trực tuyến")).encode()
    lines = octets.split(b"\r\n")
    folded = b"\r\n".join(
        b"\r\n ".join(line[at : at + width] for at in range(0, len(line), width)) for line in lines
    )
    assert [event.title for event in read(folded).events] == ["Hội nghị trực tuyến"]


@pytest.mark.parametrize("mark", ["utf-8-sig", "utf-16"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_marks_and_line_ends_of_any_kind(mark: str, ends: str) -> None:
    text = make_ics(START).replace("\r\n", ends)
    assert starts(read(text.encode(mark))) == ["11-24 07:30"]


def test_several_calendars_each_with_its_mark() -> None:
    other = make_ics(START.replace("UID:1", "UID:2").replace("20261124", "20261125"))
    whole = make_ics(START).encode("utf-8-sig") + other.encode("utf-8-sig")
    assert starts(read(whole)) == ["11-24 07:30", "11-25 07:30"]


ZONES = {"+0900": "05:30", "-0330": "18:00"}
"""By offset, when half past seven there is in the province."""


@pytest.mark.parametrize("offset", ZONES)
@pytest.mark.parametrize("name", ["tzone://Microsoft/Custom", "Giờ cơ quan", "(UTC+09:00) A, B"])
def test_a_zone_that_the_file_defines_counts(name: str, offset: str) -> None:
    since = f"DTSTART:16010101T000000\nTZOFFSETFROM:{offset}\nTZOFFSETTO:{offset}"
    part = f"BEGIN:STANDARD\n{since}\nEND:STANDARD"
    own = f"BEGIN:VTIMEZONE\nTZID:{name}\n{part}\nEND:VTIMEZONE\n".replace("\n", "\r\n")
    event = START.replace("TZID=Asia/Ho_Chi_Minh", f'TZID="{name}"')
    text = make_ics(event).replace("END:VCALENDAR", f"{own}END:VCALENDAR")
    assert (starts(read(text)), read(text).complaints) == ([f"11-24 {ZONES[offset]}"], ())


def test_a_zone_that_nobody_knows_is_told() -> None:
    reading = read(make_ics(START.replace("Asia/Ho_Chi_Minh", "Nowhere/Land")))
    assert starts(reading) == ["11-24 07:30"]
    assert reading.complaints == (
        "time zone 'Nowhere/Land' is not known; Asia/Ho_Chi_Minh is taken",
    )


@pytest.mark.parametrize(
    "event",
    [
        f"{START}\nTRANSP:TRANSPARENT",
        f"{START}\nSTATUS:CANCELLED",
        f"{START}\nX-MICROSOFT-CDO-BUSYSTATUS:FREE",
        f"{START}\nX-MICROSOFT-CDO-ALLDAYEVENT:TRUE",
        "UID:1\nDTSTART:20261124T000000\nDTEND:20261125T000000",
        "UID:1\nDTSTART:20261124T000000\nDTEND:20261124T235900",
        "UID:1\nDTSTART:20261123T170000Z\nDTEND:20261125T170000Z",
        "UID:1\nDTSTART;VALUE=DATE:20261124",
    ],
)
def test_what_takes_no_time_is_no_meeting(event: str) -> None:
    assert (starts(read(make_ics(event))), read(make_ics(event)).complaints) == ([], ())


def test_a_calendar_of_cancellations_holds_nothing() -> None:
    text = make_ics(START).replace("VERSION:2.0", "METHOD:CANCEL")
    assert starts(read(text)) == []


@pytest.mark.parametrize("uid", ["", "UID:\n", "UID:same\n"])
def test_events_that_share_or_lack_a_uid_are_told_apart(uid: str) -> None:
    events = [f"{uid}SUMMARY:Họp {day}\nDTSTART:202611{day}T010000Z" for day in (24, 25, 26)]
    events.append(f"{uid}SUMMARY:Cùng giờ\nDTSTART:20261126T010000Z")
    found = read(make_ics(*events)).events
    assert len({event.uid for event in found}) == len(found) == 4


def test_of_one_event_twice_the_newer_counts() -> None:
    old = f"{START}\nSEQUENCE:1\nSTATUS:CONFIRMED"
    new = f"{START}\nSEQUENCE:2\nSTATUS:CANCELLED"
    assert starts(read(make_ics(new, old))) == []


def test_a_time_with_z_is_utc_whatever_zone_stands_there() -> None:
    event = "UID:1\nDTSTART;TZID=Europe/Berlin:20261124T003000Z\nDURATION:PT1H"
    assert starts(read(make_ics(event))) == ["11-24 07:30"]


def test_an_end_before_the_begin_moves_no_begin_and_is_told() -> None:
    reading = read(make_ics("UID:1\nDTSTART:20261124T003000Z\nDTEND:20261123T143000Z"))
    assert starts(reading) == ["11-24 07:30"]
    assert reading.complaints == ("event '' ends before it begins",)


def test_a_change_of_this_and_all_later_days() -> None:
    weekly = f"{START}\nRRULE:FREQ=WEEKLY"
    later = (
        "UID:1\nRECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Asia/Ho_Chi_Minh:20261201T073000\n"
        "DTSTART;TZID=Asia/Ho_Chi_Minh:20261202T140000\nDURATION:PT1H"
    )
    assert starts(read(make_ics(weekly, later))) == [
        *("11-24 07:30", "12-02 14:00", "12-09 14:00", "12-16 14:00")
    ]

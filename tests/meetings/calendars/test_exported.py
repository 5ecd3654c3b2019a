"""What calendars look like when programs export them: each example has one right reading."""

from __future__ import annotations

import pytest

from netwatch.meetings.calendars.ical import CalendarReading
from tests.harness.meetings import make_ics
from tests.meetings.calendars.test_kinds import START, read, starts

WEEKLY = f"{START}\nRRULE:FREQ=WEEKLY;BYDAY=TU"
"""Every Tuesday from 24 November at 07:30."""

TUESDAYS = ["11-24 07:30", "12-01 07:30", "12-08 07:30", "12-15 07:30"]


def without(*gone: str) -> list[str]:
    return [each for each in TUESDAYS if each[:5] not in gone]


def lengths(reading: CalendarReading) -> list[int]:
    """Minutes that each event lasts."""
    return [int((event.end - event.start).total_seconds()) // 60 for event in reading.events]


@pytest.mark.parametrize(
    "line",
    [
        # Google and Exchange write them in other zones than the begin.
        "EXDATE;TZID=Asia/Tokyo:20261201T093000",
        "EXDATE:20261201T003000Z",
        "EXDATE;TZID=SE Asia Standard Time:20261201T073000",
        'EXDATE;TZID="Asia/Bangkok":20261201T073000',
        "EXDATE;TZID=Asia/Bangkok;VALUE=DATE-TIME:20261201T073000",
        "EXDATE:20261201T073000",
        "EXDATE;VALUE=DATE:20261201",
        "EXDATE:20261201T003000Z,20260101T003000Z",
        "EXDATE:yesterday,20261201T003000Z",
    ],
)
def test_a_day_is_taken_out_in_whatever_way_it_is_written(line: str) -> None:
    assert starts(read(make_ics(f"{WEEKLY}\n{line}"))) == without("12-01")


@pytest.mark.parametrize("line", ["EXDATE:20261201T090000", "EXDATE;VALUE=DATE:20261201"])
def test_a_time_without_a_zone_is_in_that_of_the_begin(line: str) -> None:
    event = "UID:1\nDTSTART;TZID=Asia/Tokyo:20261124T090000\nDTEND:20261124T110000"
    reading = read(make_ics(f"{event}\nRRULE:FREQ=WEEKLY;COUNT=3\n{line}"))
    assert starts(reading) == ["11-24 07:00", "12-08 07:00"]
    assert lengths(reading) == [120, 120]


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=WEEKLY;BYDAY=1TU",  # a number means nothing in a week
        "FREQ=WEEKLY;BYDAY=TU;WKST=SU;INTERVAL=1",
        "freq=weekly;byday=tu",
        "FREQ=WEEKLY;BYDAY=TU;",
        "FREQ=WEEKLY;BYDAY=",
        "FREQ=WEEKLY;UNTIL=;BYDAY=TU",
        "FREQ=WEEKLY;X-EVOLUTION-ENDDATE=20270101T000000Z;BYDAY=TU",
        "RSCALE=GREGORIAN;FREQ=WEEKLY;BYDAY=TU;SKIP=OMIT",
        "FREQ=WEEKLY;BYDAY=TU;UNTIL=20261215",
        "FREQ=WEEKLY;BYDAY=TU;UNTIL=20261215T003000Z",
        "FREQ=WEEKLY;BYDAY=TU;UNTIL=20261215T073000",
        "FREQ=DAILY;INTERVAL=7;COUNT=4",
        "FREQ=DAILY;BYDAY=TU",
        "FREQ=MONTHLY;BYDAY=TU;BYMONTH=11,12",
    ],
)
def test_rules_as_programs_write_them(rule: str) -> None:
    reading = read(make_ics(f"{START}\nRRULE:{rule}"))
    assert (starts(reading)[:4], reading.complaints) == (TUESDAYS, ())


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        ("FREQ=WEEKLY;BYDAY=TU;UNTIL=20261208T002959Z", ["11-24", "12-01"]),
        ("FREQ=WEEKLY;BYDAY=TU;UNTIL=20261201", ["11-24", "12-01"]),
        ("FREQ=MONTHLY;BYDAY=2TU", ["12-08"]),
        ("FREQ=MONTHLY;BYDAY=TU;BYSETPOS=-1", ["11-24"]),
        ("FREQ=YEARLY;BYMONTH=12;BYDAY=3TU", ["12-15"]),
    ],
)
def test_where_a_series_ends_and_what_it_leaves_out(rule: str, days: list[str]) -> None:
    found = [start[:5] for start in starts(read(make_ics(f"{START}\nRRULE:{rule}")))]
    assert found == days


@pytest.mark.parametrize(
    ("line", "minutes"),
    [
        ("RDATE;VALUE=PERIOD:20261126T003000Z/PT45M", 45),
        ("RDATE;VALUE=PERIOD:20261126T003000Z/20261126T020000Z", 90),
        ("RDATE;VALUE=PERIOD;TZID=Asia/Tokyo:20261126T093000/20261126T100000", 30),
        ("RDATE;TZID=Asia/Tokyo:20261126T093000", 120),
        ("RDATE;VALUE=DATE:20261126", 120),
        ("RDATE;VALUE=PERIOD:20261126T003000Z/", 120),
    ],
)
def test_further_days_have_their_own_length(line: str, minutes: int) -> None:
    reading = read(make_ics(f"{START}\n{line}"))
    assert starts(reading) == ["11-24 07:30", "11-26 07:30"]
    assert (lengths(reading), reading.complaints) == ([120, minutes], ())


@pytest.mark.parametrize(
    "exception",
    [
        # As an iMIP cancellation has it: no DTSTART, RFC 5546, section 3.2.5.
        "UID:1\nRECURRENCE-ID:20261201T003000Z\nSTATUS:CANCELLED",
        "UID:1\nRECURRENCE-ID;TZID=Asia/Ho_Chi_Minh:20261201T073000\nSTATUS:CANCELLED",
        "UID:1\nRECURRENCE-ID:20261201T073000\nSTATUS:CANCELLED\nDTSTART:20261201T073000",
        "UID:1\nRECURRENCE-ID;VALUE=DATE:20261201\nDTSTART;VALUE=DATE:20261201\nSTATUS:CANCELLED",
        "UID:1\nRECURRENCE-ID:20261201T003000Z\nDTSTART:20261201T003000Z\nTRANSP:TRANSPARENT",
    ],
)
def test_one_day_of_a_series_is_called_off(exception: str) -> None:
    reading = read(make_ics(WEEKLY, exception))
    assert (starts(reading), reading.complaints) == (without("12-01"), ())


@pytest.mark.parametrize("since", [":20261201T003000Z", ";VALUE=DATE:20261201"])
def test_all_days_from_one_on_move(since: str) -> None:
    later = f"UID:1\nRECURRENCE-ID;RANGE=THISANDFUTURE{since}\nSUMMARY:Dời\nDURATION:PT1H"
    moved = "DTSTART;TZID=Asia/Ho_Chi_Minh:20261201T140000"
    reading = read(make_ics(WEEKLY, f"{later}\n{moved}"))
    assert [event.title for event in reading.events] == ["Họp", "Dời", "Dời", "Dời"]
    assert lengths(reading) == [120, 60, 60, 60]


def test_all_days_from_one_on_are_called_off() -> None:
    end = "UID:1\nRECURRENCE-ID;RANGE=THISANDFUTURE:20261208T003000Z\nSTATUS:CANCELLED"
    assert starts(read(make_ics(WEEKLY, end))) == TUESDAYS[:2]


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("SE Asia Standard Time", "07:30"),
        ("/freeassociation.sourceforge.net/Asia/Ho_Chi_Minh", "07:30"),
        ("/mozilla.org/20050126_1/Asia/Saigon", "07:30"),
        ("Asia/Saigon", "07:30"),
        ("Etc/GMT-7", "07:30"),
        ("Tokyo Standard Time", "05:30"),
    ],
)
def test_names_of_zones_that_are_known(name: str, start: str) -> None:
    reading = read(make_ics(START.replace("Asia/Ho_Chi_Minh", name)))
    assert (starts(reading), reading.complaints) == ([f"11-24 {start}"], ())


@pytest.mark.parametrize(
    ("name", "start", "taken"),
    [
        ("(UTC+09:00) Osaka, Sapporo, Tokyo", "05:30", "UTC+09:00"),
        ("GMT+8", "06:30", "UTC+08:00"),
        ("UTC+0530", "09:00", "UTC+05:30"),
        ("(UTC+99:00) Nowhere", "07:30", "Asia/Ho_Chi_Minh"),
        ("Customized Time Zone", "07:30", "Asia/Ho_Chi_Minh"),
    ],
)
def test_names_of_zones_that_only_say_an_offset(name: str, start: str, taken: str) -> None:
    reading = read(make_ics(START.replace("TZID=Asia/Ho_Chi_Minh", f'TZID="{name}"')))
    assert starts(reading) == [f"11-24 {start}"]
    assert reading.complaints == (f"time zone {name!r} is not known; {taken} is taken",)


ODD_ZONE = """BEGIN:VTIMEZONE
TZID:Own
BEGIN:DAYLIGHT
DTSTART:19700329T020000
TZOFFSETFROM:+0600
TZOFFSETTO:+0700
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU;UNTIL=19990328
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19701025T030000
TZOFFSETFROM:+0700
TZOFFSETTO:+060000
RRULE:FREQ=YEARLY;INTERVAL=1;BYMONTH=10;BYDAY=-1SU;UNTIL=
END:STANDARD
END:VTIMEZONE
"""


@pytest.mark.parametrize("place", ["first", "last"])
def test_a_definition_with_odd_ends_stands_before_or_behind_the_events(place: str) -> None:
    text = make_ics(START.replace("Asia/Ho_Chi_Minh", "Own"))
    zone = ODD_ZONE.replace("\n", "\r\n")
    mark = "BEGIN:VEVENT" if place == "first" else "END:VCALENDAR"
    reading = read(text.replace(mark, zone + mark, 1))
    assert (starts(reading), reading.complaints) == (["11-24 08:30"], ())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("DURATION:PT2H", "DTEND:soon"),
        ("DURATION:PT2H", "DURATION:two hours"),
        ("DURATION:PT2H", "DURATION:P"),
    ],
)
def test_an_event_whose_end_cannot_be_read_is_told(old: str, new: str) -> None:
    reading = read(make_ics(START.replace(old, new)))
    assert starts(reading) == []
    assert len(reading.complaints) == 1


@pytest.mark.parametrize(
    "text",
    [
        make_ics(START).replace("\r\n", "\r\r\n"),
        make_ics(START).replace("\r\n", "\r"),
        make_ics(START).replace("Họp", "Họp\0"),
        make_ics(START) + "\0" * 512,
        make_ics(START).replace("\r\n", "\r\n\r\n"),
        make_ics(START).replace("DTSTART", " DTSTART".strip().lower()),
        make_ics(START.replace(":20261124T073000", ":2026-11-24T07:30:00")),
        make_ics(START.replace(";TZID=Asia/Ho_Chi_Minh:20261124T073000", ":2026-11-24T00:30:00Z")),
        make_ics(START.replace(":20261124T073000", ";VALUE=DATE-TIME:20261124T073000")),
        make_ics(f"{START}\nX-MICROSOFT-CDO-BUSYSTATUS:BUSY\nX-MICROSOFT-CDO-ALLDAYEVENT:FALSE"),
        make_ics(f"{START}\nX-MICROSOFT-DISALLOW-COUNTER:FALSE\nX-MICROSOFT-LOCATIONS:[{{]"),
        make_ics(f"{START}\nATTACH;ENCODING=BASE64;VALUE=BINARY:{'QUJD' * 20_000}"),
    ],
)
def test_files_as_they_come(text: str) -> None:
    reading = read(text)
    assert (starts(reading), reading.complaints) == (["11-24 07:30"], ())
    assert reading.events[0].title == "Họp"

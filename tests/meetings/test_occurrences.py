"""Meetings from the inventory and from calendars, and what is warned of."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from netwatch.inventory.meetings import MeetingSpec
from netwatch.inventory.model import Inventory
from netwatch.meetings.calendars.bounds import CalendarBounds
from netwatch.meetings.calendars.ical import read_calendar
from netwatch.meetings.calendars.sources import KnownCalendar
from netwatch.meetings.meeting import MAX_PAIRS, Meeting, overlaps
from netwatch.meetings.occurrences import UnreadEvents, find_meetings
from tests.harness.builders import make_inventory
from tests.harness.meetings import make_ics, make_meeting

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
BEGIN = datetime(2026, 11, 23, tzinfo=ZONE)

SPEC: dict[str, Any] = {
    "name_vi": "Giao ban",
    "level": "province-district",
    "start": "2026-11-02 08:00",
    "duration": "2h",
    "repeat": "FREQ=WEEKLY;BYDAY=MO",
    "participants": {"tiers": ["district"]},
    "mcu": "hd-dc/core",
}
CALENDAR: dict[str, Any] = {"name_vi": "Lịch", "file": "a.ics", "level": "province-district"}


def inventory(**changes: Any) -> Inventory:
    sites = make_inventory().model_dump(by_alias=True, mode="json")["sites"]
    codec = {"address": "127.1.2.20", "role": "codec"}
    sites["an-lam"]["targets"]["codec"] = codec
    return make_inventory(sites=sites, **changes)


def held(
    province: Inventory, files: dict[str, str] | None = None, days: int = 14
) -> tuple[list[Meeting], list[str]]:
    end = BEGIN + timedelta(days=days)

    def read(id_: str, _now: datetime) -> KnownCalendar:
        file = province.calendars[id_].source
        if files is None or file not in files:
            return KnownCalendar(None, (f"calendar {id_}: {file} No such file",), is_current=False)
        reading = read_calendar(files[file].encode(), BEGIN, end, ZONE, CalendarBounds())
        warnings = tuple(f"calendar {id_}: {each}" for each in reading.complaints)
        return KnownCalendar(reading, warnings, is_current=True)

    return find_meetings(province, BEGIN, end, read)[:2]


def event(number: int, start: str, location: str = "") -> str:
    return (
        f"UID:{number}\nSUMMARY:Họp {number}\nDTSTART:{start}\nDURATION:PT1H\nLOCATION:{location}"
    )


def test_a_meeting_of_the_inventory_is_held_as_its_rule_says() -> None:
    meetings, warnings = held(inventory(meetings={"gb": SPEC}))
    assert [f"{m.start:%m-%d %H:%M%z}-{m.end:%H:%M}" for m in meetings] == [
        "11-23 08:00+0700-10:00",
        "11-30 08:00+0700-10:00",
    ]
    assert meetings[0].endpoints == ("nam-sach/codec",)
    assert meetings[0].mcu == "hd-dc/core"
    assert warnings == []
    once = {key: value for key, value in SPEC.items() if key != "repeat"}
    assert held(inventory(meetings={"gb": once}))[0] == []


def test_participants_below_a_site() -> None:
    participants = {"tiers": ["commune"], "below": "nam-sach", "sites": ["nam-sach"]}
    meetings, _ = held(inventory(meetings={"gb": {**SPEC, "participants": participants}}))
    assert meetings[0].endpoints == ("nam-sach/codec", "an-lam/codec")
    elsewhere = {"tiers": ["commune"], "below": "an-lam"}
    meetings, _ = held(inventory(meetings={"gb": {**SPEC, "participants": elsewhere}}))
    assert meetings[0].endpoints == ()


def test_an_event_names_its_rooms_and_unknown_ones_are_warned_of() -> None:
    rooms = "HUYỆN nam sách\\, an-lam; Xã Trên Trời"
    text = make_ics(event(1, "20261124T003000Z", rooms), event(2, "20261125T003000Z"))
    whole = {**CALENDAR, "participants": {"tiers": ["district"]}}
    meetings, warnings = held(inventory(calendars={"lich": whole}), {"a.ics": text})
    assert [(m.title, m.endpoints, m.unknown) for m in meetings] == [
        ("Họp 1", ("nam-sach/codec", "an-lam/codec"), ("Xã Trên Trời",)),
        ("Họp 2", ("nam-sach/codec",), ()),
    ]
    assert warnings == ["Họp 1 24/11/2026 07:30: no room is called 'Xã Trên Trời', or several are"]


def test_a_name_that_two_sites_have_is_nobody_s() -> None:
    sites = inventory().model_dump(by_alias=True, mode="json")["sites"]
    sites["an-lam-2"] = {**sites["an-lam"], "targets": {}}
    province = make_inventory(sites=sites, calendars={"lich": CALENDAR})
    text = make_ics(event(1, "20261124T003000Z", "xã an lâm; an-lam"))
    meetings, _ = held(province, {"a.ics": text})
    assert meetings[0].endpoints == ("an-lam/codec",)
    assert meetings[0].unknown == ("xã an lâm",)


def test_an_endpoint_that_two_meetings_want_is_said() -> None:
    text = make_ics(
        event(1, "20261130T013000Z", "nam-sach"), event(2, "20261130T030000Z", "nam-sach")
    )
    province = inventory(meetings={"gb": SPEC}, calendars={"lich": CALENDAR})
    _, warnings = held(province, {"a.ics": text})
    assert warnings == ["nam-sach/codec is wanted by Giao ban 30/11/2026 08:00 and by Họp 1 08:30"]


def test_a_calendar_that_cannot_be_used_hides_no_other_meeting() -> None:
    province = inventory(
        meetings={"gb": SPEC}, calendars={"a": CALENDAR, "b": {**CALENDAR, "file": "b.ics"}}
    )
    broken = make_ics("UID:1\nSUMMARY:Hỏng\nDTSTART:x")
    meetings, warnings = held(province, {"b.ics": broken})
    assert len(meetings) == 2
    assert warnings == [
        "calendar a: a.ics No such file",
        "calendar b: event 'Hỏng' has a DTSTART that can't be read: 'x'",
    ]


@pytest.mark.parametrize(
    ("key", "value", "complaint"),
    [
        ("start", "2026-13-01 08:00", "is not a time"),
        ("start", "08:00", "is not a time"),
        ("repeat", "every monday", "is not a rule"),
        ("repeat", "FREQ=SECONDLY", "repeats SECONDLY"),
        ("repeat", "FREQ=WEEKLY;FREQ=DAILY", "is not a rule"),
        ("repeat", "FREQ=WEEKLY;BYHOUR=8", "WEEKLY with BYHOUR"),
        ("repeat", "FREQ=WEEKLY\r\nX:1", "is not a rule"),
    ],
)
def test_a_wrong_meeting_is_refused(key: str, value: str, complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        MeetingSpec.model_validate({**SPEC, key: value})


def test_a_meeting_that_cannot_be_worked_out_hides_no_other_meeting() -> None:
    daily = {**SPEC, "repeat": "FREQ=DAILY"}
    end = BEGIN + timedelta(days=1200)

    def read(_id: str, _now: datetime) -> KnownCalendar:
        return KnownCalendar(None, (), is_current=False)

    meetings, warnings, unread = find_meetings(
        inventory(meetings={"daily": daily, "gb": SPEC}), BEGIN, end, read
    )
    assert {meeting.id for meeting in meetings} == {"gb"}
    assert unread == {"daily": UnreadEvents(all=True)}
    assert warnings == ["meeting daily: is held more than 1000 times in these days"]


@pytest.mark.parametrize(
    "location",
    ["Microsoft Teams Meeting", "https://meet.jit.si/giao-ban", "Họp trực tuyến", "Zoom Meeting"],
)
def test_a_place_on_the_internet_is_no_room_and_leaves_those_of_the_calendar(location: str) -> None:
    whole = {**CALENDAR, "participants": {"tiers": ["district"]}}
    text = make_ics(event(1, "20261124T003000Z", location))
    meetings, warnings = held(inventory(calendars={"lich": whole}), {"a.ics": text})
    assert [(m.endpoints, m.unknown) for m in meetings] == [(("nam-sach/codec",), ())]
    assert warnings == []


def test_a_meeting_without_any_room_is_told() -> None:
    text = make_ics(event(1, "20261124T003000Z"))
    _, warnings = held(inventory(calendars={"lich": CALENDAR}), {"a.ics": text})
    assert warnings == [
        "Họp 1 24/11/2026 07:30: has no room; name them under LOCATION, or give participants"
    ]


def test_thousands_of_meetings_at_one_time_are_compared_only_so_far() -> None:
    crowd = [make_meeting(uid=str(number)) for number in range(3000)]
    assert len(overlaps(crowd)) == MAX_PAIRS
    assert len(overlaps(crowd[:3])) == 3

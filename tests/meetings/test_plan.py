"""What is planned, and what becomes of it while a calendar can't be read."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from netwatch.inventory.model import Inventory
from netwatch.meetings.calendars.sources import CalendarSources
from netwatch.meetings.meeting import Meeting
from netwatch.meetings.occurrences import MeetingFinder
from netwatch.meetings.plan import MeetingPlan, days_of, read_plan
from tests.harness.builders import make_inventory
from tests.harness.meetings import START, make_calendar

NOTHING = MeetingPlan()
EVENT = {"SUMMARY": "Họp giao ban", "DTSTART": "20261123T080000", "DTEND": "20261123T100000"}
CALENDAR = make_calendar({**EVENT, "RRULE": "FREQ=DAILY"})


def inventory(file: Path) -> Inventory:
    return make_inventory(
        calendars={
            "briefing": {
                "name_vi": "Giao ban",
                "file": str(file),
                "level": "province-district",
                "participants": {"tiers": ["district"]},
            }
        }
    )


def agenda_of(file: Path, now: datetime, before: MeetingPlan = NOTHING) -> MeetingPlan:
    planned = inventory(file)
    calendars = CalendarSources(planned, {}, None)
    asyncio.run(calendars.refresh(*days_of(now), now))
    return read_plan(MeetingFinder(planned), now, before, calendars)


def sure(meetings: tuple[Meeting, ...]) -> list[Meeting]:
    """The same, as if nothing were doubtful."""
    return [replace(meeting, unsure=False) for meeting in meetings]


def test_what_comes_and_what_was(tmp_path: Path) -> None:
    file = tmp_path / "calendar.ics"
    file.write_text(CALENDAR, encoding="utf-8")
    agenda = agenda_of(file, START + timedelta(days=2, hours=1))
    assert [f"{m.start:%d}" for m in agenda.past] == ["23", "24"]
    assert [f"{m.start:%d}" for m in agenda.coming] == [
        "25",
        "26",
        "27",
        "28",
        "29",
        "30",
        "01",
        "02",
    ]
    assert agenda.coming[0].endpoints == ("nam-sach/codec",)


def test_a_calendar_that_cannot_be_read_calls_nothing_off(tmp_path: Path) -> None:
    file = tmp_path / "calendar.ics"
    file.write_text(CALENDAR, encoding="utf-8")
    now = START + timedelta(days=1, hours=1)
    before = agenda_of(file, now)
    for damage in (CALENDAR[:60], "", " " * (1 << 21)):
        file.write_text(damage, encoding="utf-8")
        agenda = agenda_of(file, now, before)
        assert (sure(agenda.coming), sure(agenda.past)) == ([*before.coming], [*before.past])
        assert all(meeting.unsure for meeting in (*agenda.coming, *agenda.past))
        assert agenda.warnings
    file.unlink()
    assert sure(agenda_of(file, now, before).coming) == [*before.coming]


UNREADABLE = [
    ("DTSTART", "0000"),
    ("DTEND", "gestern"),
    ("RRULE", "FREQ=ALWAYS"),
    ("RRULE", "FREQ=SECONDLY"),
    ("EXRULE", "FREQ=DAILY"),
]


@pytest.mark.parametrize(("name", "value"), UNREADABLE)
def test_an_event_that_cannot_be_read_any_more_stands_unsure(
    tmp_path: Path, name: str, value: str
) -> None:
    file = tmp_path / "calendar.ics"
    other = {**EVENT, "SUMMARY": "Khác", "DTSTART": "20261124T140000", "DTEND": "20261124T150000"}
    file.write_text(make_calendar(EVENT, other), encoding="utf-8")
    now = START + timedelta(minutes=30)
    before = agenda_of(file, now)
    file.write_text(make_calendar({**EVENT, name: value}, other), encoding="utf-8")
    agenda = agenda_of(file, now, before)
    assert [(m.title, m.unsure) for m in agenda.coming] == [("Họp giao ban", True), ("Khác", False)]
    assert len(agenda.warnings) == 1
    moved = {**EVENT, "DTSTART": "20261123T090000"}
    file.write_text(make_calendar(moved, other), encoding="utf-8")
    agenda = agenda_of(file, now, agenda)
    assert [(f"{m.start:%d %H:%M}", m.unsure) for m in agenda.coming] == [
        ("23 09:00", False),
        ("24 14:00", False),
    ]


def test_a_file_that_is_being_written_calls_nothing_off(tmp_path: Path) -> None:
    file = tmp_path / "calendar.ics"
    other = {**EVENT, "SUMMARY": "Khác", "DTSTART": "20261124T140000", "DTEND": "20261124T150000"}
    whole = make_calendar(EVENT, other)
    file.write_text(whole, encoding="utf-8")
    before = agenda_of(file, START)
    for octets in range(30, len(whole.encode()) - 20, 40):
        file.write_bytes(whole.encode()[:octets])
        agenda = agenda_of(file, START, before)
        assert sure(agenda.coming) == [*before.coming], octets
        assert agenda.warnings


def test_an_event_that_is_taken_out_is_called_off(tmp_path: Path) -> None:
    file = tmp_path / "calendar.ics"
    file.write_text(CALENDAR, encoding="utf-8")
    before = agenda_of(file, START)
    file.write_text(make_calendar(EVENT), encoding="utf-8")
    assert len(agenda_of(file, START, before).coming) == 1

"""What is planned, and what becomes of it while a calendar can't be read."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from netwatch.inventory.model import Inventory
from netwatch.meetings.calendars.sources import CalendarSources
from netwatch.meetings.plan import MeetingPlan, read_plan
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
    return read_plan(planned, now, before, CalendarSources(planned, {}, None))


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
        assert (agenda.coming, agenda.past) == (before.coming, before.past)
        assert len(agenda.warnings) == 1
    file.unlink()
    assert agenda_of(file, now, before).coming == before.coming


def test_an_event_that_is_taken_out_is_called_off(tmp_path: Path) -> None:
    file = tmp_path / "calendar.ics"
    file.write_text(CALENDAR, encoding="utf-8")
    before = agenda_of(file, START)
    file.write_text(make_calendar(EVENT), encoding="utf-8")
    assert len(agenda_of(file, START, before).coming) == 1

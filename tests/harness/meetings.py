"""Made-up meetings, their calendars, rooms and records."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from netwatch.meetings.meeting import Meeting
from netwatch.meetings.readiness import Readiness, RoomState
from netwatch.meetings.records.record import MeetingRecord
from netwatch.meetings.rooms import Room

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
START = datetime(2026, 11, 23, 8, 0, tzinfo=ZONE)


def make_meeting(**changes: Any) -> Meeting:
    values: dict[str, Any] = {
        "id": "giao-ban",
        "title": "Giao ban",
        "level": "province-district",
        "start": START,
        "end": START + timedelta(hours=2),
        "endpoints": ("nam-sach/codec",),
    }
    return Meeting(**(values | changes))


def make_calendar(*events: Mapping[str, str]) -> str:
    """A calendar of events with these properties (RFC 5545), and a UID each."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:test"]
    for number, event in enumerate(events):
        properties = (f"{name}:{value}" for name, value in event.items())
        lines += ["BEGIN:VEVENT", f"UID:event-{number}", *properties, "END:VEVENT"]
    return "\r\n".join((*lines, "END:VCALENDAR", ""))


def make_ics(*events: str) -> str:
    """A calendar of events whose properties are written line by line."""
    parts = [f"BEGIN:VEVENT\n{event.strip()}\nEND:VEVENT" for event in events]
    lines = "\n".join(("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", *parts, "END:VCALENDAR", ""))
    return lines.replace("\n", "\r\n")


def make_room(
    *,
    readiness: Readiness = Readiness.READY,
    reachable: bool | None = True,
    in_call: bool | None = None,
    loss: float | None = None,
    mos: float | None = None,
) -> Room:
    """A room that can be reached, unless told otherwise."""
    return Room(RoomState(readiness, ()), reachable, in_call, loss, mos)


def make_record(*rounds: Mapping[str, Room], **changes: object) -> MeetingRecord:
    """The record of a meeting in which these rounds were counted."""
    made = MeetingRecord.of(make_meeting())
    for each in rounds:
        made.add(each)
    for name, value in changes.items():
        setattr(made, name, value)
    return made

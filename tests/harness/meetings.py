"""Made-up meetings, and calendars of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from netwatch.meetings.meeting import Meeting

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

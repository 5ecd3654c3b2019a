"""Made-up meetings of the small province of ``tests.builders``."""

from __future__ import annotations

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

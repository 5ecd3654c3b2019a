"""Times, durations and shares as all commands write them: as people here do."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo


def moment(unix: float, zone: ZoneInfo) -> str:
    """A moment to the second, as ``30/11/2026 17:19:04``."""
    return datetime.fromtimestamp(unix, zone).strftime("%d/%m/%Y %H:%M:%S")


def minute(unix: float, zone: ZoneInfo) -> str:
    """A moment to the minute, as ``30/11/2026 17:19``: for what people plan."""
    return datetime.fromtimestamp(unix, zone).strftime("%d/%m/%Y %H:%M")


def offset(unix: float, zone: ZoneInfo) -> str:
    """What the zone is ahead of UTC at a moment, as ``+07:00``: for the head of a table."""
    text = datetime.fromtimestamp(unix, zone).strftime("%z")
    return f"{text[:3]}:{text[3:5]}"


def span(seconds: float) -> str:
    """A duration in hours, minutes and seconds, which read the same in every language."""
    minutes, rest = divmod(max(0, round(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}"


def share(ratio: float) -> str:
    """A share of 0 to 1, as ``3,3 %``."""
    return f"{ratio:.1%}".replace(".", ",").replace("%", " %")

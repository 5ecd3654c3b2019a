"""How far a meeting has come, by the clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import IntEnum

from netwatch.meetings.meeting import Meeting


class Phase(IntEnum):
    """The value of ``netwatch_meeting_phase``."""

    PLANNED = 0
    PREFLIGHT = 1
    """So near that its rooms are measured."""
    UNDER_WAY = 2
    OVER = 3

    @property
    def label(self) -> str:
        """Its name on the status page, such as ``under-way``."""
        return self.name.lower().replace("_", "-")


def phase(meeting: Meeting, now: datetime, before: Sequence[float]) -> Phase:
    """The phase of a meeting at a moment.

    Args:
        meeting: as it is planned.
        now: with time zone.
        before: seconds before the start at which its rooms are measured.
    """
    if now >= meeting.end:
        return Phase.OVER
    if now >= meeting.start:
        return Phase.UNDER_WAY
    opened = now >= meeting.start - timedelta(seconds=max(before))
    return Phase.PREFLIGHT if opened else Phase.PLANNED


def month_of(now: datetime) -> datetime:
    """The first moment of the calendar month."""
    return now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def due_preflight(meeting: Meeting, now: datetime, before: Sequence[float]) -> float | None:
    """The preflight that was due last, in seconds before the start.

    None before the first one is due, and once the meeting has begun.
    """
    left = (meeting.start - now).total_seconds()
    passed = [each for each in before if left <= each]
    return min(passed) if passed and left > 0 else None

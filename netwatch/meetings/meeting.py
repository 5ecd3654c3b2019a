"""A meeting as it will be held."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Meeting:
    """One meeting, on one day.

    Attributes:
        id: of the meeting in the inventory, or of the calendar; the same each time it is held.
        title: as people call it.
        start: with time zone.
        end: with time zone.
        endpoints: ``site/target`` of the rooms that take part, in the inventory's order.
        unknown: rooms that the calendar names and the inventory lacks, as they are written there.
        mcu: ``site/target``.
    """

    id: str
    title: str
    level: str
    start: datetime
    end: datetime
    endpoints: tuple[str, ...]
    unknown: tuple[str, ...] = ()
    mcu: str | None = None


def overlaps(meetings: list[Meeting]) -> list[tuple[str, Meeting, Meeting]]:
    """Endpoints that two meetings want at the same time; each pair of meetings once an endpoint."""
    found = []
    ordered = sorted(meetings, key=lambda meeting: meeting.start)
    for place, first in enumerate(ordered):
        for second in ordered[place + 1 :]:
            if second.start >= first.end:
                break
            both = set(second.endpoints)
            found += [(each, first, second) for each in first.endpoints if each in both]
    return found

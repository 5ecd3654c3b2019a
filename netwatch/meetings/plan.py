"""What is planned, as the inventory and its calendars say at this moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from netwatch.inventory.model import Inventory
from netwatch.meetings.calendars.sources import CalendarSources
from netwatch.meetings.meeting import Meeting
from netwatch.meetings.occurrences import find_meetings
from netwatch.meetings.phases import month_of

AHEAD = timedelta(days=7)
"""How far meetings are looked for."""


@dataclass(frozen=True, slots=True)
class MeetingPlan:
    """Meetings, the earliest first.

    Attributes:
        coming: under way, or in the next days.
        past: those of this month that are over.
        warnings: what had to be left out of those that come.
    """

    coming: tuple[Meeting, ...] = ()
    past: tuple[Meeting, ...] = ()
    warnings: tuple[str, ...] = ()


def read_plan(
    inventory: Inventory, now: datetime, before: MeetingPlan, feeds: CalendarSources
) -> MeetingPlan:
    """Read anew; reads files, but fetches nothing.

    A calendar that can't be used now says nothing: its meetings of ``before`` still stand, for a
    file that is just being written must not call a meeting off.
    """
    month = month_of(now)
    coming, warnings, unread = find_meetings(inventory, now, now + AHEAD, feeds.read)
    past = find_meetings(inventory, month, now, feeds.read).meetings
    kept = [m for m in (*before.past, *before.coming) if m.id in unread]
    known = {m.key: m for m in (*kept, *past, *coming) if m.end > month}
    planned = sorted(known.values(), key=lambda m: (m.start, m.key))
    return MeetingPlan(
        coming=tuple(m for m in planned if m.end > now),
        past=tuple(m for m in planned if m.end <= now),
        warnings=(*warnings, *feeds.warnings(now)),
    )

"""The plan of meetings, as the inventory and its calendars say at this moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from netwatch.inventory.model import Inventory
from netwatch.meetings.calendars.sources import CalendarSources
from netwatch.meetings.meeting import Meeting
from netwatch.meetings.occurrences import find_meetings
from netwatch.meetings.phases import month_of

MAX_AHEAD = timedelta(days=7)
"""Meetings that begin later than so long from now are not planned yet."""


@dataclass(frozen=True, slots=True)
class MeetingPlan:
    """Meetings of this month and of the next days, the earliest first.

    Attributes:
        coming: those that are under way, or begin in the next days.
        past: those of this month that are over.
        warnings: what is wrong with the plan, a line each.
    """

    coming: tuple[Meeting, ...] = ()
    past: tuple[Meeting, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def online(self) -> tuple[Meeting, ...]:
        """Those of ``coming`` that are planned to be held online."""
        return tuple(meeting for meeting in self.coming if meeting.online)


def read_plan(
    inventory: Inventory, now: datetime, before: MeetingPlan, calendars: CalendarSources
) -> MeetingPlan:
    """Work out the plan of this moment. Reads files, so call it in a thread; fetches nothing.

    The meetings of a calendar that can't be read now stay as they were in ``before``: a file that
    is just being written must not call a meeting off.
    """
    month = month_of(now)
    coming, warnings, unread = find_meetings(inventory, now, now + MAX_AHEAD, calendars.read)
    past = find_meetings(inventory, month, now, calendars.read).meetings
    kept = [m for m in (*before.past, *before.coming) if m.id in unread]
    known = {m.key: m for m in (*kept, *past, *coming) if m.end > month}
    planned = sorted(known.values(), key=lambda m: (m.start, m.key))
    return MeetingPlan(
        coming=tuple(m for m in planned if m.end > now),
        past=tuple(m for m in planned if m.end <= now),
        warnings=(*warnings, *calendars.warnings(now)),
    )

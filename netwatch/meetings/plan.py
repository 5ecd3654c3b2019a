"""The plan of meetings, as the inventory and its calendars say at this moment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import NamedTuple

from netwatch.meetings.calendars.sources import CalendarSources
from netwatch.meetings.meeting import Meeting
from netwatch.meetings.occurrences import FoundMeetings, MeetingFinder
from netwatch.meetings.phases import month_of

MAX_AHEAD = timedelta(days=7)
"""Meetings that begin later than so long from now are not planned yet."""


_MARGIN = timedelta(days=1)


class Days(NamedTuple):
    """The days that calendars are read for; they change once a day, so that readings last."""

    begin: datetime
    end: datetime


def days_of(now: datetime, ahead: timedelta = MAX_AHEAD) -> Days:
    """The days of this month and the next ones; with a margin, as meetings go over midnight."""
    midnight = datetime.combine(now.date(), time(), now.tzinfo)
    return Days(month_of(now) - _MARGIN, midnight + max(ahead, MAX_AHEAD) + 2 * _MARGIN)


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
    finder: MeetingFinder, now: datetime, before: MeetingPlan, calendars: CalendarSources
) -> MeetingPlan:
    """Work out the plan of this moment, by what was read of the calendars last.

    A meeting of ``before`` that may be held though it can't be read now stands, marked as unsure: a
    file that is just being written must not call a meeting off.
    """
    month = month_of(now)
    coming = finder.find(now, now + MAX_AHEAD, calendars.known)
    past = finder.find(month, now, calendars.known).meetings
    known = {m.key: m for m in (*past, *coming.meetings)}
    for kept in _standing(before, coming):
        known.setdefault(kept.key, kept)
    planned = sorted((m for m in known.values() if m.end > month), key=lambda m: (m.start, m.key))
    return MeetingPlan(
        coming=tuple(m for m in planned if m.end > now),
        past=tuple(m for m in planned if m.end <= now),
        warnings=tuple(coming.warnings),
    )


def _standing(before: MeetingPlan, found: FoundMeetings) -> Iterator[Meeting]:
    """The meetings of before of which it can't be read whether they are held."""
    for meeting in (*before.past, *before.coming):
        unread = found.unread.get(meeting.id)
        if unread is not None and unread.may_be(meeting.uid):
            yield replace(meeting, unsure=True)

"""Which meetings are followed, from their first preflight to their end, and what is shown after."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from netwatch.meetings.meeting import Meeting
from netwatch.meetings.monitor.monitored import MonitoredMeeting
from netwatch.meetings.phases import Phase, phase

logger = logging.getLogger(__name__)

MAX_FOLLOWED = 16
"""Meetings that are followed at one time; further ones are shown neither before nor after."""

MAX_SHOWN_AFTER_END = timedelta(hours=1)
"""For how long a meeting that ended is shown; the last one is shown until another one ends."""


class PhaseChanges(NamedTuple):
    """What changed since the clock was looked at before.

    Attributes:
        begun: meetings whose preflights are over, because they are under way now.
        ended: meetings that are over; they are not followed any more.
    """

    begun: list[MonitoredMeeting]
    ended: list[MonitoredMeeting]


class FollowedMeetings:
    """The meetings that are near, each in its phase.

    Attributes:
        open: by key, those that are followed now.
    """

    def __init__(self) -> None:
        self.open: dict[str, MonitoredMeeting] = {}
        self._ended: list[MonitoredMeeting] = []
        self._next: MonitoredMeeting | None = None

    def shown(self) -> list[MonitoredMeeting]:
        """Those that ended last, those that are followed, and the one that is followed next."""
        return [*self._ended, *self.open.values(), *([self._next] if self._next else [])]

    def replan(self, coming: Iterable[Meeting], now: datetime) -> list[str]:
        """Follow a meeting as it is planned now; the keys of those that were called off."""
        planned = {meeting.key: meeting for meeting in coming}
        for key in self.open.keys() & planned.keys():
            self.open[key].meeting = planned[key]
        off = [key for key in self.open if key not in planned and self.open[key].meeting.end > now]
        for key in off:
            logger.info("meeting called off meeting=%s", key)
            del self.open[key]
        return off

    def advance(
        self, coming: Iterable[Meeting], now: datetime, before: Sequence[float]
    ) -> PhaseChanges:
        """Bring every meeting into its phase of this moment.

        Args:
            coming: planned to be held online, the earliest first.
            now: with time zone.
            before: seconds before the start at which rooms are measured; the first opens a meeting.
        """
        self._next = None
        begun: list[MonitoredMeeting] = []
        for meeting in coming:
            current = phase(meeting, now, before)
            followed = self.open.get(meeting.key)
            if followed is not None:
                if followed.phase is Phase.PREFLIGHT and current is Phase.UNDER_WAY:
                    begun.append(followed)
                followed.phase = current
            elif current is Phase.PLANNED:
                self._next = self._next or MonitoredMeeting(meeting, current)
            elif current is not Phase.OVER:
                self._follow(meeting, current)
        return PhaseChanges(begun, self._close(now))

    def _follow(self, meeting: Meeting, current: Phase) -> None:
        if len(self.open) < MAX_FOLLOWED:
            self.open[meeting.key] = MonitoredMeeting(meeting, current)
            logger.info("meeting opened meeting=%s phase=%s", meeting.key, current.label)

    def _close(self, now: datetime) -> list[MonitoredMeeting]:
        ended = [each for each in self.open.values() if each.meeting.end <= now]
        for each in ended:
            del self.open[each.meeting.key]
            each.phase = Phase.OVER
        kept = [*self._ended, *ended]
        recent = [e for e in kept[-MAX_FOLLOWED:] if now - e.meeting.end < MAX_SHOWN_AFTER_END]
        self._ended = recent or kept[-1:]
        return ended

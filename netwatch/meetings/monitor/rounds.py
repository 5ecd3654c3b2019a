"""When a preflight round begins, and which rooms are measured in it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import datetime

from netwatch.core.check import Check
from netwatch.core.measure_now import MeasureNow
from netwatch.inventory.meetings import Preflight
from netwatch.meetings.monitor.checks import checks_for, spread
from netwatch.meetings.monitor.monitored import MonitoredMeeting
from netwatch.meetings.monitor.preflight import PreflightRound
from netwatch.meetings.phases import due_preflight
from netwatch.state.table import StateTable


class RoundRunner:
    """Runs rounds one at a time, so that no site is asked by two.

    Args:
        states: where results are looked for.
        launch: begins a check.
        settings: when rooms are measured, and how fast.
        checks: all checks of this collector.
    """

    def __init__(
        self, states: StateTable, launch: MeasureNow, settings: Preflight, checks: Sequence[Check]
    ) -> None:
        self._states = states
        self._launch = launch
        self._running: PreflightRound | None = None
        self._began = -math.inf
        self.replace(settings, checks)

    def replace(self, settings: Preflight, checks: Sequence[Check]) -> None:
        """Begin the next round by other settings and checks."""
        self._settings = settings
        self._checks = checks

    def take_ended(self, moment: float) -> PreflightRound | None:
        """The round that is over, once; None while one runs, and without one.

        Args:
            moment: monotonic seconds.
        """
        running = self._running
        if running is None or not running.is_over(self._states, moment):
            return None
        self._running = None
        return running

    def begin_if_due(
        self, followed: Mapping[str, MonitoredMeeting], now: datetime, moment: float
    ) -> None:
        """Begin a preflight when one is due, else a round over the rooms that are looked at again.

        Args:
            followed: meetings by key.
            now: with time zone.
            moment: the same in monotonic seconds.
        """
        if self._running is not None:
            return
        due = self._due(followed, now)
        if not due and moment - self._began < self._settings.every:
            return
        rooms = {room for each in followed.values() for room in each.rooms_to_measure()}
        rooms.update(room for key in due for room in followed[key].meeting.rooms)
        checks = checks_for(rooms, self._checks) if rooms else []
        if not checks:
            return
        for key, seconds_before in due.items():
            followed[key].preflight_began = seconds_before
        self._began = moment
        seconds = self._settings.within if due else self._settings.every
        self._running = PreflightRound(spread(checks, seconds), seconds, self._launch, {*due})

    def stop(self) -> None:
        """Launch nothing more."""
        if self._running is not None:
            self._running.stop()

    def _due(self, followed: Mapping[str, MonitoredMeeting], now: datetime) -> dict[str, float]:
        """By key of the meeting, the preflights that were not begun yet, in seconds before it."""
        latest = {
            key: due_preflight(each.meeting, now, self._settings.before)
            for key, each in followed.items()
        }
        return {
            key: seconds
            for key, seconds in latest.items()
            if seconds is not None and seconds != followed[key].preflight_began
        }

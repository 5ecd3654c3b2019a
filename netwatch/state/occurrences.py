"""When a recurring window is open; its rule is expanded only once for each opening."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import inf
from zoneinfo import ZoneInfo

from netwatch.inventory.recurrence import following, latest, parse_rule
from netwatch.inventory.window import Window

Span = tuple[float, float]
"""Begin and end, unix times."""


class Occurrences:
    """The times at which one window is open.

    Args:
        window: start, duration and rule, as the inventory has them.
        zone: time zone of its start.
    """

    def __init__(self, window: Window, zone: ZoneInfo) -> None:
        self._window = window
        self._rule = parse_rule(window.repeat, window.starts) if window.repeat else None
        self._zone = zone
        self._open: Span | None = None
        self._good: Span = (inf, -inf)  # the unix times between which _open holds
        self._next: Span | None = None
        self._next_good: Span = (inf, -inf)  # the unix times between which _next holds

    def at(self, now: float) -> Span | None:
        """The span that a unix time lies in; None when the window is closed then."""
        begin, end = self._good
        if not begin <= now < end:
            self._open, self._good = self._expand(now)
        return self._open

    def after(self, now: float) -> Span | None:
        """The next span that begins after a unix time; None when there is none."""
        begin, end = self._next_good
        if not begin <= now < end:
            local = datetime.fromtimestamp(now, self._zone).replace(tzinfo=None)
            upcoming = following(self._rule, self._window.starts, local)
            began = inf if upcoming is None else self._unix(upcoming)
            self._next = None if upcoming is None else (began, began + self._window.duration)
            self._next_good = now, min(began, now + timedelta(days=1).total_seconds())
        return self._next

    def _expand(self, now: float) -> tuple[Span | None, Span]:
        local = datetime.fromtimestamp(now, self._zone).replace(tzinfo=None)
        starts, lasts = self._window.starts, self._window.duration
        begin = latest(self._rule, starts, local)
        if begin is not None:
            began = self._unix(begin)
            if began <= now < began + lasts:
                span = began, began + lasts
                return span, span
        # A day at most, so that a clock that is set has no lasting effect.
        upcoming = following(self._rule, starts, local)
        until = now + timedelta(days=1).total_seconds()
        return None, (now, until if upcoming is None else min(until, self._unix(upcoming)))

    def _unix(self, local: datetime) -> float:
        return local.replace(tzinfo=self._zone).timestamp()

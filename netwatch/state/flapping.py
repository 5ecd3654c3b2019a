"""Flapping: a site goes down and comes back so often that a single change says little."""

from __future__ import annotations

MIN_CHANGES = 6
"""Changes within ``WINDOW`` from which on a site flaps; a change is going down or coming back."""

MAX_CALM_CHANGES = 2
"""Changes within ``WINDOW`` at which flapping ends; fewer than ``MIN_CHANGES``, so that flapping
itself doesn't come and go."""

WINDOW = 600.0
"""Seconds in which changes are counted."""

MIN_GAP = 3.0
"""Seconds between two changes that are counted. While a site goes or comes back its devices are
heard one after the other, and what is said of it may change several times: that is one change."""


class Flapping:
    """Counts the changes of one site.

    Attributes:
        is_on: whether the site flaps now.
    """

    def __init__(self) -> None:
        self.is_on = False
        self._changes: tuple[float, ...] = ()

    def record(self, now: float) -> None:
        """Count a change at monotonic time ``now``, seconds, unless it belongs to the last one."""
        if self._changes and now - self._changes[-1] < MIN_GAP:
            return
        self._changes = (*self._changes, now)[-MIN_CHANGES:]
        self.is_on |= self._recent(now) >= MIN_CHANGES

    def settle(self, now: float) -> bool:
        """End flapping when it has calmed down; returns whether it ended just now."""
        if not self.is_on or self._recent(now) > MAX_CALM_CHANGES:
            return False
        self.is_on = False
        return True

    def _recent(self, now: float) -> int:
        return sum(now - change <= WINDOW for change in self._changes)

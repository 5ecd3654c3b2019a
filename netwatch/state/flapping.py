"""Flapping: a site that comes and goes so often that each time says little."""

from __future__ import annotations

MANY = 6
"""Times that a site came or went within ``WINDOW`` until it is called flapping."""

FEW = 2
"""As many are left in ``WINDOW`` when it is over; fewer than ``MANY``, so that it doesn't flap."""

WINDOW = 600.0
"""Seconds."""


class Flapping:
    """Counts how often a site came or went.

    Attributes:
        is_on: whether the site flaps.
    """

    def __init__(self) -> None:
        self.is_on = False
        self._changes: tuple[float, ...] = ()

    def record(self, now: float) -> None:
        """The site came or went, at monotonic time ``now``."""
        self._changes = (*self._changes, now)[-MANY:]
        self.is_on |= self._recent(now) >= MANY

    def settle(self, now: float) -> bool:
        """Look whether it is over; returns whether that has just happened."""
        if not self.is_on or self._recent(now) > FEW:
            return False
        self.is_on = False
        return True

    def _recent(self, now: float) -> int:
        return sum(now - change <= WINDOW for change in self._changes)

"""How good a path is: loss, round trip and jitter over the last echoes."""

from __future__ import annotations

from collections import deque

WINDOW = 60
"""Echoes over which loss is judged."""

ENOUGH = 20
"""Echoes that must have been sent before a share of them says anything."""

SILENT = 3
"""Losses in a row after which old round trips say nothing about now."""

RECENT = 20
"""Replies over which the mean round trip is taken."""


class PathQuality:
    """Loss, mean round trip and jitter of one stream of echoes."""

    __slots__ = ("_lost", "_lost_in_a_row", "_round_trips", "jitter")

    jitter: float | None
    """RFC 3550 jitter of the round trips, seconds; None before the second reply."""

    def __init__(self) -> None:
        self.forget()

    def reply(self, round_trip: float) -> None:
        """An echo came back after ``round_trip`` seconds."""
        if self._round_trips:
            # RFC 3550, section 6.4.1, on round trips instead of one-way transits.
            difference = abs(round_trip - self._round_trips[-1])
            before = self.jitter or 0.0
            self.jitter = before + (difference - before) / 16
        self._round_trips.append(round_trip)
        self._lost.append(False)
        self._lost_in_a_row = 0

    def loss(self) -> None:
        """An echo did not come back in time."""
        self._lost.append(True)
        self._lost_in_a_row += 1

    def forget(self) -> None:
        """Begin anew, e.g. after an outage, whose losses don't describe the restored line."""
        self._lost: deque[bool] = deque(maxlen=WINDOW)
        self._lost_in_a_row = 0
        self._round_trips: deque[float] = deque(maxlen=RECENT)
        self.jitter = None

    @property
    def loss_ratio(self) -> float | None:
        """Share of the last echoes that were lost, 0 to 1; None before the first."""
        return sum(self._lost) / len(self._lost) if self._lost else None

    @property
    def round_trip(self) -> float | None:
        """Mean of the last round trips in seconds; None while echoes get no reply."""
        if not self._round_trips or self._lost_in_a_row >= SILENT:
            return None
        return sum(self._round_trips) / len(self._round_trips)

    @property
    def is_judged(self) -> bool:
        """Whether enough echoes were sent for the loss ratio to mean something."""
        return len(self._lost) >= ENOUGH

"""Counts slots in the program's own metrics."""

from __future__ import annotations

from functools import lru_cache

from netwatch.metrics.own import OwnMetrics


class SlotCounter:
    """Counts for the schedule: it is a ``netwatch.schedule.SlotAccount``."""

    def __init__(self, own: OwnMetrics) -> None:
        self._own = own
        self._counter = lru_cache(own.slots.labels)

    def launched(self, kind: str, slots: int, late: int, slip: float) -> None:
        """Slots of a probe were launched, ``late`` of them late, the first by ``slip`` seconds."""
        self._counter(kind, "run").inc(slots - late)
        if late:
            self._counter(kind, "late").inc(late)
        self._own.schedule_slip.observe(slip)

    def skipped(self, kind: str, slots: int) -> None:
        """Slots passed unused."""
        self._counter(kind, "skipped").inc(slots)

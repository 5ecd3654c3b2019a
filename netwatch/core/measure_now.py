"""The one edge that runs backwards: whoever is in doubt asks the schedule to measure at once."""

from __future__ import annotations

from typing import Protocol

from netwatch.core.check import Check


class MeasureNow(Protocol):
    """Has a check measured once more, outside its slots; ``Schedule.measure_now`` does it.

    It returns at once. The result travels the way of all results, and none comes when the schedule
    has not started or no longer has a probe of this kind.
    """

    def __call__(self, check: Check, /) -> None:
        """Begin a measurement of ``check``."""

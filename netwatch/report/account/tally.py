"""How long something was in each state, and what share of it counts as available."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from netwatch.core.state import State
from netwatch.core.timeline import StateSpan


@dataclass(slots=True)
class Tally:
    """Milliseconds in each state."""

    unknown: int = 0
    up: int = 0
    degraded: int = 0
    unreachable: int = 0
    down: int = 0
    maintenance: int = 0

    @classmethod
    def of(cls, spans: Iterable[StateSpan]) -> Tally:
        """The sum of spans."""
        sums = [0] * len(State)
        for begin, end, state in spans:
            sums[state] += end - begin
        return cls(*sums)

    def add(self, other: Tally, times: int = 1) -> None:
        """Count another one as well, so many times."""
        self.unknown += other.unknown * times
        self.up += other.up * times
        self.degraded += other.degraded * times
        self.unreachable += other.unreachable * times
        self.down += other.down * times
        self.maintenance += other.maintenance * times

    def __add__(self, other: Tally) -> Tally:
        total = Tally()
        total.add(self)
        total.add(other)
        return total

    @property
    def total(self) -> int:
        """All milliseconds, which are those of the period."""
        return self.reached + self.lost + self.unknown + self.maintenance

    @property
    def reached(self) -> int:
        """What counts for availability: up and degraded."""
        return self.up + self.degraded

    @property
    def lost(self) -> int:
        """What counts against it: down and unreachable."""
        return self.down + self.unreachable

    @property
    def availability(self) -> float | None:
        """Share of the counted time that was up or degraded, 0 to 1; None when none counts."""
        return _share(self.reached, self.lost)

    @property
    def strict(self) -> float | None:
        """The same where degraded time and planned work count against it, as some contracts say."""
        return _share(self.up, self.lost + self.degraded + self.maintenance)


def total_of(tallies: Iterable[Tally]) -> Tally:
    """The sum of many."""
    total = Tally()
    for tally in tallies:
        total.add(tally)
    return total


def _share(good: int, bad: int) -> float | None:
    return good / (good + bad) if good + bad else None

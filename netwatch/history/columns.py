"""The steps of the last day, as columns: what was worst in each, for each site."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from netwatch.core.state import State

STEP = 300
"""Seconds of a step. A step begins at a multiple of it in unix time."""

STEPS = 288
"""Steps that are kept: 24 hours."""

RANKS = (
    None,
    State.UP,
    State.MAINTENANCE,
    State.UNKNOWN,
    State.DEGRADED,
    State.UNREACHABLE,
    State.DOWN,
)
"""The states from good to bad; the first stands for a step in which nothing was recorded."""

_CODES = np.zeros(len(State), np.uint8)
for _code, _state in enumerate(RANKS):
    if _state is not None:
        _CODES[_state] = _code

Codes = NDArray[np.uint8]
"""Places in ``RANKS``."""

Shares = NDArray[np.float16]
"""Loss, 0 to 1; NaN where it was not measured."""

Trips = NDArray[np.float32]
"""Round trips in seconds; NaN where there was none."""


def codes(states: NDArray[np.uint8]) -> Codes:
    """The place of each state in ``RANKS``."""
    found: Codes = _CODES[states]
    return found


@dataclass(frozen=True, slots=True)
class Day:
    """The last day of one site, the oldest step first.

    Attributes:
        end: unix time at which the last step ends; it may not be over.
        states: the worst state of each step; None where nothing was recorded.
        loss: the highest loss of each step, 0 to 1; None where it was not measured.
        round_trips: the longest mean round trip of each step, seconds; None where there was none.
    """

    end: int
    states: list[State | None]
    loss: list[float | None]
    round_trips: list[float | None]


class DayColumns:
    """A ring of ``STEPS`` rows, each with a column for each site.

    A site takes 7 octets a step, so 2016 in all: 0.6 MB for 281 sites, 4 MB for 2000.

    Args:
        sites: their ids, in the order of the columns.
        step: number of the newest step; 0 before the first.

    Attributes:
        sites: the same.
        step: the same.
        states: code of the worst state, a row a step; likewise the two that follow.
        loss: highest loss.
        trips: longest round trip.
    """

    def __init__(self, sites: Sequence[str], step: int = 0) -> None:
        self.sites = tuple(sites)
        self.step = step
        shape = STEPS, len(self.sites)
        self.states: Codes = np.zeros(shape, np.uint8)
        self.loss: Shares = np.full(shape, np.nan, np.float16)
        self.trips: Trips = np.full(shape, np.nan, np.float32)

    def record(self, at: float, states: Codes, loss: Shares, trips: Trips) -> None:
        """Take in what is now, one value a site.

        Args:
            at: unix time.
            states: codes of their states.
            loss: of each site.
            trips: of each site.
        """
        self._move_to(int(at // STEP))
        row = self.step % STEPS
        np.maximum(self.states[row], states, out=self.states[row])
        np.fmax(self.loss[row], loss, out=self.loss[row])
        np.fmax(self.trips[row], trips, out=self.trips[row])

    def day(self, site: str) -> Day:
        """The last day of a site.

        Raises:
            ValueError: there is no such site.
        """
        at = self.sites.index(site)
        rows = np.arange(self.step + 1, self.step + 1 + STEPS) % STEPS
        return Day(
            end=(self.step + 1) * STEP,
            states=[RANKS[code] for code in self.states[rows, at].tolist()],
            loss=_known(self.loss[rows, at].tolist()),
            round_trips=_known(self.trips[rows, at].tolist()),
        )

    def renamed(self, present: Callable[[str], str]) -> DayColumns:
        """The same under the present ids of sites; who has that id already keeps it."""
        known = set(self.sites)
        now = tuple(site if (id_ := present(site)) in known else id_ for site in self.sites)
        if now == self.sites:
            return self
        other = DayColumns(now, self.step)
        other.states, other.loss, other.trips = self.states, self.loss, self.trips
        return other

    def of_sites(self, sites: Sequence[str]) -> DayColumns:
        """The same columns for other sites: what is in both keeps its day."""
        if tuple(sites) == self.sites:
            return self  # as after most reloads; 288 steps of each site would be copied
        other = DayColumns(sites, self.step)
        before = {site: at for at, site in enumerate(self.sites)}
        pairs = [(at, before[site]) for at, site in enumerate(sites) if site in before]
        if pairs:
            here, there = np.array(pairs).T
            other.states[:, here] = self.states[:, there]
            other.loss[:, here] = self.loss[:, there]
            other.trips[:, here] = self.trips[:, there]
        return other

    def _move_to(self, step: int) -> None:
        """Empty the steps between the newest one and ``step``, which may lie before it.

        A clock that was set back takes what it had called later along: those steps are to come.
        """
        low, high = sorted((self.step, step))
        rows = np.arange(low + 1, min(high, low + STEPS) + 1) % STEPS
        self.states[rows] = 0
        self.loss[rows] = np.nan
        self.trips[rows] = np.nan
        self.step = step


def _known(values: list[float]) -> list[float | None]:
    return [value if value == value else None for value in values]  # noqa: PLR0124 (NaN)

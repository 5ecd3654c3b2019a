"""How good paths are: loss, round trip and jitter over the last echoes, one row a path."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from netwatch.core.echo import Seconds
from netwatch.core.streams import Rows, grown

WINDOW = 60
"""Echoes over which loss is judged."""

ENOUGH = 20
"""Echoes that must have been sent before a share of them says anything."""

SILENT = 3
"""Losses in a row after which old round trips say nothing about now."""

RECENT = 20
"""Replies over which the mean round trip is taken."""

_WINDOW_BITS = np.uint64((1 << WINDOW) - 1)
_ONE = np.uint64(1)


class Qualities:
    """Loss, mean round trip and jitter of many paths.

    In every call no row may be named twice.

    Attributes:
        jitter: RFC 3550 jitter of the round trips, seconds; NaN before the second reply.
    """

    def __init__(self, rows: int = 0) -> None:
        self._lost = np.zeros(0, np.uint64)  # the last echoes, one bit each, 1 for a lost one
        self._echoes = np.zeros(0, np.uint8)
        self._lost_in_a_row = np.zeros(0, np.uint8)
        self._trips = np.zeros((0, RECENT), np.float32)
        self._replies = np.zeros(0, np.uint8)
        self._next = np.zeros(0, np.int8)
        self.jitter: Seconds = np.zeros(0)
        self.grow(rows)

    def grow(self, rows: int) -> None:
        """Have so many rows."""
        before = len(self._lost)
        self._lost, self._echoes = grown(self._lost, rows), grown(self._echoes, rows)
        self._lost_in_a_row = grown(self._lost_in_a_row, rows)
        self._trips, self._replies = grown(self._trips, rows), grown(self._replies, rows)
        self._next, self.jitter = grown(self._next, rows), grown(self.jitter, rows)
        self.jitter[before:] = np.nan

    def forget(self, rows: Rows | int) -> None:
        """Begin anew, e.g. after an outage, whose losses don't describe the restored line."""
        for column in (self._lost, self._echoes, self._lost_in_a_row, self._trips, self._replies):
            column[rows] = 0
        self.jitter[rows] = np.nan

    def reply(self, rows: Rows, round_trips: Seconds) -> None:
        """An echo on each of these paths came back."""
        place = self._next[rows]
        # RFC 3550, section 6.4.1, on round trips instead of one-way transits.
        difference = np.abs(round_trips - self._trips[rows, place - 1])
        before = np.nan_to_num(self.jitter[rows])
        is_first = self._replies[rows] == 0
        self.jitter[rows] = np.where(is_first, np.nan, before + (difference - before) / 16)
        self._trips[rows, place] = round_trips
        self._next[rows] = (place + 1) % RECENT
        self._replies[rows] = np.minimum(self._replies[rows] + 1, RECENT)
        self._lost_in_a_row[rows] = 0
        self._count(rows, self._lost[rows] << _ONE)

    def loss(self, rows: Rows) -> None:
        """An echo on each of these paths did not come back in time."""
        self._lost_in_a_row[rows] = np.minimum(self._lost_in_a_row[rows], SILENT - 1) + 1
        self._count(rows, self._lost[rows] << _ONE | _ONE)

    def _count(self, rows: Rows, lost: NDArray[np.uint64]) -> None:
        self._lost[rows] = lost & _WINDOW_BITS
        self._echoes[rows] = np.minimum(self._echoes[rows] + 1, WINDOW)

    def loss_ratio(self, rows: Rows) -> Seconds:
        """Share of the last echoes that were lost, 0 to 1; NaN before the first."""
        echoes = self._echoes[rows]
        lost = np.bitwise_count(self._lost[rows])
        ratio: Seconds = np.divide(lost, echoes, out=np.full(len(rows), np.nan), where=echoes > 0)
        return ratio

    def round_trip(self, rows: Rows) -> Seconds:
        """Mean of the last round trips in seconds; NaN while echoes get no reply."""
        replies = self._replies[rows]
        is_known = (replies > 0) & (self._lost_in_a_row[rows] < SILENT)
        totals = self._trips[rows].sum(axis=1, dtype=np.float64)
        mean: Seconds = np.divide(totals, replies, out=np.full(len(rows), np.nan), where=is_known)
        return mean

    def is_judged(self, rows: Rows) -> NDArray[np.bool_]:
        """Whether enough echoes were sent for the loss ratio to mean something."""
        is_judged: NDArray[np.bool_] = self._echoes[rows] >= ENOUGH
        return is_judged


class PathQuality:
    """One row of ``Qualities``; what is not known is None."""

    __slots__ = ("_qualities", "_row")

    def __init__(self, qualities: Qualities | None = None, row: int = 0) -> None:
        self._qualities = Qualities(1) if qualities is None else qualities
        self._row = np.array([row])

    def reply(self, round_trip: float) -> None:
        """An echo came back after ``round_trip`` seconds."""
        self._qualities.reply(self._row, np.array([round_trip]))

    def loss(self) -> None:
        """An echo did not come back in time."""
        self._qualities.loss(self._row)

    def forget(self) -> None:
        """Begin anew."""
        self._qualities.forget(self._row)

    @property
    def loss_ratio(self) -> float | None:
        """Share of the last echoes that were lost, 0 to 1; None before the first."""
        return _known(self._qualities.loss_ratio(self._row))

    @property
    def round_trip(self) -> float | None:
        """Mean of the last round trips in seconds; None while echoes get no reply."""
        return _known(self._qualities.round_trip(self._row))

    @property
    def jitter(self) -> float | None:
        """RFC 3550 jitter of the round trips, seconds; None before the second reply."""
        return _known(self._qualities.jitter[self._row])

    @property
    def is_judged(self) -> bool:
        """Whether enough echoes were sent for the loss ratio to mean something."""
        return bool(self._qualities.is_judged(self._row)[0])


def _known(column: Seconds) -> float | None:
    value = float(column[0])
    return None if value != value else value  # noqa: PLR0124 - the cheapest test for NaN

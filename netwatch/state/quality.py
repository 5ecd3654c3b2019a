"""Path quality: loss, round trip and jitter over the last echoes, one row a path."""

from __future__ import annotations

from collections.abc import Iterable
from math import isnan

import numpy as np
from numpy.typing import NDArray

from netwatch.core.echo import Seconds
from netwatch.core.streams import Rows, grown

WINDOW = 60
"""Echoes over which loss is judged."""

MIN_ECHOES = 20
"""Echoes that must have been sent before a loss ratio is judged."""

MIN_LOST = 2
"""Lost echoes from which on a loss ratio is judged: a single one is chance, whatever the limit."""

SILENT_AFTER = 3
"""Losses in a row after which old round trips say nothing about now."""

MAX_ROUND_TRIPS = 20
"""Replies over which the mean round trip is taken."""

MIN_STEPS = 5
"""Steps beyond the limit among the last round trips from which on jitter is judged. One late echo
makes two, up and down; two may be this machine's own, which stood still while they were under way.
"""

MIN_SLOW = 3
"""Round trips beyond the limit among the last ones from which on their mean is judged, likewise."""

NO_LIMIT = 1e9
"""A limit that no value exceeds."""

_SILENT_BITS = np.uint64((1 << SILENT_AFTER) - 1)
_WINDOW_BITS = np.uint64((1 << WINDOW) - 1)
_ONE = np.uint64(1)


class OwnJitter:
    """The jitter that this machine makes itself, or its nearest hop.

    What a loaded collector adds to the round trips, it adds to all of them, whatever asks for them.

    Attributes:
        seconds: the least jitter of the targets next to the collector; 0 while none is known.
    """

    def __init__(self) -> None:
        self.seconds = 0.0

    def note(self, nearest: Iterable[PathQuality]) -> None:
        """Take the jitter anew from the targets next to the collector."""
        known = [quality.jitter for quality in nearest]
        self.seconds = min((jitter for jitter in known if jitter is not None), default=0.0)


class Qualities:
    """Loss, mean round trip and jitter of many paths.

    No call may name a row twice.

    Attributes:
        lost: the last echoes, one bit each, 1 for a lost one.
        echoes: how many of them there are, at most ``WINDOW``.
        trips: the last round trips as a ring, seconds; 0 where there is none.
        replies: how many of them there are.
        jitter: RFC 3550 jitter of the round trips, seconds; NaN before the second reply.
        own: the part of it that doesn't count against a limit.
    """

    def __init__(self, rows: int = 0, own: OwnJitter | None = None) -> None:
        self.lost = np.zeros(0, np.uint64)
        self.echoes = np.zeros(0, np.uint8)
        self.trips = np.zeros((0, MAX_ROUND_TRIPS), np.float32)
        self.replies = np.zeros(0, np.uint8)
        self._next = np.zeros(0, np.int8)
        self.jitter: Seconds = np.zeros(0)
        self.own = OwnJitter() if own is None else own
        self.grow(rows)

    def grow(self, rows: int) -> None:
        """Add rows until there are this many."""
        before = len(self.lost)
        self.lost, self.echoes = grown(self.lost, rows), grown(self.echoes, rows)
        self.trips, self.replies = grown(self.trips, rows), grown(self.replies, rows)
        self._next, self.jitter = grown(self._next, rows), grown(self.jitter, rows)
        self.jitter[before:] = np.nan

    def forget(self, rows: Rows | int) -> None:
        """Empty these rows, e.g. after an outage, whose losses say nothing of the restored line."""
        for column in (self.lost, self.echoes, self.trips, self.replies):
            column[rows] = 0
        self.jitter[rows] = np.nan

    def reply(self, rows: Rows, round_trips: Seconds) -> None:
        """Record that an echo of each of these paths was answered.

        Args:
            rows: the paths.
            round_trips: of each, seconds.
        """
        place = self._next[rows]
        # RFC 3550, section 6.4.1, on round trips instead of one-way transits.
        difference = np.abs(round_trips - self.trips[rows, place - 1])
        before = self.jitter[rows]
        replies = self.replies[rows]
        if replies.min() < 2:
            before = np.select([replies == 0, replies == 1], [np.nan, 0.0], before)
        self.jitter[rows] = before + (difference - before) / 16
        self.trips[rows, place] = round_trips
        self._next[rows] = (place + 1) % MAX_ROUND_TRIPS
        if replies.min() < MAX_ROUND_TRIPS:
            self.replies[rows] = np.minimum(replies + 1, MAX_ROUND_TRIPS)
        self._count(rows, self.lost[rows] << _ONE)

    def answer(self, rows: Rows) -> None:
        """Record that an echo of each of these paths was answered, after an unknown time."""
        self._count(rows, self.lost[rows] << _ONE)

    def loss(self, rows: Rows) -> None:
        """Record that an echo of each of these paths was not answered in time."""
        self._count(rows, self.lost[rows] << _ONE | _ONE)

    def _count(self, rows: Rows, lost: NDArray[np.uint64]) -> None:
        self.lost[rows] = lost & _WINDOW_BITS
        echoes = self.echoes[rows]
        if echoes.min() < WINDOW:
            self.echoes[rows] = np.minimum(echoes + 1, WINDOW)

    def loss_ratio(self, rows: Rows) -> Seconds:
        """Share of the last echoes that were lost, 0 to 1; NaN before the first."""
        echoes = self.echoes[rows]
        lost = np.bitwise_count(self.lost[rows])
        ratio: Seconds = np.divide(lost, echoes, out=np.full(len(rows), np.nan), where=echoes > 0)
        return ratio

    def round_trips(self, rows: Rows) -> Seconds:
        """Mean of the last round trips, seconds; NaN after ``SILENT_AFTER`` losses in a row."""
        replies = self.replies[rows]
        answers = (replies > 0) & (self.lost[rows] & _SILENT_BITS != _SILENT_BITS)
        sums = self.trips[rows].sum(axis=1)
        mean: Seconds = np.divide(sums, replies, out=np.full(len(rows), np.nan), where=answers)
        return mean

    def are_beyond(self, rows: Rows, limits: Seconds) -> NDArray[np.bool_]:
        """Which paths exceed one of their limits.

        Args:
            rows: the paths.
            limits: a row for each path: loss 0 to 1, mean round trip and jitter in seconds.

        Returns:
            A bool for each path; False when fewer than ``MIN_ECHOES`` were sent.
        """
        loss, round_trip, jitter = limits.T
        echoes, lost = self.echoes[rows], self.lost[rows]
        # The losses of a row that still runs may be silence, which is judged elsewhere.
        ended = lost & (lost + _ONE)
        count = np.bitwise_count(ended)
        are_beyond: NDArray[np.bool_] = (count > loss * echoes) & (count >= MIN_LOST)
        is_slow = self.trips[rows].sum(axis=1) > round_trip * self.replies[rows]
        if is_slow.any():
            slow = self.trips[rows[is_slow]] > round_trip[is_slow][:, None]
            is_slow[is_slow] = slow.sum(axis=1) >= MIN_SLOW
        are_beyond |= is_slow & (lost & _SILENT_BITS != _SILENT_BITS)
        is_jittery = self.jitter[rows] > jitter + self.own.seconds
        if is_jittery.any():
            limit = jitter[is_jittery] + self.own.seconds
            is_jittery[is_jittery] = self.steps_beyond(rows[is_jittery], limit) >= MIN_STEPS
        are_beyond |= is_jittery
        are_beyond &= echoes >= MIN_ECHOES
        return are_beyond

    def steps_beyond(self, rows: Rows, limits: Seconds) -> NDArray[np.int64]:
        """How many of the last round trips differ by more than a limit from the one before.

        Args:
            rows: the paths.
            limits: one for each, seconds.
        """
        last = np.arange(MAX_ROUND_TRIPS)
        order = (self._next[rows, None] + last) % MAX_ROUND_TRIPS  # the oldest first
        steps = np.abs(np.diff(np.take_along_axis(self.trips[rows], order, axis=1), axis=1))
        is_known = last[:-1] >= MAX_ROUND_TRIPS - self.replies[rows, None].astype(np.int64)
        beyond: NDArray[np.int64] = (is_known & (steps > limits[:, None])).sum(axis=1)
        return beyond


class PathQuality:
    """One row of ``Qualities``."""

    __slots__ = ("_of", "_row")

    def __init__(self, qualities: Qualities | None = None, row: int = 0) -> None:
        self._of = Qualities(1) if qualities is None else qualities
        self._row = row

    def reply(self, round_trip: float) -> None:
        """Record that an echo was answered after ``round_trip`` seconds."""
        self._of.reply(np.array([self._row]), np.array([round_trip]))

    def loss(self) -> None:
        """Record that an echo was not answered in time."""
        self._of.loss(np.array([self._row]))

    def forget(self) -> None:
        """Empty the row."""
        self._of.forget(self._row)

    # Below the columns are read without numpy's functions, which cost ten times as much for one.

    @property
    def loss_ratio(self) -> float | None:
        """Share of the last echoes that were lost, 0 to 1; None before the first."""
        echoes = int(self._of.echoes[self._row])
        return int(self._of.lost[self._row]).bit_count() / echoes if echoes else None

    @property
    def judged_loss_ratio(self) -> float | None:
        """The share of losses that counts against a limit; None before the first echo.

        Not among them are those since the last reply, which may be silence, and a single one.
        """
        echoes, lost = int(self._of.echoes[self._row]), int(self._of.lost[self._row])
        count = (lost & (lost + 1)).bit_count()
        return (count if count >= MIN_LOST else 0) / echoes if echoes else None

    @property
    def round_trip(self) -> float | None:
        """Mean of the last round trips in seconds; None after ``SILENT_AFTER`` losses in a row."""
        replies = int(self._of.replies[self._row])
        if not replies or self._of.lost[self._row] & _SILENT_BITS == _SILENT_BITS:
            return None
        trips: list[float] = self._of.trips[self._row].tolist()
        return sum(trips) / replies

    def judged_round_trip(self, limit: float) -> float | None:
        """The mean that counts against a limit; None also where one or two late echoes make it."""
        mean = self.round_trip
        if mean is None or mean <= limit:
            return mean
        trips: list[float] = self._of.trips[self._row].tolist()
        return mean if sum(trip > limit for trip in trips) >= MIN_SLOW else None

    @property
    def jitter(self) -> float | None:
        """RFC 3550 jitter of the round trips, seconds; None before the second reply."""
        jitter = float(self._of.jitter[self._row])
        return None if isnan(jitter) else jitter

    def judged_jitter(self, limit: float) -> float | None:
        """The jitter that counts against a limit: without what the collector adds itself.

        None also where too few echoes make it; see ``MIN_STEPS``.
        """
        jitter, own = self.jitter, self._of.own.seconds
        if jitter is None or jitter <= limit + own:
            return None if jitter is None else max(0.0, jitter - own)
        steps = self._of.steps_beyond(np.array([self._row]), np.array([limit + own]))
        return jitter - own if steps[0] >= MIN_STEPS else None

    @property
    def is_judged(self) -> bool:
        """Whether at least ``MIN_ECHOES`` were sent, so that the quality can be judged."""
        return int(self._of.echoes[self._row]) >= MIN_ECHOES

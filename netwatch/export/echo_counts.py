"""Counters of echo streams: an array with a column a counter and a place in it a stream."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from netwatch.core.echo import LOCAL_ERROR, REASONS, Codes, EchoResults, Seconds
from netwatch.core.result import StrayKind
from netwatch.core.streams import Rows, Scalar
from netwatch.state.quality import Qualities

ROUND_TRIP_BUCKETS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
"""Bounds in seconds, from a LAN's round trip to a satellite's."""

MAX_PATH_MTU_AGE = 900.0
"""Seconds for which a path MTU is shown once a router reported it; the kernel asks again at 600."""

(
    SENT,
    RECEIVED,
    LOST,
    UNKNOWN,
    UNSENT,
    DUPLICATE,
    LATE,
    RUN,
    RUNS,
    RUN_MAX,
    SUCCESS,
    TTL,
    TTL_CHANGES,
    PATH_MTU,
    BUCKETS,
) = range(15)
"""Columns. ``SUCCESS`` is of the last echo, plus 1; 0 while that is not known. ``RECEIVED`` is
added up from the buckets when it is shown."""

REASON = BUCKETS + len(ROUND_TRIP_BUCKETS) + 1
"""The first of the columns that count losses by reason."""

_COLUMNS = REASON + len(REASONS)

_SUM, _LAST, _PATH_MTU_AT = range(3)
"""Columns of seconds: of all round trips together, of the last one, and a monotonic time."""

_STRAY = {StrayKind.DUPLICATE: DUPLICATE, StrayKind.LATE: LATE}
_BOUNDS = np.array(ROUND_TRIP_BUCKETS)

Counts = NDArray[np.uint32]
"""A counter overflows after 4 295 million echoes and begins at 0, as after a restart."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Some streams at one moment, one column each.

    Attributes:
        counts: a column each, in the order above.
        round_trip: of the last echo, seconds; NaN when it was lost.
        round_trip_sum: of all round trips, seconds.
        jitter: seconds; NaN while not known.
        loss_ratio: 0 to 1; NaN while not known.
    """

    counts: Counts
    round_trip: Seconds
    round_trip_sum: Seconds
    jitter: Seconds
    loss_ratio: Seconds


class EchoCounts:
    """Counts everything from 0 on, so that nothing is lost between two scrapes.

    At every moment and for every stream, sent = received + lost + unknown + in flight, where
    unknown are the echoes whose reply this machine may have dropped itself.
    """

    def __init__(self) -> None:
        self._counts: Counts = np.zeros((_COLUMNS, 0), np.uint32)
        self._seconds: Seconds = np.zeros((3, 0))

    def watch(self, rows: int, changed: Rows) -> None:
        """Count ``rows`` streams; the counters of those that changed begin at 0."""
        self._counts, self._seconds = _grown(self._counts, rows), _grown(self._seconds, rows)
        self._counts[:, changed] = 0
        self._seconds[:, changed] = np.array([[0], [np.nan], [-np.inf]])

    def snapshot(self, rows: Rows, qualities: Qualities) -> Snapshot:
        """These rows as they are at this moment."""
        counts, seconds = self._counts[:, rows], self._seconds[:, rows]
        counts[RECEIVED] = counts[BUCKETS:REASON].sum(axis=0, dtype=np.uint32)
        counts[PATH_MTU][time.monotonic() - seconds[_PATH_MTU_AT] > MAX_PATH_MTU_AGE] = 0
        return Snapshot(
            counts,
            round_trip=np.round(seconds[_LAST], 9),
            round_trip_sum=np.round(seconds[_SUM], 9),
            jitter=np.round(qualities.jitter[rows], 9),
            loss_ratio=np.round(qualities.loss_ratio(rows), 6),
        )

    @property
    def reply_ttls(self) -> NDArray[np.uint32]:
        """Time to live of the last reply of every row; 0 where none is known."""
        ttls: NDArray[np.uint32] = self._counts[TTL]
        return ttls

    def sent(self, rows: Rows) -> None:
        """Each of these streams sent an echo."""
        self._counts[SENT][rows] += 1

    def settled(self, results: EchoResults) -> None:
        """It is known what became of echoes."""
        if results.round_trips is not None:
            self._answered(results, results.round_trips)
        elif not results.sent:
            self._counts[UNSENT][results.rows] += 1
        else:
            is_lost = results.reasons != LOCAL_ERROR
            self._counts[UNKNOWN][results.rows[~is_lost]] += 1
            self._lost(results.rows[is_lost], results.reasons[is_lost])

    def stray(self, rows: Rows, kind: StrayKind) -> None:
        """Replies came late, or once more."""
        np.add.at(self._counts[_STRAY[kind]], rows, 1)

    def path_mtu(self, row: int, octets: int) -> None:
        """The longest packet that the path takes."""
        self._counts[PATH_MTU, row] = octets
        self._seconds[_PATH_MTU_AT, row] = time.monotonic()

    def forget_last(self, row: int) -> None:
        """The last result is too old to be true."""
        self._counts[SUCCESS, row] = 0
        self._seconds[_LAST, row] = np.nan

    def _answered(self, results: EchoResults, round_trips: Seconds) -> None:
        rows, counts, seconds = results.rows, self._counts, self._seconds
        counts[BUCKETS + np.searchsorted(_BOUNDS, round_trips), rows] += 1
        counts[RUN][rows] = 0
        counts[SUCCESS][rows] = 2
        seconds[_SUM][rows] += round_trips
        seconds[_LAST][rows] = round_trips
        if results.ttls is not None:
            self._note_ttls(rows, results.ttls)

    def _note_ttls(self, rows: Rows, ttls: Codes) -> None:
        counts, before = self._counts, self._counts[TTL][rows]
        if (ttls == before).all():
            return
        ttls_now = np.where(ttls > 0, ttls, before)
        counts[TTL_CHANGES][rows] += (ttls_now != before) & (before > 0)
        counts[TTL][rows] = ttls_now

    def _lost(self, rows: Rows, reasons: NDArray[np.uint8]) -> None:
        counts = self._counts
        counts[LOST][rows] += 1
        counts[REASON + reasons.astype(np.int64), rows] += 1
        counts[SUCCESS][rows] = 1
        self._seconds[_LAST][rows] = np.nan
        run = counts[RUN][rows] + 1
        counts[RUN][rows] = run
        counts[RUNS][rows] += run == 1
        counts[RUN_MAX][rows] = np.maximum(counts[RUN_MAX][rows], run)


def _grown(columns: NDArray[Scalar], rows: int) -> NDArray[Scalar]:
    """The columns with at least ``rows`` places; the new ones are zero."""
    missing = max(0, rows - columns.shape[1])
    return np.pad(columns, ((0, 0), (0, missing)))

"""How many routers the replies of each echo stream pass, and how many they usually do."""

from __future__ import annotations

import numpy as np

from netwatch.core.echo import Seconds
from netwatch.core.streams import Rows, grown
from netwatch.export.row_family import Column

MIN_LASTING = 90.0
"""Seconds for which a path must last before it counts: a cut line is told by then (one poll and a
half), and routing has settled."""

USUAL_AFTER = 7 * 86400.0
"""Seconds after which a longer path is the usual one, as when somebody changed the routing."""

_INITIAL_TTLS = (255, 128, 64)
"""What systems send replies with; the least that a reply may have begun with is taken."""

_UNKNOWN = -1


def _hops() -> Column:
    """By time to live: the routers that have lowered it; ``_UNKNOWN`` for 0."""
    hops = np.full(256, _UNKNOWN, np.int64)
    for initial in _INITIAL_TTLS:
        hops[1 : initial + 1] = initial - np.arange(1, initial + 1)
    return hops


_HOPS = _hops()


class PathLengths:
    """Columns: the hops of now and since when, and the usual ones.

    Usual is the shortest path that lasted, until a longer one has lasted for ``USUAL_AFTER``.
    """

    def __init__(self) -> None:
        self._hops: Column = np.zeros(0, np.int64)
        self._usual: Column = np.zeros(0, np.int64)
        self._since: Seconds = np.zeros(0)
        self._is_untold = np.zeros(0, np.bool_)

    def watch(self, rows: int, changed: Rows) -> None:
        """Follow so many rows; nothing is known of those that changed."""
        self._hops, self._usual = grown(self._hops, rows), grown(self._usual, rows)
        self._since, self._is_untold = grown(self._since, rows), grown(self._is_untold, rows)
        self._hops[changed] = self._usual[changed] = _UNKNOWN
        self._is_untold[changed] = False

    def resume(self, row: int, usual: int, now: float) -> None:
        """Take so many hops for usual, as a former run did; ``now``: monotonic seconds."""
        self._usual[row], self._since[row] = usual, now

    def news(self, most: int) -> list[tuple[int, int]]:
        """Some rows whose usual hops have changed since they were told here, and how many."""
        rows = np.flatnonzero(self._is_untold)[:most]
        self._is_untold[rows] = False
        return list(zip(rows.tolist(), self._usual[rows].tolist(), strict=True))

    def may_be_longer(self, now: float) -> bool:
        """Whether the path of any row is longer than usual, however long that has lasted.

        Args:
            now: monotonic seconds.
        """
        is_longer = (self._hops > self._usual) & (self._usual != _UNKNOWN)
        is_awaited = (self._hops == _UNKNOWN) & (now - self._since < 2 * MIN_LASTING)
        return bool((is_longer | (is_awaited & (self._usual != _UNKNOWN))).any())

    def look(self, ttls: Column, now: float) -> None:
        """Take in the time to live of the last reply of each row; call it about once a second.

        Args:
            ttls: 0 where none is known.
            now: monotonic seconds.
        """
        hops = _HOPS[ttls]
        self._since[hops != self._hops] = now
        self._hops = hops
        lasted = now - self._since
        is_usual = (self._usual == _UNKNOWN) | (lasted >= USUAL_AFTER)
        is_usual |= (hops < self._usual) & (lasted >= MIN_LASTING)
        is_usual &= (hops != _UNKNOWN) & (hops != self._usual)
        self._is_untold |= is_usual
        self._usual[is_usual] = hops[is_usual]

    def longer(self, now: float) -> list[tuple[int, int, float]]:
        """The rows whose path is longer than usual, by how many hops, and for how many seconds."""
        lasted = now - self._since
        is_longer = (self._hops > self._usual) & (self._usual != _UNKNOWN)
        rows = np.flatnonzero(is_longer & (lasted >= MIN_LASTING))
        more = self._hops[rows] - self._usual[rows]
        return list(zip(rows.tolist(), more.tolist(), lasted[rows].tolist(), strict=True))

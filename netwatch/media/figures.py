"""Figures of a packet stream: loss, runs of losses, jitter, lateness, quantiles. Pure; no I/O."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import ceil

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, slots=True)
class Losses:
    """How packets of a stream were lost.

    Attributes:
        ratio: share of all packets that were lost, 0 to 1.
        longest: packets in the longest run of losses.
        burst: BurstR of ITU-T G.107: the mean length of a run of losses, divided by what it would
            be if losses were independent of each other; at least 1.
    """

    ratio: float
    longest: int
    burst: float


def losses(arrived: NDArray[np.bool_]) -> Losses:
    """The losses of a stream; none for an empty one.

    Args:
        arrived: for each packet, in the order of sending, whether it arrived.
    """
    lost = len(arrived) - int(np.count_nonzero(arrived))
    if not lost:
        return Losses(0.0, 0, 1.0)
    changes = np.flatnonzero(np.diff(arrived, prepend=True, append=True))
    runs = changes[1::2] - changes[::2]
    ratio = lost / len(arrived)
    return Losses(ratio, int(runs.max()), max(1.0, lost / len(runs) * (1 - ratio)))


def jitter(transits: NDArray[np.int64]) -> float | None:
    """Interarrival jitter (RFC 3550, section 6.4.1), in the unit of the transits.

    Its recursion ``J += (|D| - J) / 16`` is a weighted sum of all ``|D|``, the last of which
    weigh most.

    Args:
        transits: time of arrival less time of sending, in the order of arrival. The clocks of
            both ends may differ, as long as the difference stays the same.

    Returns:
        None for fewer than two packets.
    """
    if len(transits) < 2:
        return None
    return float(np.abs(transits[1:] - transits[:-1]) @ _weights(len(transits) - 1))


@lru_cache(maxsize=16)
def _weights(count: int) -> NDArray[np.float64]:
    """The weight of each of ``count`` differences in the jitter after the last one."""
    weights: NDArray[np.float64] = (15 / 16) ** np.arange(count - 1, -1, -1) / 16
    return weights


def late(delays: NDArray[np.float64], buffer: float) -> NDArray[np.bool_]:
    """For each packet whether it comes too late to be played.

    Args:
        delays: of the packets, seconds.
        buffer: seconds that the jitter buffer waits beyond the shortest delay.
    """
    are_late: NDArray[np.bool_] = delays > delays.min(initial=np.inf) + buffer
    return are_late


_STATISTICS = {"min": 0.0, "median": 0.5, "max": 1.0}
"""The shares of ``statistics`` by their labels."""


def statistics(values: ArrayLike) -> dict[str, float]:
    """Smallest value, median and largest value, by the label ``statistic`` of their series."""
    return dict(zip(_STATISTICS, quantiles(values, *_STATISTICS.values()), strict=True))


def quantile(values: ArrayLike, share: float) -> float:
    """The smallest value that ``share`` of all values don't exceed; of at least one value."""
    return quantiles(values, share)[0]


def quantiles(values: ArrayLike, *shares: float) -> list[float]:
    """For each share the smallest value that so many of all don't exceed; see ``quantile``."""
    ordered = np.sort(values)
    return [float(ordered[max(0, ceil(share * len(ordered)) - 1)]) for share in shares]

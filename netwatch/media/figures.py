"""What a stream of packets went through: loss, runs of losses, jitter, lateness. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import ceil

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, slots=True)
class Losses:
    """How packets were lost.

    Attributes:
        ratio: share of all, 0 to 1.
        longest: packets of the longest run.
        burst: BurstR of ITU-T G.107: mean run over that of independent losses; 1 and more.
    """

    ratio: float
    longest: int
    burst: float


def losses(arrived: NDArray[np.bool_]) -> Losses:
    """Of a stream in the order of sending; an empty one lost nothing."""
    lost = len(arrived) - int(np.count_nonzero(arrived))
    if not lost:
        return Losses(0.0, 0, 1.0)
    turns = np.flatnonzero(np.diff(arrived, prepend=True, append=True))
    runs = turns[1::2] - turns[::2]
    ratio = lost / len(arrived)
    return Losses(ratio, int(runs.max()), max(1.0, lost / len(runs) * (1 - ratio)))


def jitter(transits: NDArray[np.int64]) -> float | None:
    """Interarrival jitter (RFC 3550, section 6.4.1), in the unit of the transits.

    Its recursion ``J += (|D| - J) / 16`` is a sum of all ``|D|`` whose weights fade.

    Args:
        transits: time of arrival less time of sending, in the order of arrival. The clocks of
            both ends may differ by anything, as long as it is always the same.
    """
    if len(transits) < 2:
        return None
    return float(np.abs(transits[1:] - transits[:-1]) @ _weights(len(transits) - 1))


@lru_cache(maxsize=16)
def _weights(count: int) -> NDArray[np.float64]:
    """Of each difference in the jitter after the last one."""
    weights: NDArray[np.float64] = (15 / 16) ** np.arange(count - 1, -1, -1) / 16
    return weights


def late(delays: NDArray[np.float64], buffer: float) -> NDArray[np.bool_]:
    """For each delay whether a jitter buffer of ``buffer`` beyond the shortest is too small."""
    are_late: NDArray[np.bool_] = delays > delays.min(initial=np.inf) + buffer
    return are_late


def quantile(values: ArrayLike, share: float) -> float:
    """The smallest value that ``share`` of all values don't exceed; of at least one value."""
    return quantiles(values, share)[0]


def quantiles(values: ArrayLike, *shares: float) -> list[float]:
    """For each share the smallest value that so many of all don't exceed; see ``quantile``."""
    ordered = np.sort(values)
    return [float(ordered[max(0, ceil(share * len(ordered)) - 1)]) for share in shares]

"""What a stream of packets went through: loss, runs of losses, jitter, lateness. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import ceil


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


def losses(arrived: Sequence[bool]) -> Losses:
    """Of a stream in the order of sending; an empty one lost nothing."""
    runs = [sum(1 for _ in run) for is_lost, run in groupby(not one for one in arrived) if is_lost]
    ratio = sum(runs) / len(arrived) if arrived else 0.0
    mean = sum(runs) / len(runs) if runs else 1.0
    return Losses(ratio, max(runs, default=0), max(1.0, mean * (1 - ratio)))


def jitter(transits: Iterable[float]) -> float | None:
    """Interarrival jitter (RFC 3550, section 6.4.1), in the unit of the transits.

    Args:
        transits: time of arrival less time of sending, in the order of arrival. The clocks of
            both ends may differ by anything, as long as it is always the same.
    """
    estimate, before = 0.0, None
    count = 0
    for transit in transits:
        if before is not None:
            estimate += (abs(transit - before) - estimate) / 16
        before = transit
        count += 1
    return estimate if count > 1 else None


def late(delays: Sequence[float], buffer: float) -> list[bool]:
    """For each delay whether a jitter buffer of ``buffer`` beyond the shortest is too small."""
    shortest = min(delays, default=0.0)
    return [delay > shortest + buffer for delay in delays]


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest value that ``share`` of all values don't exceed; of at least one value."""
    return sorted(values)[max(0, ceil(share * len(values)) - 1)]

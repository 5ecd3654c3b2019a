"""Loss on a line, alone or in bursts: the two-state chain of Gilbert and Elliott.

In the good state every packet passes, in the bad state every packet is lost, and after each packet
the state may change. Two figures define the chain: the share that is lost in the long run, and the
mean number of packets in a burst of losses.

Sources: E. N. Gilbert, "Capacity of a Burst-Noise Channel", Bell System Technical Journal 39
(1960), pp. 1253-1265; E. O. Elliott, "Estimates of Error Rates for Codes on Burst-Noise Channels",
ibid. 42 (1963), pp. 1977-1997. Their states have rates of error; here these are 0 and 1.
"""

from __future__ import annotations

from random import Random
from typing import NamedTuple


class LossProcess(NamedTuple):
    """How a line loses packets.

    Attributes:
        ratio: share that is lost, 0 to 1.
        burst: mean number of packets that are lost in a row, at least 1; None: each packet's fate
            is its own.
    """

    ratio: float
    burst: float | None = None


def highest_ratio(burst: float) -> float:
    """The largest share that bursts of this mean length can lose.

    At least one packet passes between two bursts.
    """
    return burst / (burst + 1)


class LossChain:
    """Decides for one packet after the other whether it is lost.

    Args:
        loss: how many packets are lost; a ratio above ``highest_ratio`` counts as that one.
        random: the chain's only source of random numbers.
    """

    def __init__(self, loss: LossProcess, random: Random) -> None:
        self._random = random
        # Bursts of 1 / (1 - ratio) are what independent losses make: both chances are the ratio.
        recovers = 1 - loss.ratio if loss.burst is None else 1 / loss.burst
        self._stays = 1 - recovers
        self._begins = recovers * loss.ratio / (1 - loss.ratio) if loss.ratio < 1 else 1.0
        self._is_bad = random.random() < loss.ratio

    def loses(self) -> bool:
        """Whether the next packet is lost."""
        lost = self._is_bad
        self._is_bad = self._random.random() < (self._stays if lost else self._begins)
        return lost

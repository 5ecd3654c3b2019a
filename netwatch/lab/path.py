"""The path to one address: decides what becomes of each packet on it, and counts that."""

from __future__ import annotations

import random
from collections.abc import Iterable
from typing import NamedTuple

from netwatch.lab.impairment import UNIMPAIRED, Impairment
from netwatch.lab.loss import LossChain


class PathTransit(NamedTuple):
    """How a packet that is not dropped is passed on.

    Attributes:
        hold: seconds to hold it.
        copies: how many of it arrive.
        number: its place among the packets to its address that went on, from 1; hand it to
            ``Wire.left`` when a packet that was held leaves.
    """

    hold: float = 0.0
    copies: int = 1
    number: int = 0


IMMEDIATE = PathTransit()
"""The transit of every packet on an unimpaired path: one object, so that it costs nothing."""

COUNTED = (
    "seen",
    "cut",
    "barred",
    "lost",
    "forwarded",
    "delayed",
    "duplicated",
    "reordered",
    "returned",
    "returned_cut",
    "returned_lost",
)


class Path:
    """The path to one address, and what became of the packets on it.

    Attributes:
        impairment: what happens to packets now; set by ``set_impairment``.
        barriers: (IP protocol, port) that a firewall holds back; port 0 where there are none.
        seen: packets that came from the collector's side: the sum of the next four.
        cut, barred, lost: why a packet was dropped.
        forwarded: packets that went on, at once or later.
        delayed: how many of them were held.
        duplicated: how many of them arrived twice.
        reordered: how many of them left after one that had come later (RFC 4737, section 3.3).
        returned: packets that went back to the collector's side.
        returned_cut, returned_lost: packets on the way back that were dropped, and why.
    """

    __slots__ = (
        *COUNTED,
        "_back",
        "_last_to_leave",
        "_out",
        "_random",
        "_seed",
        "barriers",
        "impairment",
    )

    def __init__(self, seed: str) -> None:
        self.impairment = UNIMPAIRED
        self.barriers: frozenset[tuple[int, int]] = frozenset()
        self.seen = self.cut = self.barred = self.lost = 0
        self.forwarded = self.delayed = self.duplicated = self.reordered = 0
        self.returned = self.returned_cut = self.returned_lost = 0
        self._seed = seed
        self._random: dict[str, random.Random] = {}
        self._out: list[LossChain] = []
        self._back: list[LossChain] = []
        self._last_to_leave = 0

    def set_impairment(self, impairment: Impairment) -> None:
        """Impair packets like this from now on; losses that stay the same keep their state."""
        before, self.impairment = (
            self.impairment,
            UNIMPAIRED if impairment == UNIMPAIRED else impairment,
        )
        if impairment.losses != before.losses:
            self._out = [LossChain(loss, self._chance("out")) for loss in impairment.losses]
        if impairment.losses_back != before.losses_back:
            self._back = [LossChain(loss, self._chance("back")) for loss in impairment.losses_back]

    def _chance(self, way: str) -> random.Random:
        """Random numbers of one way: each has its own, whatever the order of packets of both."""
        if way not in self._random:  # most paths never need one, and it takes 2.5 KB
            seed = f"{self._seed} {way}"
            self._random[way] = random.Random(seed)  # noqa: S311 -- repeatable, not secret
        return self._random[way]

    def outward(self) -> PathTransit | None:
        """Decide about a packet to the address that no barrier stopped; None to drop it."""
        impairment = self.impairment
        if impairment is UNIMPAIRED:
            self.forwarded = self._last_to_leave = self.forwarded + 1
            return IMMEDIATE
        if impairment.cut:
            self.cut += 1
            return None
        if _loses(self._out):
            self.lost += 1
            return None
        self.forwarded += 1
        hold, chance = impairment.delay, self._chance("out").random
        if impairment.jitter:
            hold += impairment.jitter * chance()
        if impairment.reorder and chance() < impairment.reorder:
            hold += impairment.reorder_by
        copies = 2 if impairment.duplicate and chance() < impairment.duplicate else 1
        self.duplicated += copies - 1
        if hold:
            self.delayed += 1
        else:
            self._last_to_leave = self.forwarded
        return PathTransit(hold, copies, self.forwarded)

    def left(self, number: int) -> None:
        """Count a packet that was held and leaves now; ``number`` is that of its transit."""
        if number < self._last_to_leave:
            self.reordered += 1
        else:
            self._last_to_leave = number

    def inward(self) -> bool:
        """Whether a packet from the address may pass."""
        impairment = self.impairment
        if impairment is not UNIMPAIRED:
            if impairment.cut:
                self.returned_cut += 1
                return False
            if _loses(self._back):
                self.returned_lost += 1
                return False
        self.returned += 1
        return True

    def counts(self) -> dict[str, int]:
        """All counts by name, for the log."""
        return {name: getattr(self, name) for name in COUNTED}


def _loses(chains: Iterable[LossChain]) -> bool:
    """Whether any of the lines loses the packet; the state of each moves on in any case."""
    lost = False
    for chain in chains:
        lost |= chain.loses()
    return lost

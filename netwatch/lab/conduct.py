"""How the wire behaves towards one address, and what several faults make of it together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from netwatch.lab.loss import LossProcess


@dataclass(frozen=True, slots=True)
class Conduct:
    """What happens to packets to and from one address.

    A cut stops both ways. All else but ``losses_back`` acts on the way to the address only, so an
    echo is lost with exactly the probability of ``losses``, and its round trip grows by exactly
    what its request was held.

    Attributes:
        cut: nothing passes.
        losses: lines that lose packets, one behind the other.
        losses_back: the same on the way back.
        delay: seconds that each packet is held.
        jitter: up to so many seconds more, evenly spread.
        duplicate: share of packets that arrive twice, 0 to 1.
        reorder: share of packets that are held ``reorder_by`` seconds more, 0 to 1, so that
            those behind may overtake them.
    """

    cut: bool = False
    losses: tuple[LossProcess, ...] = ()
    losses_back: tuple[LossProcess, ...] = ()
    delay: float = 0.0
    jitter: float = 0.0
    duplicate: float = 0.0
    reorder: float = 0.0
    reorder_by: float = 0.0


CLEAR = Conduct()


def combine(conducts: Iterable[Conduct]) -> Conduct:
    """The conduct of several faults one behind the other."""
    found = list(conducts)
    return Conduct(
        cut=any(one.cut for one in found),
        losses=tuple(loss for one in found for loss in one.losses),
        losses_back=tuple(loss for one in found for loss in one.losses_back),
        delay=sum((one.delay for one in found), 0.0),
        jitter=sum((one.jitter for one in found), 0.0),
        duplicate=_either(one.duplicate for one in found),
        reorder=_either(one.reorder for one in found),
        reorder_by=max((one.reorder_by for one in found), default=0.0),
    )


def from_message(message: Mapping[str, Any]) -> Conduct:
    """The conduct whose ``dataclasses.asdict`` went through JSON."""
    losses = {
        way: tuple(LossProcess(*loss) for loss in message[way]) for way in ("losses", "losses_back")
    }
    return Conduct(**{**message, **losses})


def _either(chances: Iterable[float]) -> float:
    """The chance that at least one of several things happens."""
    either = 0.0
    for chance in chances:
        either += (1.0 - either) * chance
    return either

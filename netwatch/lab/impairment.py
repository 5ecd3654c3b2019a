"""What the wire does to the packets of one address, and how several faults add up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from netwatch.lab.loss import LossProcess


@dataclass(frozen=True, slots=True)
class Impairment:
    """What happens to packets to and from one address.

    A cut stops both ways. Everything else but ``losses_back`` acts on the way to the address only.
    So an echo is lost with exactly the probability of ``losses``, and its round trip grows by
    exactly the time that its request was held.

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


UNIMPAIRED = Impairment()


def combine(impairments: Iterable[Impairment]) -> Impairment:
    """The impairment of several faulty lines one behind the other."""
    found = list(impairments)
    return Impairment(
        cut=any(each.cut for each in found),
        losses=tuple(loss for each in found for loss in each.losses),
        losses_back=tuple(loss for each in found for loss in each.losses_back),
        delay=sum((each.delay for each in found), 0.0),
        jitter=sum((each.jitter for each in found), 0.0),
        duplicate=_either(each.duplicate for each in found),
        reorder=_either(each.reorder for each in found),
        reorder_by=max((each.reorder_by for each in found), default=0.0),
    )


def from_message(message: Mapping[str, Any]) -> Impairment:
    """The impairment whose ``dataclasses.asdict`` went through JSON."""
    losses = {
        way: tuple(LossProcess(*loss) for loss in message[way]) for way in ("losses", "losses_back")
    }
    return Impairment(**{**message, **losses})


def _either(chances: Iterable[float]) -> float:
    """The chance that at least one of several things happens."""
    either = 0.0
    for chance in chances:
        either += (1.0 - either) * chance
    return either

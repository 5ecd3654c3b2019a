"""Traces the path to an address once, hop by hop, through icmplib."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import icmplib

from netwatch.core.errors import StartError

MAX_HOPS = 30

_PROBES_PER_HOP = 2

_TIMEOUT = 1.0
"""Seconds to wait for the answer to each probe."""


@dataclass(frozen=True, slots=True)
class Hop:
    """A router on the path, or the address at its end.

    Attributes:
        distance: hops from here.
        address: who answered; empty when nobody did.
        round_trip: mean round trip, seconds; None when nobody answered.
    """

    distance: int
    address: str
    round_trip: float | None

    def __str__(self) -> str:
        if self.round_trip is None:
            return f"{self.distance:3}  *"
        return f"{self.distance:3}  {self.address:40} {self.round_trip * 1000:8.2f} ms"


async def trace(address: str, max_hops: int = MAX_HOPS) -> list[Hop]:
    """Every hop up to ``address``, or ``max_hops`` of them, silent ones included.

    Raises:
        StartError: raw sockets are not permitted, or nothing can be sent to the address.
    """
    return await asyncio.to_thread(trace_now, address, max_hops)


def trace_now(address: str, max_hops: int = MAX_HOPS) -> list[Hop]:
    """The same as ``trace``, but blocking, up to a minute: for use in a thread."""
    try:
        answers = icmplib.traceroute(
            address, count=_PROBES_PER_HOP, timeout=_TIMEOUT, max_hops=max_hops
        )
    except icmplib.SocketPermissionError:
        raise StartError("trace needs raw sockets; run it as root or with CAP_NET_RAW") from None
    except icmplib.ICMPLibError as error:
        raise StartError(f"trace {address}: {error}") from None
    by_distance = {answer.distance: answer for answer in answers}
    last = max(by_distance, default=0)
    reached = last and by_distance[last].address == address
    hops = []
    for distance in range(1, (last if reached else max_hops) + 1):
        answer = by_distance.get(distance)
        if answer is None or not answer.rtts:
            hops.append(Hop(distance, "", None))
        else:
            hops.append(Hop(distance, answer.address, answer.avg_rtt / 1000))
    return hops

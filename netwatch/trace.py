"""Traces the path to an address once, hop by hop, through icmplib."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import icmplib

from netwatch.core.errors import StartError

MAX_HOPS = 30

_PROBES_PER_HOP = 2

_TIMEOUT = 1.0
"""Seconds to wait for the answer to each probe."""


class RawSocketsError(StartError):
    """Raw sockets are not permitted, so no path can be traced."""


@dataclass(frozen=True, slots=True)
class Hop:
    """A router on the path, or the address at its end.

    Attributes:
        distance: hops from here.
        address: who answered; empty when nobody did.
        round_trip: round trip, seconds; None when nobody answered.
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


def trace_now(
    address: str,
    max_hops: int = MAX_HOPS,
    max_silent: int = MAX_HOPS,
    ask: Callable[[str, int], Hop] | None = None,
) -> list[Hop]:
    """The same as ``trace``, but blocking, up to two seconds a hop: for use in a thread.

    Args:
        address: where the path leads to.
        max_hops: how far it is followed.
        max_silent: silent hops in a row after which it is given up.
        ask: who answers an echo at a distance; icmplib, unless told otherwise.
    """
    hops: list[Hop] = []
    silent = 0
    for distance in range(1, max_hops + 1):
        hop = (ask or _hop)(address, distance)
        if hop.address and hops and hop.address == hops[-1].address:
            break  # it answers that there is no way on, at whatever distance
        hops.append(hop)
        silent = 0 if hop.address else silent + 1
        if hop.address == address or silent >= max_silent:
            break
    return hops


def _hop(address: str, distance: int) -> Hop:
    """Who answers at a distance; a silent hop is asked twice, because routers limit their errors.

    Raises:
        RawSocketsError: raw sockets are not permitted.
        StartError: nothing can be sent to the address.
    """
    for _ in range(_PROBES_PER_HOP):
        try:
            answers = icmplib.traceroute(
                address, count=1, timeout=_TIMEOUT, first_hop=distance, max_hops=distance
            )
        except icmplib.SocketPermissionError:
            what = "trace needs raw sockets; run it as root or with CAP_NET_RAW"
            raise RawSocketsError(what) from None
        except icmplib.ICMPLibError as error:
            raise StartError(f"trace {address}: {error}") from None
        if answers and answers[0].rtts:
            return Hop(distance, answers[0].address, answers[0].avg_rtt / 1000)
    return Hop(distance, "", None)

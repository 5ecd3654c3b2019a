"""Asks many addresses for an echo, a few every moment, and those that were silent once more."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence

from netwatch.core.check import Check
from netwatch.core.result import Outcome, Report, Result
from netwatch.discovery.progress import SweepProgress
from netwatch.probes.icmp import IcmpParams, IcmpProbe

DEFAULT_RATE = 250.0
"""Addresses a second: a network of /16 takes nine minutes, both rounds."""

MAX_RATE = 1000.0
"""Addresses a second, at the most."""

TIMEOUT = 2.0
"""Seconds after which an address is silent."""

_TICK = 0.1
"""Seconds between two bursts."""

_KEEP_INTERVAL = 5.0
"""Seconds after which the progress is kept."""


async def sweep(
    addresses: Sequence[str],
    rate: float,
    progress: SweepProgress,
    tell: Callable[[SweepProgress, int], None],
) -> int:
    """Ask all that were not asked yet; who answers is noted in ``progress``.

    Args:
        addresses: in an order that is always the same.
        rate: addresses a second.
        progress: how far it has come; kept now and then, and when this ends in any way.
        tell: gets it, and how many are asked in this round.

    Returns:
        How many could not be asked by this machine.

    Raises:
        StartError: ICMP is not permitted on this machine.
    """
    unsent: set[str] = set()

    def take(report: Report) -> None:
        if isinstance(report, Result):
            address = report.check.address
            if report.outcome is Outcome.SUCCESS:
                progress.answered[address] = None
            (unsent.add if report.outcome is Outcome.INVALID else unsent.discard)(address)

    # Whose answers were still awaited when it was stopped is asked again.
    progress.asked = max(0, progress.asked - int(rate * TIMEOUT))
    probe = IcmpProbe(take)
    await probe.open()
    try:
        if progress.round == 1:
            await _round(addresses, rate, progress, probe, tell)
            progress.round, progress.asked = 2, 0
        await _round(addresses, rate, progress, probe, tell)
    finally:
        progress.keep()
        await probe.close()
    return len(unsent)


async def _round(
    todo: Sequence[str],
    rate: float,
    progress: SweepProgress,
    probe: IcmpProbe,
    tell: Callable[[SweepProgress, int], None],
) -> None:
    """One round: everybody, but in the second one those that have answered."""
    begin, first, kept = time.monotonic(), progress.asked, time.monotonic()
    while progress.asked < len(todo):
        now = time.monotonic()
        until = min(len(todo), first + int((now - begin) * rate) + 1)
        # What this machine came late for is not sent all at once.
        until = min(until, progress.asked + int(rate * _TICK * 2) + 1)
        for address in todo[progress.asked : until]:
            if progress.round == 1 or address not in progress.answered:
                probe.launch(_check(address), now)
        progress.asked = max(until, progress.asked)
        tell(progress, len(todo))
        if now - kept > _KEEP_INTERVAL:
            progress.keep()
            kept = now
        await asyncio.sleep(_TICK)
    await asyncio.sleep(TIMEOUT + _TICK)
    tell(progress, len(todo))


def _check(address: str) -> Check[IcmpParams]:
    return Check("", address, "icmp", "icmp", address, 60.0, TIMEOUT, IcmpParams())

"""How late an event loop wakes up, and how much of that is the machine's doing."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

STEP = 0.001
"""Seconds between two looks."""


class Lag:
    """Delays of the loop, seconds.

    Args:
        step: seconds between two looks.

    Attributes:
        seen: how much later than asked the loop woke up.
        own: the same, less the time for which its thread was ready to run and the kernel let
            other processes run (``/proc/thread-self/schedstat``, second field). On a machine that
            does nothing else, both are the same.
    """

    def __init__(self, step: float = STEP) -> None:
        self._step = step
        self.seen: list[float] = []
        self.own: list[float] = []

    def __str__(self) -> str:
        return f"{quantiles(self.own)} ms; as seen {quantiles(self.seen)} ms"

    async def watch(self) -> None:
        """Look until cancelled."""
        while True:
            waited, asked = waiting(), time.perf_counter() + self._step
            await asyncio.sleep(self._step)
            late = time.perf_counter() - asked
            self.seen.append(max(0.0, late))
            self.own.append(max(0.0, late - (waiting() - waited)))


def waiting() -> float:
    """Seconds for which this thread could have run and did not get a processor."""
    return int(Path("/proc/thread-self/schedstat").read_text().split()[1]) / 1e9


def quantiles(values: list[float]) -> str:
    """p50, p99 and maximum in milliseconds."""
    ordered = sorted(values)
    middle, most = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.99)]
    return " / ".join(f"{value * 1e3:.1f}" for value in (middle, most, ordered[-1]))


@asynccontextmanager
async def watched(lag: Lag) -> AsyncIterator[None]:
    """Add the loop's lag from here to the end of the block."""
    watching = asyncio.create_task(lag.watch())
    try:
        yield
    finally:
        watching.cancel()

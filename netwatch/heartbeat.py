"""The pulse of the daemon: how late the loop runs, and steps of the wall clock."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from netwatch.core.clock import SlotClock

BEAT = 0.4
"""Seconds between two beats: the longest of the schedule's ticks, so that both wake up together."""

STEP = 0.5
"""Seconds between wall clock and monotonic clock that are taken for a step, not a drift."""


async def beat(
    on_beat: Callable[[], None],
    on_lag: Callable[[float], None],
    on_clock_step: Callable[[float], None],
) -> None:
    """Beat until cancelled.

    Args:
        on_beat: called at each beat.
        on_lag: told by how many seconds the loop woke up too late.
        on_clock_step: told by how many seconds the wall clock was set forward or back.
    """
    offset, slots = time.time() - time.monotonic(), SlotClock()
    while True:
        now = time.monotonic()
        asked = slots.next_start(BEAT, now)
        await asyncio.sleep(asked - now)
        on_lag(max(0.0, time.monotonic() - asked))
        moved = time.time() - time.monotonic() - offset
        offset += moved
        if abs(moved) > STEP:
            on_clock_step(moved)
        on_beat()

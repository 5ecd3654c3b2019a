"""A periodic beat that measures how late the event loop runs, and notices clock steps."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from netwatch.core.clock import SlotClock

BEAT_INTERVAL = 0.4
"""Seconds between two beats: the longest of the schedule's ticks, so that both wake up together."""

MIN_CLOCK_STEP = 0.5
"""Seconds by which wall clock and monotonic clock move apart within a beat; less is drift."""


async def beat(
    on_beat: Callable[[], None],
    on_lag: Callable[[float], None],
    on_clock_step: Callable[[float], None],
) -> None:
    """Beat until cancelled.

    Args:
        on_beat: called at each beat.
        on_lag: called with how many seconds the loop woke up too late.
        on_clock_step: called with how many seconds the wall clock was set forward or back.
    """
    offset, slots = time.time() - time.monotonic(), SlotClock()
    while True:
        now = time.monotonic()
        asked = slots.next_start(BEAT_INTERVAL, now)
        await asyncio.sleep(asked - now)
        on_lag(max(0.0, time.monotonic() - asked))
        moved = time.time() - time.monotonic() - offset
        offset += moved
        if abs(moved) > MIN_CLOCK_STEP:
            on_clock_step(moved)
        on_beat()

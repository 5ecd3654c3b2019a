"""The pulse tells a loop that is late, and a wall clock that was set."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from netwatch.process import heartbeat


class Wall:
    """A clock on the wall that somebody can set."""

    def __init__(self) -> None:
        self.set_by = 0.0

    def time(self) -> float:
        return time.time() + self.set_by

    def monotonic(self) -> float:
        return time.monotonic()


class Pulse:
    """What a heartbeat told."""

    def __init__(self) -> None:
        self.lags: list[float] = []
        self.steps: list[float] = []
        self.beaten = asyncio.Event()

    async def next_beat(self) -> None:
        self.beaten.clear()
        async with asyncio.timeout(10):
            await self.beaten.wait()


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> Wall:
    clock = Wall()
    monkeypatch.setattr(heartbeat, "time", clock)
    monkeypatch.setattr(heartbeat, "BEAT_INTERVAL", 0.02)
    return clock


@pytest.fixture
async def pulse(wall: Wall) -> AsyncIterator[Pulse]:
    told = Pulse()
    task = asyncio.create_task(heartbeat.beat(told.beaten.set, told.lags.append, told.steps.append))
    await told.next_beat()
    yield told
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_stalled_loop_is_reported(pulse: Pulse) -> None:
    time.sleep(0.3)  # noqa: ASYNC251 - the stall itself
    await pulse.next_beat()
    assert max(pulse.lags) >= 0.25
    assert pulse.steps == []


@pytest.mark.parametrize("step", [3600.0, -3600.0])
async def test_a_step_of_the_clock_is_reported_once(pulse: Pulse, wall: Wall, step: float) -> None:
    wall.set_by = step
    await pulse.next_beat()
    await pulse.next_beat()
    assert pulse.steps == [pytest.approx(step, abs=1)]


async def test_a_drift_is_no_step(pulse: Pulse, wall: Wall) -> None:
    for _ in range(5):
        wall.set_by += 0.3
        await pulse.next_beat()
    assert pulse.steps == []

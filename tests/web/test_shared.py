from __future__ import annotations

import asyncio
import gc
import weakref
from time import monotonic

import pytest

from netwatch.web.shared import MAX_REST, Shared


class Page:
    """An outcome that can be watched."""


async def test_nothing_is_kept_of_what_nobody_waits_for() -> None:
    async def work() -> Page:
        return Page()

    shared = Shared(work)
    outcome = await shared.get()
    watched = weakref.ref(outcome)
    del outcome
    await asyncio.sleep(0)
    gc.collect()
    assert watched() is None


async def test_an_outcome_serves_for_a_while() -> None:
    async def work() -> Page:
        return Page()

    shared = Shared(work, keep=60.0)
    assert await shared.get() is await shared.get()


async def test_it_rests_as_long_as_it_should() -> None:
    begun: list[float] = []
    ended: list[float] = []

    async def work() -> None:
        begun.append(monotonic())
        await asyncio.sleep(0.05)
        ended.append(monotonic())

    shared = Shared(work, rest=4.0)
    for _ in range(3):
        await asyncio.gather(*(shared.get() for _ in range(10)))
    assert len(begun) == 3
    for number in (0, 1):
        assert begun[number + 1] - ended[number] >= 4 * (ended[number] - begun[number])


async def test_it_does_not_rest_for_long() -> None:
    async def work() -> None:
        await asyncio.sleep(0.1)

    shared = Shared(work, rest=1e6)
    await shared.get()
    async with asyncio.timeout(MAX_REST + 10):
        await shared.get()


async def test_an_error_reaches_all_who_wait_and_is_not_kept() -> None:
    async def work() -> None:
        await asyncio.sleep(0)
        raise RuntimeError("no page")

    shared = Shared(work)
    outcomes = await asyncio.gather(*(shared.get() for _ in range(3)), return_exceptions=True)
    assert [str(outcome) for outcome in outcomes] == ["no page"] * 3
    with pytest.raises(RuntimeError):
        await shared.get()

"""Long work in small steps, between which the event loop does its other work."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from time import perf_counter
from typing import TypeVar

T = TypeVar("T")

_MAX_SLICE = 0.001
"""Seconds of work after which the event loop gets its turn: what a scrape may delay an echo by."""


async def paced(steps: Iterable[T]) -> AsyncIterator[T]:
    """The same steps, each of which must take well under a millisecond."""
    deadline = perf_counter() + _MAX_SLICE
    for step in steps:
        yield step
        if perf_counter() >= deadline:
            await asyncio.sleep(0)
            deadline = perf_counter() + _MAX_SLICE

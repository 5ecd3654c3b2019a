"""Long work in small steps, between which the event loop does its other work."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Generator, Iterable
from time import perf_counter
from typing import TypeVar

T = TypeVar("T")

Steps = Generator[None, None, T]
"""Work that stops after each step, and returns a result at its end.

A step takes well under a millisecond, but for a few which one call in C makes: 3 ms at the most.
"""

_MAX_SLICE = 0.001
"""Seconds of work after which the event loop may do other work; a scrape delays an echo by that."""


async def paced(steps: Iterable[T]) -> AsyncIterator[T]:
    """The same steps, with the event loop let in between two of them after ``_MAX_SLICE``.

    Args:
        steps: each of which must take well under a millisecond to make.
    """
    deadline = perf_counter() + _MAX_SLICE
    for step in steps:
        yield step
        if perf_counter() >= deadline:
            await asyncio.sleep(0)
            deadline = perf_counter() + _MAX_SLICE


def at_once(work: Steps[T]) -> T:
    """What ``work`` returns, for those whom nobody waits for."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            result: T = end.value
            return result

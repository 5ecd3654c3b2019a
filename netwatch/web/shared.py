"""Work that is done once, however many ask for it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Generic, TypeVar

T = TypeVar("T")


MAX_REST = 1.0
"""Seconds. A machine that is slow for a moment must not make a scraper wait until it times out."""


class Rest:
    """How long no further work of some kinds is begun, whichever of them was done last.

    Attributes:
        until: monotonic seconds.
    """

    def __init__(self) -> None:
        self.until = 0.0


class Shared(Generic[T]):
    """The outcome of ``work``, shared by all who wait for it and by all who come soon after.

    Args:
        work: what is done.
        keep: seconds for which an outcome is handed out again; 0: only while it is being made,
            and nothing is kept of it.
        rest: how many times as long as the work took no work is begun, up to ``MAX_REST``;
            who comes then waits. It bounds the share of time that any number of callers can make
            the program work.
        resting: shared with other work that rests at the same time; None: it rests by itself.
    """

    def __init__(
        self,
        work: Callable[[], Awaitable[T]],
        keep: float = 0.0,
        rest: float = 0.0,
        resting: Rest | None = None,
    ) -> None:
        self._work = work
        self._keep = keep
        self._rest = rest
        self._task: asyncio.Task[T] | None = None
        self._good_until = 0.0
        self._resting = resting or Rest()

    async def get(self) -> T:
        """The outcome, or the error, of the work in progress, of a recent one, or of a new one."""
        if self._task is None or (self._task.done() and monotonic() >= self._good_until):
            self._task = asyncio.create_task(self._run())
        # A caller that goes away must not take the work from the others.
        return await asyncio.shield(self._task)

    async def _run(self) -> T:
        await asyncio.sleep(self._resting.until - monotonic())
        began = monotonic()
        try:
            return await self._work()
        finally:
            ended = monotonic()
            self._resting.until = ended + min(MAX_REST, self._rest * (ended - began))
            self._good_until = ended + self._keep
            if not self._keep:
                self._task = None

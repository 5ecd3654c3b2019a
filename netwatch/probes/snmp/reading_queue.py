"""Reads what devices answered, one after the other, so that on a busy machine each is done soon.

Were all read at once, a slice of each in turn, every turn of the event loop would be as long as
they are many, polls would be cut short for it, and what was cut short is worked out anew.
"""

from __future__ import annotations

import asyncio
from typing import TypeVar

from netwatch.process.pace import Steps, at_leisure

T = TypeVar("T")


class ReadingQueue:
    """The devices that wait to be read.

    Args:
        work: seconds of work at a time.
        pause: seconds without work after that, while no other waits.
    """

    def __init__(self, work: float, pause: float = 0.0) -> None:
        self._work = work
        self._pause = pause
        self._turn = asyncio.Lock()
        self._waiting = 0

    async def read(self, work: Steps[T]) -> T:
        """What ``work`` returns, after those that came before."""
        self._waiting += 1
        try:
            await self._turn.acquire()
        finally:
            self._waiting -= 1
        try:
            return await at_leisure(work, self._work, 0.0 if self._waiting else self._pause)
        finally:
            self._turn.release()

"""Reads what restless devices answered: one at a time, so that they delay each other alone.

A device that shows other rows in every poll costs three times what others do, all of it after its
last answer, when nobody waits for it.
"""

from __future__ import annotations

import asyncio
from typing import TypeVar

from netwatch.process.pace import Steps, at_leisure

T = TypeVar("T")

PAUSE = 0.005
"""Seconds between two slices of a millisecond, while no other waits."""


class RestlessQueue:
    """The devices that wait to be read."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()
        self._waiting = 0

    async def read(self, work: Steps[T]) -> T:
        """What ``work`` returns, after those that came before.

        Where many are restless at once, as after polls that an overloaded machine cut short, there
        are no pauses, so that the queue doesn't grow by them.
        """
        self._waiting += 1
        try:
            await self._turn.acquire()
        finally:
            self._waiting -= 1
        try:
            return await at_leisure(work, 0.0 if self._waiting else PAUSE)
        finally:
            self._turn.release()

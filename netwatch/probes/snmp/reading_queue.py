"""Reads what devices answered, a slice of one device at a time; who took little comes first.

Of the devices that wait, the one that took least lately has the next slice. So a device whose
tables are large, or new in every poll, delays nobody by more than others take themselves. How much
it was is told in orders of magnitude, and of those that took as much the first is read to its end:
were they read in turn, all would be late where there is too much to read.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from time import perf_counter
from typing import Any, TypeVar

from netwatch.process.pace import Steps

T = TypeVar("T")

UNKNOWN_STEPS = 32
"""What a device counts for that was never read: more than one that is known and has another name
now and then; to read a switch of 48 ports takes as much."""


class ReadingAccount:
    """What it took to read a device lately.

    Attributes:
        steps: of all its polls, those of each poll counting half of those of the next.
    """

    def __init__(self) -> None:
        self.steps = UNKNOWN_STEPS

    def begin_poll(self) -> None:
        """Forget half."""
        self.steps //= 2


@dataclass(eq=False, slots=True)
class _Reading:
    """A device that is being read: the work, and what became of it."""

    work: Steps[Any]
    account: ReadingAccount
    done: asyncio.Future[Any]
    steps: int = 0

    def rank(self) -> int:
        """The order of magnitude of what it took."""
        return max(self.steps, self.account.steps).bit_length()

    def go_on(self, seconds: float) -> None:
        """Work for so long, but at least one step."""
        end = perf_counter() + seconds
        try:
            while True:
                self.steps += 1
                next(self.work)
                if perf_counter() >= end:
                    return
        except StopIteration as stop:
            self.done.set_result(stop.value)
        except Exception as error:  # noqa: BLE001 - for whoever waits for it
            self.done.set_exception(error)


class ReadingQueue:
    """The devices that wait to be read.

    Args:
        slice_: seconds of work, after which others have the event loop.
        rest: seconds without work for each second of work, however many wait.
    """

    def __init__(self, slice_: float, rest: float = 0.0) -> None:
        self._slice = slice_
        self._rest = rest
        self._readings: list[_Reading] = []
        self._worker: asyncio.Task[None] | None = None

    async def read(self, work: Steps[T], account: ReadingAccount) -> T:
        """What ``work`` returns, or raises.

        Args:
            work: what is to be done; what it does before its first step is done at once.
            account: of the device.
        """
        try:
            next(work)
        except StopIteration as stop:
            known: T = stop.value
            return known
        loop = asyncio.get_running_loop()
        reading = _Reading(work, account, loop.create_future())
        self._readings.append(reading)
        if self._worker is None or self._worker.done():
            self._worker = loop.create_task(self._work(), name="snmp readings")
        try:
            result: T = await reading.done
            return result
        finally:
            self._readings.remove(reading)
            account.steps += reading.steps

    async def _work(self) -> None:
        while waiting := [each for each in self._readings if not each.done.done()]:
            began = perf_counter()
            min(waiting, key=_Reading.rank).go_on(self._slice)
            await asyncio.sleep(self._rest * (perf_counter() - began))

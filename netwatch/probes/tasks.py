"""Probes that measure in one task a slot, bounded in number and in time."""

from __future__ import annotations

import asyncio
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Generic, TypeVar

from netwatch.core.check import Check
from netwatch.core.params import ProbeParams
from netwatch.core.result import NOTHING_READ, Outcome, Readings, Reason, Result, Sample, Sink
from netwatch.net.peer import MAX_STALL
from netwatch.probes.contract import ErrorResult
from netwatch.probes.turns import Turns

P = TypeVar("P", bound=ProbeParams)
"""The parameters of a probe's checks."""

CLOSE_TIMEOUT = 5.0
"""Seconds that tasks have to end in when they are told to; a probe that takes no notice stays."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What one measurement came to; see ``netwatch.core.result.Result`` for the fields."""

    outcome: Outcome
    reason: Reason
    duration: float | None = None
    samples: Readings = NOTHING_READ
    detail: str = ""
    facts: tuple[Sample, ...] = ()
    crossed: bool = False

    def of(self, check: Check, due: float) -> Result:
        """This as the result of the slot ``due`` (monotonic seconds), known by now."""
        return Result(
            check=check,
            due=due,
            finished=time.monotonic(),
            outcome=self.outcome,
            reason=self.reason,
            duration=self.duration,
            samples=self.samples,
            detail=self.detail,
            facts=self.facts,
            crossed=self.crossed,
        )


class TaskProbe(ABC, Generic[P]):
    """Base of the probes that do one measurement in one task.

    Args:
        sink: where results go.
        max_concurrent: how many tasks may run at one time. A slot that finds them all
            taken is reported as not measured, so that slow devices can't make a queue; whoever
            is left out comes first the next time.
    """

    def __init__(self, sink: Sink, max_concurrent: int) -> None:
        self._sink = sink
        self._turns = Turns(lambda: max_concurrent)
        self._tasks: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        """Prepare what all slots share."""

    def launch(self, check: Check[P], due: float) -> None:
        """Begin a slot; its one result follows within ``check.timeout``."""
        if not self._turns.take(check, due):
            self._sink(_TOO_MANY.of(check, due))
            return
        task = asyncio.get_running_loop().create_task(self._run(check, due), name=check.id)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    async def close(self) -> None:
        """End all tasks without a result."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=CLOSE_TIMEOUT)

    @abstractmethod
    async def measure(self, check: Check[P]) -> Measured:
        """Measure one slot. It is cancelled after ``check.timeout``."""

    def silence(self, check: Check[P]) -> Measured:
        """The outcome of a slot whose time was up before ``measure`` had returned."""
        return Measured(Outcome.FAILURE, Reason.TIMEOUT)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._turns.give_back()

    async def _run(self, check: Check[P], due: float) -> None:
        try:
            result = (await self._measure_in_time(check)).of(check, due)
        except Exception as error:  # noqa: BLE001 - a mistake of ours; the guard logs it
            now, invalid = time.monotonic(), Outcome.INVALID
            result = ErrorResult(check, due, now, invalid, Reason.LOCAL_ERROR, error=error)
        self._sink(result)

    async def _measure_in_time(self, check: Check[P]) -> Measured:
        deadline = time.monotonic() + check.timeout
        try:
            async with asyncio.timeout(check.timeout):
                return await self.measure(check)
        except TimeoutError:
            # Noticed late means that the loop stood still: the answer may have been there in time.
            stalled = time.monotonic() - deadline > MAX_STALL
            return STALLED if stalled else self.silence(check)


STALLED = Measured(Outcome.INVALID, Reason.LOCAL_ERROR, detail="event loop stalled")
_TOO_MANY = Measured(Outcome.INVALID, Reason.LOCAL_ERROR, detail="too many open conversations")

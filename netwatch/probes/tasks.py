"""Probes that hold a conversation: one task a slot, bounded in number and in time."""

from __future__ import annotations

import asyncio
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Generic, TypeVar

from netwatch.core.check import Check
from netwatch.core.params import ProbeParams
from netwatch.core.result import NOTHING_READ, Outcome, Readings, Reason, Result, Sample, Sink
from netwatch.probes.contract import ErrorResult

P = TypeVar("P", bound=ProbeParams)
"""The parameters of a probe's checks."""

STALL = 0.05
"""Seconds by which a timeout may be noticed late and still be believed."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What one conversation came to; see ``netwatch.core.result.Result`` for the fields."""

    outcome: Outcome
    reason: Reason
    duration: float | None = None
    samples: Readings = NOTHING_READ
    detail: str = ""
    facts: tuple[Sample, ...] = ()

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
        )


class TaskProbe(ABC, Generic[P]):
    """Base of the probes that need more than one packet each way.

    Args:
        sink: where results go.
        simultaneous: how many conversations may be open at one time. A slot that finds them all
            taken is reported as not measured, so that slow devices can't make a queue.
    """

    def __init__(self, sink: Sink, simultaneous: int) -> None:
        self._sink = sink
        self._simultaneous = simultaneous
        self._tasks: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        """Prepare what all conversations share."""

    def launch(self, check: Check[P], due: float) -> None:
        """Begin a slot; its one result follows within ``check.timeout``."""
        if len(self._tasks) >= self._simultaneous:
            self._sink(_TOO_MANY.of(check, due))
            return
        task = asyncio.get_running_loop().create_task(self._run(check, due), name=check.id)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """End all open conversations without a result."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    @abstractmethod
    async def measure(self, check: Check[P]) -> Measured:
        """Hold the conversation. It is cancelled after ``check.timeout``."""

    def silence(self, check: Check[P]) -> Measured:
        """What it means that nothing had come when the time was up; some probes say more."""
        return Measured(Outcome.FAILURE, Reason.TIMEOUT)

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
            stalled = time.monotonic() - deadline > STALL
            return STALLED if stalled else self.silence(check)


STALLED = Measured(Outcome.INVALID, Reason.LOCAL_ERROR, detail="event loop stalled")
_TOO_MANY = Measured(Outcome.INVALID, Reason.LOCAL_ERROR, detail="too many open conversations")

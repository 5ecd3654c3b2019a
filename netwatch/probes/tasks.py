"""Probes that hold a conversation: one task a slot, bounded in number and in time."""

from __future__ import annotations

import asyncio
import logging
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Generic, TypeVar

from netwatch.core.check import Check
from netwatch.core.params import ProbeParams
from netwatch.core.result import NOTHING_READ, Outcome, Readings, Reason, Result, Sample, Sink

logger = logging.getLogger(__name__)

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
            self._report(check, due, _TOO_MANY)
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
        deadline = time.monotonic() + check.timeout
        try:
            async with asyncio.timeout(check.timeout):
                measured = await self.measure(check)
        except TimeoutError:
            # Noticed late means that the loop stood still: the answer may have been there in time.
            stalled = time.monotonic() - deadline > STALL
            measured = STALLED if stalled else self.silence(check)
        except Exception:
            # A mistake of ours, not of the device: it must be seen, and must not be called down.
            logger.exception("probe failed check=%s", check.id)
            measured = Measured(Outcome.INVALID, Reason.LOCAL_ERROR, detail="internal error")
        self._report(check, due, measured)

    def _report(self, check: Check, due: float, measured: Measured) -> None:
        self._sink(
            Result(
                check=check,
                due=due,
                finished=time.monotonic(),
                outcome=measured.outcome,
                reason=measured.reason,
                duration=measured.duration,
                samples=measured.samples,
                detail=measured.detail,
                facts=measured.facts,
            )
        )


STALLED = Measured(Outcome.INVALID, Reason.LOCAL_ERROR, detail="event loop stalled")
_TOO_MANY = Measured(Outcome.INVALID, Reason.LOCAL_ERROR, detail="too many open conversations")

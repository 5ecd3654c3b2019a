"""A round: many checks made once, outside their slots, spread over some seconds."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence

from netwatch.core.check import Check
from netwatch.state.table import StateTable
from netwatch.state.target import CheckStatus

Launch = Callable[[Check], None]
"""Begins a measurement at once; its result travels as every other."""


class PreflightRound:
    """Launches checks, and knows when all of them are measured. Make it in the event loop.

    Attributes:
        began: monotonic seconds.
        ended: monotonic seconds of the last result; None while some are missing.
    """

    def __init__(self, plan: Sequence[tuple[float, Check]], seconds: float, launch: Launch) -> None:
        self.began = time.monotonic()
        self.ended: float | None = None
        self._deadline = self.began + seconds
        self._launch = launch
        self._waiting: dict[str, tuple[Check, float]] = {}
        self._launched = False
        self._latest = self.began
        self._task = asyncio.get_running_loop().create_task(self._run(plan), name="meeting round")

    def look(self, board: StateTable, now: float) -> bool:
        """Whether it is over: every result is there, or the time is up and they won't come."""
        for check, at in list(self._waiting.values()):
            status = _status(board, check)
            last = status.last if status else None
            if status is None or (last is not None and last.finished >= at):
                del self._waiting[check.id]
                self._latest = max(self._latest, last.finished if last else at)
        if self._launched and not self._waiting:
            self.ended = self._latest
        return self.ended is not None or now >= self._deadline

    def stop(self) -> None:
        """Launch nothing more."""
        self._task.cancel()

    async def _run(self, plan: Sequence[tuple[float, Check]]) -> None:
        for offset, check in plan:
            await asyncio.sleep(max(0.0, self.began + offset - time.monotonic()))
            self._waiting[check.id] = check, time.monotonic()
            self._launch(check)
        self._launched = True


def _status(board: StateTable, check: Check) -> CheckStatus | None:
    target = board.targets.get((check.site, check.target))
    return target.status_of(check.probe) if target else None

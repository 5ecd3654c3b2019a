"""A preflight round: checks made once, outside their slots, spread over some seconds."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection, Sequence

from netwatch.core.check import Check
from netwatch.core.measure_now import MeasureNow
from netwatch.state.check_status import CheckStatus
from netwatch.state.table import StateTable


class PreflightRound:
    """Launches checks, and knows when all of them are measured. Make it in the event loop.

    Args:
        plan: each check, with the second of the round at which it is launched, in that order.
        seconds: after which the round is over, whatever is missing.
        launch: begins a check.
        meetings: see the attribute.

    Attributes:
        meetings: keys of those whose preflight it is; empty for a round that is none.
        began: monotonic seconds.
        ended: monotonic seconds of the last result; None while some are missing.
    """

    def __init__(
        self,
        plan: Sequence[tuple[float, Check]],
        seconds: float,
        launch: MeasureNow,
        meetings: Collection[str] = (),
    ) -> None:
        self.meetings = meetings
        self.began = time.monotonic()
        self.ended: float | None = None
        self._deadline = self.began + seconds
        self._waiting: dict[str, tuple[Check, float]] = {}
        self._launched = False
        self._latest = self.began
        self._task = asyncio.get_running_loop().create_task(
            self._run(plan, launch), name="preflight round"
        )

    def is_over(self, states: StateTable, now: float) -> bool:
        """Whether every result is there, or the time is up.

        Args:
            states: where results are looked for.
            now: monotonic seconds.
        """
        for check, launched in list(self._waiting.values()):
            status = _status(states, check)
            last = status.last if status else None
            if status is None or (last is not None and last.finished >= launched):
                del self._waiting[check.id]
                self._latest = max(self._latest, last.finished if last else launched)
        if self._launched and not self._waiting:
            self.ended = self._latest
        return self.ended is not None or now >= self._deadline

    def stop(self) -> None:
        """Launch nothing more."""
        self._task.cancel()

    async def _run(self, plan: Sequence[tuple[float, Check]], launch: MeasureNow) -> None:
        for offset, check in plan:
            await asyncio.sleep(max(0.0, self.began + offset - time.monotonic()))
            self._waiting[check.id] = check, time.monotonic()
            launch(check)
        self._launched = True


def _status(states: StateTable, check: Check) -> CheckStatus | None:
    """How a check stands; None when the inventory lacks it by now."""
    target = states.targets.get((check.site, check.target))
    return target.status_of(check.probe) if target else None

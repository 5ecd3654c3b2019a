"""More slots than one kind of probe may have under way: each check has its turn."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from typing import Any

from netwatch.core.check import Check
from netwatch.core.result import Outcome, Reason, Report, Result
from netwatch.probes.tasks import Measured, TaskProbe
from tests.harness.builders import make_check

ALLOWED = 4
CHECKS = 18


class Slow(TaskProbe[Any]):
    """Its slots last until the round is over."""

    def __init__(self) -> None:
        super().__init__(self._count, ALLOWED)
        self.over = asyncio.Event()
        self.measured: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()

    def _count(self, report: Report) -> None:
        assert isinstance(report, Result)
        counted = self.measured if report.outcome is Outcome.SUCCESS else self.refused
        counted[report.check.id] += 1

    async def measure(self, check: Check) -> Measured:
        await self.over.wait()
        return Measured(Outcome.SUCCESS, Reason.OK)


async def test_who_was_left_out_comes_first_the_next_time() -> None:
    probe = Slow()
    checks = [make_check(site=f"s{n}", interval=600.0, timeout=600.0) for n in range(CHECKS)]
    rounds = 2 * -(-CHECKS // ALLOWED)
    for turn in range(1, rounds + 1):
        probe.over.clear()
        for check in checks:
            probe.launch(check, time.monotonic())
        probe.over.set()
        await asyncio.gather(*probe._tasks)
        assert probe.measured.total() + probe.refused.total() == turn * CHECKS
    assert min(probe.measured[check.id] for check in checks) >= 1
    assert max(probe.measured.values()) <= 4
    assert probe.measured.total() == rounds * ALLOWED
    await probe.close()


async def test_a_slot_that_ends_gives_its_place_back() -> None:
    probe, checks = Slow(), [make_check(site=f"s{n}") for n in range(CHECKS)]
    probe.over.set()
    for check in checks:
        probe.launch(check, time.monotonic())
        await asyncio.gather(*probe._tasks)
    assert probe.measured.total() == CHECKS

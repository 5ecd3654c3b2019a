"""A running probe, and the results it gives."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from netwatch.core.check import Check
from netwatch.core.login import Login
from netwatch.core.result import Report, Result
from netwatch.probes.base import ProbeKind
from netwatch.probes.guard import GuardedProbe
from netwatch.probes.tasks import TaskProbe
from tests.harness.builders import make_check
from tests.harness.stalls import unless_stalled

PATIENCE = 60.0
"""Seconds beyond its timeout in which a slot must have ended, on however busy a machine."""


class Bench:
    """Measures one thing at a time.

    Attributes:
        last: the facts of the last result, by the end of their names.
    """

    def __init__(self, kind: ProbeKind) -> None:
        self._kind = kind
        self.reports: asyncio.Queue[Report] = asyncio.Queue()
        self.probe = kind.create(self.reports.put_nowait)
        self.last: dict[str, float] = {}

    async def measure(
        self, address: str, *, timeout: float = 2.0, logged_in: Login | None = None, **keys: Any
    ) -> Result:
        """One slot, and another one for each that this machine spoils.

        Args:
            address: of the peer.
            timeout: seconds.
            logged_in: what its login is.
            keys: those of the inventory.
        """
        check = self.check(address, timeout, logged_in, **keys)
        return await unless_stalled(partial(self.measure_once, check))

    def check(
        self, address: str, timeout: float, logged_in: Login | None = None, **keys: Any
    ) -> Check[Any]:
        params = self._kind.params.model_validate(keys)
        return make_check(
            f"{self._kind.name}:{params.qualifier}",
            target="codec",
            address=address,
            timeout=timeout,
            params=params,
            login=logged_in,
        )

    async def measure_once(self, check: Check) -> Result:
        """One slot, whatever comes of it."""
        self.probe.launch(check, time.monotonic())
        async with asyncio.timeout(check.timeout + PATIENCE):
            report = await self.reports.get()
        assert isinstance(report, Result)
        assert {fact.name for fact in report.facts} <= {fact.name for fact in self._kind.facts}
        self.last = {
            fact.name.removeprefix("netwatch_").removeprefix("endpoint_"): fact.value
            for fact in report.facts
        }
        return report


@asynccontextmanager
async def running(kind: ProbeKind) -> AsyncIterator[Bench]:
    bench = Bench(kind)
    await bench.probe.open()
    yield bench
    await bench.probe.close()
    assert isinstance(bench.probe, GuardedProbe)
    if isinstance(bench.probe.inner, TaskProbe):
        assert not bench.probe.inner._tasks

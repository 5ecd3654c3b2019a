"""A running probe, and the results it gives."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from netwatch.core.login import Login
from netwatch.core.result import Report, Result
from netwatch.probes.base import ProbeKind
from netwatch.probes.tasks import TaskProbe
from tests.harness.builders import make_check


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
        """One slot; ``keys`` are those of the inventory, ``logged_in`` what its login is."""
        params = self._kind.params.model_validate(keys)
        check = make_check(
            f"{self._kind.name}:{params.qualifier}",
            target="codec",
            address=address,
            timeout=timeout,
            params=params,
            login=logged_in,
        )
        self.probe.launch(check, time.monotonic())
        async with asyncio.timeout(timeout + 5):
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
    if isinstance(bench.probe, TaskProbe):
        assert not bench.probe._tasks

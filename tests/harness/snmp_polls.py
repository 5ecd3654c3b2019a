"""How the tests poll."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from netwatch.core.check import Check
from netwatch.core.credential import Credential
from netwatch.core.result import Report, Result
from netwatch.probes.snmp import SnmpParams, SnmpProbe
from tests.harness.stalls import unless_stalled

PATIENCE = 60.0
"""Seconds beyond their timeout in which polls must have ended, on however busy a machine."""


def check(
    port: int,
    credential: Credential | None,
    *,
    timeout: float = 4.0,
    target: str = "router",
    address: str = "127.0.0.1",
    **params: Any,
) -> Check[Any]:
    schema = SnmpParams.model_validate({"port": port, **params})
    return Check("site", target, "snmp", "snmp", address, 60.0, timeout, schema, credential)


class Polls:
    """A probe and the results that it reported, by target."""

    def __init__(self) -> None:
        self.results: dict[str, Result] = {}
        self.probe = SnmpProbe(self._sink)
        self._reported = asyncio.Event()

    def _sink(self, report: Report) -> None:
        assert isinstance(report, Result)
        assert report.check.target not in self.results, "reported twice"
        self.results[report.check.target] = report
        self._reported.set()

    async def run(self, *checks: Check[Any]) -> list[Result]:
        """Launch all at once; every check reports once, in time."""
        self.results.clear()
        for each in checks:
            self.probe.launch(each, time.monotonic())
        async with asyncio.timeout(max(each.timeout for each in checks) + PATIENCE):
            while len(self.results) < len(checks):
                self._reported.clear()
                await self._reported.wait()
        return [self.results[each.target] for each in checks]


async def poll(one: Check) -> Result:
    """One poll, and another one for each that this machine spoils."""

    async def slot() -> Result:
        return (await Polls().run(one))[0]

    return await unless_stalled(slot)


def values(result: Result) -> dict[tuple[str, str], float]:
    """By metric name and interface index."""
    return {(s.name, dict(s.labels).get("ifIndex", "")): s.value for s in result.samples}


def label(result: Result, metric: str) -> str:
    """The label that carries the value of a text metric."""
    (sample,) = (sample for sample in result.samples if sample.name == metric)
    return dict(sample.labels)[metric]

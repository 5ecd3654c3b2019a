"""What a hostile third of all SNMP devices does to the polls of the others.

The schedule, the probe and the families of the page, in this process; the devices in others. Both
sides are measured in turn, several times, and their medians are compared. *Own* is CPU of this
process while a poll lasts: what it did for others in that time delays the poll. Other programs that
want the processors, the devices among them, make it no longer than a few per cent.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import ExitStack
from statistics import median
from typing import NamedTuple, cast

from pydantic import SecretStr

from netwatch.core.check import Check
from netwatch.core.credential import CommunityCredential
from netwatch.core.result import Outcome, Sink
from netwatch.export.devices import DeviceMetrics
from netwatch.export.exporter import Watched
from netwatch.inventory.model import Inventory
from netwatch.metrics import Registry
from netwatch.probes.snmp import SnmpParams, SnmpProbe
from netwatch.probes.tasks import Measured
from netwatch.schedule import Schedule
from tests.bench.agents import COMMUNITY, PORT, agents
from tests.bench.table import row
from tests.harness.daemon import address

HONEST = 200
HOSTILE = ("silent", "lying", "changing")
OF_EACH_KIND = 33
PORTS = 48
INTERVAL = 10.0
"""Seconds between two polls of a device."""

RUNS = 5
WARMING, MEASURING = 4.5 * INTERVAL, 2 * INTERVAL
"""Seconds in which each device is got to know, and in which its polls count."""


class Seen(NamedTuple):
    """Milliseconds that 99 of 100 polls of honest devices took, and by which slots began late.

    Attributes:
        own: of this process's CPU, while a poll lasted.
        poll: by the clock.
        slip: from when a slot was due to its launch, the wait for the end of a tick included.
    """

    own: float
    poll: float
    slip: float


class Watch(SnmpProbe):
    """Measures the polls of honest devices."""

    def __init__(self, metrics: DeviceMetrics) -> None:
        super().__init__(cast("Sink", metrics.report))  # the probe reports nothing but results
        self.own: list[float] = []
        self.polls: list[float] = []
        self.slips: list[float] = []

    def launch(self, check: Check[SnmpParams], due: float) -> None:
        self.slips.append(time.monotonic() - due)
        super().launch(check, due)

    async def measure(self, check: Check[SnmpParams]) -> Measured:
        began, worked = time.monotonic(), time.process_time()
        measured = await super().measure(check)
        if check.target == "honest" and measured.outcome is Outcome.SUCCESS:
            self.own.append(time.process_time() - worked)
            self.polls.append(time.monotonic() - began)
        return measured

    def launched(self, kind: str, slots: int, late: int, slip: float) -> None:
        """Nothing is counted here: see ``netwatch.schedule.SlotAccount``."""

    def skipped(self, kind: str, slots: int) -> None:
        raise SystemExit(f"{slots} slots of {kind} were skipped")


def main() -> None:
    """Print the rows."""
    alone, beside = [], []
    with agents(HONEST, PORTS):
        for _ in range(RUNS):
            alone.append(asyncio.run(_run(())))
            with ExitStack() as open_:
                for at, kind in enumerate(HOSTILE):
                    first = HONEST + at * OF_EACH_KIND
                    open_.enter_context(agents(OF_EACH_KIND, PORTS, first, kind))
                beside.append(asyncio.run(_run(HOSTILE)))
    for name in Seen._fields:
        before, after = (median(getattr(seen, name) for seen in side) for side in (alone, beside))
        what = f"SNMP, {HONEST} honest devices every {INTERVAL:.0f} s: p99 of {name}"
        row(f"{what}, alone", f"{before:.1f} ms", f"median of {RUNS}")
        row(f"{what}, with {OF_EACH_KIND} each {', '.join(HOSTILE)}", f"{after:.1f} ms", "same run")
        row(f"{what}: more", f"{after - before:.1f} ms", _each(name, alone, beside))


async def _run(hostile: tuple[str, ...]) -> Seen:
    kinds = ["honest"] * HONEST + [kind for kind in hostile for _ in range(OF_EACH_KIND)]
    checks = tuple(_check(number, kind) for number, kind in enumerate(kinds))
    metrics = DeviceMetrics(Registry())
    metrics.watch(Watched(cast("Inventory", None), checks, {}))  # it looks at the checks alone
    probe = Watch(metrics)
    schedule = Schedule({"snmp": probe}, probe)
    schedule.start(checks)
    await asyncio.sleep(WARMING)
    for seen in (probe.own, probe.polls, probe.slips):
        seen.clear()
    await asyncio.sleep(MEASURING)
    schedule.stop()
    await probe.close()
    return Seen(_p99(probe.own), _p99(probe.polls), _p99(probe.slips))


def _check(number: int, kind: str) -> Check[SnmpParams]:
    params = SnmpParams.model_validate({"port": PORT})
    credential = CommunityCredential(SecretStr(COMMUNITY.decode()))
    where = address(number)
    return Check(f"site-{number}", kind, "snmp", "snmp", where, INTERVAL, 8.0, params, credential)


def _p99(values: list[float]) -> float:
    """Milliseconds."""
    return 1e3 * sorted(values)[int(len(values) * 0.99)]


def _each(name: str, alone: list[Seen], beside: list[Seen]) -> str:
    pairs = zip(alone, beside, strict=True)
    return "; ".join(f"{getattr(a, name):.1f} to {getattr(b, name):.1f}" for a, b in pairs)


if __name__ == "__main__":
    main()

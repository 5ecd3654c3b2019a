"""What a hostile third of all SNMP devices does to the polls of the others.

Both are measured in turn, several times, with other devices before and with them: a machine's speed
changes from minute to minute. Of each side the medians are compared.
"""

from __future__ import annotations

import re
import time
from contextlib import ExitStack
from statistics import median
from typing import NamedTuple

from tests.bench.agents import PORT, agents
from tests.bench.table import row
from tests.harness.daemon import inventory, running

HONEST = 200
HOSTILE = ("silent", "lying", "changing")
OF_EACH_KIND = 33
PORTS = 48
INTERVAL = 20
"""Seconds between two polls of a device."""

RUNS = 3
PAGES = 3
"""Of a run, an interval apart, so that each has another poll of each device."""

WARMING = 45.0
"""Seconds in which each device is got to know."""


class Seen(NamedTuple):
    """Milliseconds that 99 of 100 polls of honest devices took, and by which slots began late."""

    poll: float
    slip: float


def main() -> None:
    """Print the rows."""
    alone, beside = [], []
    with agents(HONEST, PORTS):
        for _ in range(RUNS):
            alone.append(_run(hostile=False))
            beside.append(_run(hostile=True))
    third = f"{HONEST} honest devices beside {OF_EACH_KIND} of each: {', '.join(HOSTILE)}"
    for name, at in (("a poll's time", 0), ("a slot's lateness", 1)):
        before, after = (median(seen[at] for seen in side) for side in (alone, beside))
        each = "; ".join(f"{a[at]:.1f}, {b[at]:.1f}" for a, b in zip(alone, beside, strict=True))
        row(f"SNMP, {HONEST} honest devices alone: p99 of {name}", f"{before:.1f} ms", "median")
        row(f"SNMP, {third}: p99 of {name}", f"{after:.1f} ms", f"runs without, with: {each}")
        row(f"SNMP: p99 of {name}, more beside hostile devices", f"{after - before:.1f} ms", "")


def _run(*, hostile: bool) -> Seen:
    checks = f"{{probe: snmp, port: {PORT}, interval: {INTERVAL}s, timeout: 8s}}"
    kinds = HOSTILE if hostile else ()
    with ExitStack() as open_, running(inventory(HONEST + len(kinds) * OF_EACH_KIND, checks)) as us:
        for at, kind in enumerate(kinds):
            open_.enter_context(agents(OF_EACH_KIND, PORTS, HONEST + at * OF_EACH_KIND, kind))
        time.sleep(WARMING)
        pages = [us.get("/metrics")]
        while len(pages) < PAGES:
            time.sleep(INTERVAL)
            pages.append(us.get("/metrics"))
    return Seen(1e3 * _p99([time for page in pages for time in _polls(page)]), _slip(pages[-1]))


def _polls(page: str) -> list[float]:
    """Seconds of the last poll of each honest device."""
    found = re.findall(r'\nnetwatch_probe_duration_seconds{.*?site="site-(\d+)".*} (\S+)', page)
    return [float(seconds) for site, seconds in found if int(site) < HONEST]


def _p99(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.99)]


def _slip(page: str) -> float:
    """Milliseconds within which 99 of 100 slots began, by the histogram's next bound."""
    found = re.findall(r'\nnetwatch_schedule_slip_seconds_bucket{le="(\S+)"} (\S+)', page)
    total = float(found[-1][1])
    return 1e3 * next(float(bound) for bound, count in found if float(count) >= 0.99 * total)


if __name__ == "__main__":
    main()

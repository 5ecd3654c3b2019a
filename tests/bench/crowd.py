"""A thousand idle and a thousand trickling clients of the daemon: scrapes, slots, memory, the end.

Each comes again a second after it was cut. Times of a scrape are those of a true client, which
asks for the page as Prometheus does.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack
from statistics import median

from tests.bench.table import row
from tests.harness.crowd import crowd
from tests.harness.daemon import Daemon, inventory, running

TARGETS = 300
CLIENTS = 1000
SCRAPES = 30
UNREAD = 100


def measure() -> Iterator[tuple[str, str, str]]:
    """Rows of the table: quiet, then with the crowd, then the end with clients that don't read."""
    checks = "{probe: icmp, interval: 1s, timeout: 500ms}"
    stack = ExitStack()
    with stack, running(inventory(TARGETS, checks)) as daemon:
        yield from _scraped(daemon, "quiet")
        before = daemon.usage().memory
        with crowd("idle", daemon.port, CLIENTS), crowd("trickle", daemon.port, CLIENTS):
            yield from _scraped(daemon, f"{CLIENTS} idle and {CLIENTS} trickling")
        grown = (daemon.usage().memory - before) / 2**20
        yield "memory that they cost", f"{grown:.1f} MiB", "resident"
        stack.enter_context(crowd("unread", daemon.port, UNREAD))
        daemon.process.terminate()
        began = time.monotonic()
        daemon.process.wait()
        took = time.monotonic() - began
        yield f"SIGTERM with {UNREAD} clients that don't read", f"{took:.2f} s", "to the end"


def _scraped(daemon: Daemon, what: str) -> Iterator[tuple[str, str, str]]:
    took, failed = [], 0
    slots = _slots(daemon)
    cpu = daemon.usage().cpu
    began = time.monotonic()
    for _ in range(SCRAPES):
        begin = time.monotonic()
        try:
            daemon.get("/metrics", packed=True)
        except OSError:
            failed += 1
        took.append(time.monotonic() - begin)
        time.sleep(0.5)
    spent = (daemon.usage().cpu - cpu) / (time.monotonic() - began)
    counts = [after - before for before, after in zip(slots, _slots(daemon), strict=True)]
    figure = f"{median(took) * 1000:.0f} / {max(took) * 1000:.0f} ms"
    yield f"{what}: scrape p50 / longest", figure, f"{failed} of {SCRAPES} failed"
    told = "{:.0f} run, {:.0f} late, {:.0f} skipped".format(*counts)
    yield f"{what}: slots", told, f"{TARGETS} a second; {spent:.0%} of a core"


def _slots(daemon: Daemon) -> list[float]:
    page = daemon.get("/metrics")
    name = "netwatch_slots_total"
    return [
        sum(
            float(line.rpartition(" ")[2])
            for line in page.splitlines()
            if line.startswith(name + "{") and f'outcome="{outcome}"' in line
        )
        for outcome in ("run", "late", "skipped")
    ]


if __name__ == "__main__":
    for each in measure():
        row(*each)

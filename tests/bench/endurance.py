"""10 000 echoes a second for a long time: ``python -m tests.bench.endurance [MINUTES]``, or 10.

Prints rows of the table in docs/benchmarks.md. It is scraped every 5 s, as by Prometheus.
"""

from __future__ import annotations

import sys
import time

from tests.bench.echoes import SCRAPE, account, own_network, watching
from tests.bench.table import row

TARGETS = 10_000


def main() -> None:
    """Watch, and tell what became of every echo and of the memory."""
    minutes = float(sys.argv[1]) if len(sys.argv) > 1 else 10.0
    if not own_network():
        return
    with watching(TARGETS, 1) as daemon:
        before, end = daemon.usage(), time.monotonic() + 60 * minutes
        while time.monotonic() < end:
            time.sleep(SCRAPE)
            page = daemon.get("/metrics", packed=True)
        after = daemon.usage()
        sent, lost = daemon.sums(page, "netwatch_icmp_sent_total", "netwatch_icmp_lost_total")
        row(f"netwatch, {minutes:g} minutes of 10 000 echoes a second: lost", f"{lost:.0f}", "")
        account(daemon)
        grown = (after.memory - before.memory) / 2**20
        row("netwatch, memory grown meanwhile", f"{grown:.1f} MiB", f"of {after.memory >> 20} MiB")
        cost = (after.cpu - before.cpu) / (TARGETS * 60 * minutes)
        row("netwatch, CPU an echo, scraped with gzip", f"{cost * 1e6:.1f} µs", f"{sent:.0f} sent")


if __name__ == "__main__":
    main()

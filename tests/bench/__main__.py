"""Measures the running daemon and, where it is installed, fping beside it; prints a table."""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
from resource import RUSAGE_CHILDREN, getrusage

from tests.bench import flows, media, rootcause, snmp
from tests.bench.daemon import Daemon, address, inventory, running
from tests.bench.table import row

WINDOW = 20.0
"""Seconds over which each figure is taken."""


def main() -> None:
    """Run every measurement and print the rows of docs/benchmarks.md."""
    print("| what | figure | of |\n|---|---|---|", flush=True)
    for cells in rootcause.measure():
        row(*cells)
    for targets, interval in ((300, 5), (3000, 1)):
        echo(targets, interval)
    fping(3000)
    snmp.rows()
    flows.main()
    media.main()
    for part in ("renderer", "page"):
        subprocess.run([sys.executable, "-m", f"tests.bench.{part}"], check=True)


def echo(targets: int, interval: int) -> None:
    """CPU an echo, and the round trip that is reported while Prometheus scrapes."""
    checks = f"{{probe: icmp, interval: {interval}s, timeout: 1s}}"
    what = f"ICMP, {targets} targets every {interval} s"
    with running(inventory(targets, checks)) as daemon:
        time.sleep(2 * interval)
        cpu, echoes = over(daemon, "netwatch_icmp_sent_total", scrapes=0)
        row(f"{what}: CPU an echo", f"{cpu / echoes * 1e6:.1f} µs", f"{echoes:.0f} echoes")
        cpu, echoes = over(daemon, "netwatch_icmp_sent_total", scrapes=int(WINDOW))
        row(f"{what}, scraped every second", f"{cpu / echoes * 1e6:.1f} µs", f"{echoes:.0f} echoes")
        trips = sorted(1e6 * site["rtt"] for site in daemon.status()["sites"] if site["rtt"])
        middle, worst = statistics.median(trips), trips[int(len(trips) * 0.99)]
        row(f"{what}: round trip p50 / p99", f"{middle:.0f} / {worst:.0f} µs", "means of 20")
        sent, received = daemon.totals("netwatch_icmp_sent_total", "netwatch_icmp_received_total")
        row(f"{what}: echoes lost", f"{sent - received:.0f}", f"of {sent:.0f}")
        memory = daemon.usage().memory / targets / 1024
        row(f"{what}: resident memory", f"{memory:.1f} KiB a target", "whole process")


def over(daemon: Daemon, counter: str, scrapes: int) -> tuple[float, float]:
    """CPU seconds, and how far a counter went, in one window."""
    [count] = daemon.totals(counter)
    before = daemon.usage()
    end = time.monotonic() + WINDOW
    for _ in range(scrapes):
        daemon.get("/metrics")
        time.sleep(max(0.0, WINDOW / scrapes - 0.05))
    time.sleep(max(0.0, end - time.monotonic()))
    used = daemon.usage().cpu - before.cpu
    return used, daemon.totals(counter)[0] - count


def fping(targets: int) -> None:
    """The peer, in the same run: the same targets, paced over the same second."""
    if shutil.which("fping") is None:
        row("fping", "not installed", "apt install fping")
        return
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as hosts:
        hosts.write("\n".join(address(number) for number in range(targets)))
        hosts.flush()
        before = getrusage(RUSAGE_CHILDREN)
        command = ["fping", "-q", "-C", "10", "-p", "1000", "-i", "0.3", "-f", hosts.name]
        subprocess.run(command, stderr=subprocess.DEVNULL, check=False)
        after = getrusage(RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    row(
        f"fping -C 10 -i 0.3, {targets} targets: CPU an echo",
        f"{used / targets / 10 * 1e6:.1f} µs",
        "",
    )


if __name__ == "__main__":
    try:
        main()
    except urllib.error.URLError as error:
        sys.exit(f"the daemon stopped answering: {error}")

"""Measures the running daemon and, where it is installed, fping beside it; prints a table."""

from __future__ import annotations

import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
from resource import RUSAGE_CHILDREN, getrusage

from tests.bench import media
from tests.bench.agents import PORT
from tests.bench.daemon import Daemon, address, inventory, running

WINDOW = 20.0
"""Seconds over which each figure is taken."""


def main() -> None:
    """Run every measurement and print the rows of docs/benchmarks.md."""
    print("| what | figure | of |\n|---|---|---|", flush=True)
    for targets, interval in ((300, 5), (3000, 1)):
        echo(targets, interval)
    fping(3000)
    snmp(300, 4)
    snmp(100, 48)
    media.main()


def row(what: str, figure: str, of: str) -> None:
    print(f"| {what} | {figure} | {of} |", flush=True)


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


def snmp(devices: int, ports: int) -> None:
    """CPU a varbind, all accounting included."""
    checks = f"{{probe: snmp, port: {PORT}, interval: 10s, timeout: 8s}}"
    agents = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.agents", str(devices), str(ports)],
        stdout=subprocess.PIPE,
    )
    try:
        assert agents.stdout is not None
        agents.stdout.readline()
        with running(inventory(devices, checks)) as daemon:
            time.sleep(12)
            shown = daemon.get("/metrics")
            values = len(re.findall(r'^(?!netwatch_)\w+\{[^\n]*site="', shown, re.MULTILINE))
            used, polls = over(daemon, "netwatch_probe_results_total", scrapes=0)
            what = f"SNMP v2c, {devices} devices with {ports} ports"
            per_poll = used / polls
            row(f"{what}: CPU a poll", f"{per_poll * 1e3:.2f} ms", f"{polls:.0f} polls")
            value = per_poll / (values / devices) * 1e6
            row(f"{what}: CPU a value", f"{value:.1f} µs", f"{values / devices:.0f} values a poll")
    finally:
        agents.terminate()
        agents.wait()


if __name__ == "__main__":
    try:
        main()
    except urllib.error.URLError as error:
        sys.exit(f"the daemon stopped answering: {error}")

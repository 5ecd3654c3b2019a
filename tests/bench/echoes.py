"""Echoes, in a network of their own: ``python -m tests.bench.echoes``. Ends by itself.

Prints rows of the table in docs/benchmarks.md.
"""

from __future__ import annotations

import re
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from netwatch.lab.namespaces import enter_user_namespace
from tests.bench.peers import BLACKBOX, blackbox, fping
from tests.bench.table import row
from tests.harness.daemon import Daemon, address, inventory, running

WINDOW = 20.0
"""Seconds over which each figure is taken."""

SCRAPE = 5.0
"""Seconds between two scrapes."""

AT_A_SITE = 10
"""Targets of a site."""

WARM = 25.0
"""Seconds until every target has been judged by enough echoes."""

DEAD = range(1, 4)
"""Of ten sites in a row these are silent, when some are; never the collector's own."""

TABLE = "add table inet bench; add chain inet bench in {type filter hook input priority 0;}"
SILENCE = "add rule inet bench in icmp type echo-request ip daddr {{ {} }} drop"


def main() -> None:
    """Measure everything."""
    for tool in ("ip", "nft"):
        if program(tool) is None:
            row("echoes", "not measured", f"{tool} is missing: apt install iproute2 nftables")
            return
    if not own_network():
        return
    flat_out = peer("fping", "flat out, 10 000 targets", fping(10_000, 5, "-i", "0", "-p", "2000"))
    many(flat_out)
    paced = peer("fping", "paced, 1 000 every 5 s", fping(1000, 4, "-i", "5", "-p", "5000"))
    few(paced)
    peer(BLACKBOX, "1 000 targets, one after the other", blackbox(1000, 10.0))


def own_network() -> bool:
    """Enter a network in which there is nothing but loopback; say why when that can't be."""
    try:
        enter_user_namespace()
    except OSError as error:
        row("echoes", "not measured", f"user namespaces: {error.strerror}")
        return False
    subprocess.run([program("ip") or "", "link", "set", "lo", "up"], check=True)
    return True


def peer(name: str, what: str, cost: float | None) -> float | None:
    """The row of a peer."""
    figure = f"{cost * 1e6:.1f} µs" if cost is not None else "not measured"
    row(f"{name}, {what}: CPU an echo", figure, "" if cost else f"apt install {name}")
    return cost


def many(flat_out: float | None) -> None:
    """10 000 targets every second: alive, scraped, with 30 % silent."""
    what = "10 000 targets every second"
    base = memory()
    with watching(10_000, 1) as daemon:
        resident(daemon, "before the first scrape", base)
        plain = window(daemon, packed=True)
        cost(f"{what}, not scraped", plain.cost, "fping flat out", flat_out)
        packed = window(daemon, SCRAPE, packed=True)
        cost(f"{what}, scraped with gzip every 5 s", packed.cost, "fping flat out", flat_out)
        resident(daemon, "with scrapes by gzip", base)
        with kernel() as truth:
            scraped = window(daemon, SCRAPE)
        cost(f"{what}, scraped every 5 s", scraped.cost, "fping flat out", flat_out)
        resident(daemon, "with scrapes of the plain page", base)
        alive = trips(f"{what}, scraped: round trip", scraped.trips)
        figures = f"{truth[0]:.0f} / {truth[1]:.0f} µs"
        row("the kernel's own round trip at the same time, p50 / p99", figures, "")
        row("reported p99 beyond the kernel's", f"{alive[1] - truth[1]:.0f} µs", "goal ≤ 100 µs")
        silence(10_000)
        time.sleep(WARM)
        dead = window(daemon)
        cost(f"{what}, 30 % silent", dead.cost, "all alive", plain.cost)
        trips("live targets' round trip, 30 % silent", dead.trips)
        account(daemon)
    subprocess.run([program("nft") or "", "flush", "ruleset"], check=True)


def few(paced: float | None) -> None:
    """1 000 targets every 5 seconds."""
    what = "1 000 targets every 5 s"
    with watching(1000, 5) as daemon:
        plain = window(daemon)
        cost(f"{what}, not scraped", plain.cost, "fping paced", paced)
        scraped = window(daemon, SCRAPE)
        cost(f"{what}, scraped every 5 s", scraped.cost, "fping paced", paced)
        silence(1000)
        time.sleep(30.0)
        dead = window(daemon)
        cost(f"{what}, 30 % silent", dead.cost, "all alive", plain.cost)
        trips("live targets' round trip, 30 % silent", dead.trips)
        account(daemon)


class Window:
    """What one window showed.

    Attributes:
        cost: CPU seconds an echo.
        trips: the last round trip of every live target at every scrape, seconds, sorted.
    """

    def __init__(self, cost: float, trips: list[float]) -> None:
        self.cost = cost
        self.trips = trips


def window(daemon: Daemon, scrape: float | None = None, *, packed: bool = False) -> Window:
    """Let a window pass; without ``scrape`` the page is read at its beginning and end only."""
    page = daemon.get("/metrics", packed=packed)
    [sent] = daemon.sums(page, "netwatch_icmp_sent_total")
    before, end = daemon.usage().cpu, time.monotonic() + WINDOW
    found: list[float] = []
    while scrape is not None and time.monotonic() + scrape <= end:
        time.sleep(scrape)
        found += durations(daemon.get("/metrics", packed=packed))
    time.sleep(max(0.0, end - time.monotonic()))
    used = daemon.usage().cpu - before
    page = daemon.get("/metrics", packed=packed)
    found += durations(page)
    [now] = daemon.sums(page, "netwatch_icmp_sent_total")
    return Window(used / (now - sent), sorted(found))


def durations(page: str) -> list[float]:
    """The last round trip of each live target, seconds."""
    found = re.findall(r"^netwatch_probe_duration_seconds{.*} (\S+)$", page, re.MULTILINE)
    return [float(value) for value in found]


def cost(what: str, own: float, against: str, other: float | None) -> None:
    """A row of CPU an echo, as a ratio to another figure of this run."""
    beside = f"{own / other:.2f} × {against}" if other else ""
    row(f"netwatch, {what}: CPU an echo", f"{own * 1e6:.1f} µs", beside)


def trips(what: str, seconds: list[float]) -> tuple[float, float]:
    """A row of round trips; returns p50 and p99 in microseconds."""
    middle, worst = statistics.median(seconds), seconds[int(len(seconds) * 0.99)]
    figures = f"{middle * 1e6:.0f} / {worst * 1e6:.0f} µs"
    row(f"netwatch, {what}, p50 / p99", figures, f"{len(seconds)} echoes")
    return middle * 1e6, worst * 1e6


def account(daemon: Daemon) -> None:
    """What became of all echoes to live targets, and of all slots."""
    page = daemon.get("/metrics")
    names = ("sent", "received", "lost", "unknown")
    sent, received, lost, unknown = daemon.sums(page, *(f"netwatch_icmp_{n}_total" for n in names))
    [in_flight] = daemon.sums(page, "netwatch_icmp_in_flight")
    missing = sent - received - lost - unknown - in_flight
    row(
        "netwatch, echoes unaccounted for; dropped by this machine",
        f"{missing:.0f}; {unknown:.0f}",
        f"{sent:.0f}",
    )
    live = [f"{outcome} {slots_of(page, outcome):.0f}" for outcome in ("run", "late", "skipped")]
    row("netwatch, slots", ", ".join(live), "")


def slots_of(page: str, outcome: str) -> float:
    """How many slots of echoes ended so."""
    pattern = rf'^netwatch_slots_total{{outcome="{outcome}",probe="icmp"}} (\S+)$'
    return sum(map(float, re.findall(pattern, page, re.MULTILINE)))


@contextmanager
def watching(targets: int, interval: int) -> Iterator[Daemon]:
    """A daemon that sends echoes, warm."""
    checks = f"{{probe: icmp, interval: {interval}s, timeout: 1s}}"
    with running(inventory(targets, checks, AT_A_SITE)) as daemon:
        time.sleep(WARM)
        yield daemon


def resident(daemon: Daemon, when: str, base: int) -> None:
    """A row of memory a target: of inventory, state, metrics and echoes under way together."""
    used = (daemon.usage().memory - base) / 10_000 / 1024
    row(f"netwatch, resident memory a target, {when}", f"{used:.1f} KiB", f"above {base >> 20} MiB")


def memory() -> int:
    """Resident bytes of a daemon with so few targets that they don't count."""
    with watching(10, 1) as daemon:
        return daemon.usage().memory


@contextmanager
def kernel() -> Iterator[list[float]]:
    """The kernel's own round trips meanwhile, p50 and p99 in µs; they are there at the end."""
    found: list[float] = []
    command = [sys.executable, "-m", "tests.bench.truth", str(WINDOW)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        yield found
        assert process.stdout is not None
        found += [1e6 * float(stamp) for stamp in process.stdout.read().split()]


def silence(targets: int) -> None:
    """Let 30 % of the sites answer no echo from now on."""
    silent = [n for n in range(targets) if n // AT_A_SITE % 10 in DEAD]
    rules = f"{TABLE}\n{SILENCE.format(', '.join(map(address, silent)))}\n"
    subprocess.run([program("nft") or "", "-f", "-"], input=rules, text=True, check=True)


def program(name: str) -> str | None:
    """Where a tool is."""
    return shutil.which(name, path="/usr/sbin:/sbin:/usr/bin:/bin")


if __name__ == "__main__":
    main()

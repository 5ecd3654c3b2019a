"""A daemon with a made-up inventory on 127.0.0.0/8, and what it uses of the machine."""

from __future__ import annotations

import gzip
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.harness.ports import free_port

HEAD = """
province: {{name_vi: Thử, name: Bench}}
ranges: [127.0.0.0/8]
tiers: {{commune: {{name_vi: Xã, name: Commune, rank: 0}}}}
networks: {{state: {{name_vi: Mạng Nhà nước, name: State network}}}}
vantages: {{state-dc: {{site: site-0, name_vi: Đây}}}}
credentials: {{lan: {{version: 2c, community: bench}}}}
classes:
  router:
    match: {{roles: [router]}}
    checks: [{checks}]
    snmp: lan
sites:
"""

SITE = "  site-{0}: {{tier: commune, name_vi: Xã {0}, targets: {{{1}}}}}\n"
TARGET = "{0}: {{role: router, address: {1}}}"

PATIENCE = 120.0
"""Seconds for a page; that of 2 000 switches has 3 million lines."""

START = 60.0
"""Seconds a daemon may take until it has results."""


def address(number: int) -> str:
    """The address of the target with this number."""
    return f"127.20.{number // 250}.{number % 250 + 1}"


def inventory(targets: int, checks: str, at_a_site: int = 1) -> str:
    """An inventory of so many targets; ``checks`` is written as in a class."""
    names = ["router", *(f"router-{number}" for number in range(2, at_a_site + 1))]
    sites = []
    for site, first in enumerate(range(0, targets, at_a_site)):
        members = zip(names, range(first, min(first + at_a_site, targets)), strict=False)
        sites.append(
            SITE.format(site, ", ".join(TARGET.format(name, address(n)) for name, n in members))
        )
    return HEAD.format(checks=checks) + "".join(sites)


@dataclass(frozen=True)
class Usage:
    """CPU seconds since the start, and resident bytes."""

    cpu: float
    memory: int


class Daemon:
    """A running daemon."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.process = process
        self.port = port
        self._url = f"http://127.0.0.1:{port}"

    def get(self, path: str, *, packed: bool = False) -> str:
        """What stands there; ``packed``: asked for with gzip, as Prometheus does."""
        headers = {"Accept-Encoding": "gzip"} if packed else {}
        request = urllib.request.Request(self._url + path, headers=headers)
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            body: bytes = answer.read()
        return (gzip.decompress(body) if packed else body).decode()

    def status(self) -> dict[str, Any]:
        status: dict[str, Any] = json.loads(self.get("/status.json"))
        return status

    def totals(self, *names: str) -> list[float]:
        """The sum of all series of each name, at one moment."""
        return self.sums(self.get("/metrics"), *names)

    @staticmethod
    def sums(page: str, *names: str) -> list[float]:
        """The sum of all series of each name on a page."""
        return [
            sum(map(float, re.findall(rf"^{name}(?:{{.*}})? (\S+)$", page, re.MULTILINE)))
            for name in names
        ]

    def usage(self) -> Usage:
        return usage_of(self.process.pid)


def usage_of(process_id: int) -> Usage:
    """What a process has used until now, all its threads included."""
    stat = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()
    ticks = int(stat[11]) + int(stat[12])
    pages = int(stat[21])
    return Usage(ticks / os.sysconf("SC_CLK_TCK"), pages * os.sysconf("SC_PAGE_SIZE"))


@contextmanager
def started(*module: str) -> Iterator[None]:
    """A module of the benchmarks, from the line that says that it is ready to the block's end."""
    process = subprocess.Popen([sys.executable, "-m", *module], stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        process.stdout.readline()
        yield
    finally:
        process.terminate()
        process.wait()


@contextmanager
def running(text: str, wrap: Sequence[str] = ()) -> Iterator[Daemon]:
    """A daemon with this inventory, from its first result until the end of the block."""
    with tempfile.TemporaryDirectory(prefix="netwatch-bench-") as home:
        (Path(home) / "bench.yaml").write_text(text, encoding="utf-8")
        port = free_port()
        process = subprocess.Popen(
            [*wrap, sys.executable, "-m", "netwatch", "run"],
            env={
                **os.environ,
                "NETWATCH_INVENTORY": home,
                "NETWATCH_LISTEN": f"127.0.0.1:{port}",
                "NETWATCH_LOG_LEVEL": "warning",
                "NETWATCH_SECRET_BENCH": "bench-community",
            },
        )
        try:
            daemon = Daemon(process, port)
            _wait_until_ready(daemon)
            yield daemon
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=10)


def _wait_until_ready(daemon: Daemon) -> None:
    end = time.monotonic() + START
    while True:
        if daemon.process.poll() is not None or time.monotonic() > end:
            raise SystemExit("the daemon did not start; see above")
        try:
            daemon.get("/-/ready")
        except OSError:
            time.sleep(0.2)
        else:
            return

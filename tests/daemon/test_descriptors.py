"""A daemon that may open 64 descriptors, with servers that hold more than that between them."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from socket import create_connection, create_server

import pytest

from tests.daemon.running import Running, started
from tests.harness.ports import free_port
from tests.harness.waiting import eventually

pytestmark = pytest.mark.slow

ALLOWED = 64

SERVERS = 300
"""Each takes connections and says nothing. One of its checks is over at once, the other one holds a
descriptor until its timeout: 100 are wanted at any moment."""

LONG = 600.0
"""Seconds that all checks may take to have a turn each, on however busy a machine."""

CHECKS = """
      - {probe: tcp, port: PORT, interval: 3s, timeout: 1s}
      - {probe: smtp, port: PORT, interval: 3s, timeout: 1s}
"""
SITE = "  site-{0}: {{tier: district, name_vi: Huyện {0}, targets: {{server: {1}}}}}\n"

RESULTS = re.compile(
    r'^netwatch_probe_results_total{outcome="(.+)",probe="(.+)",site="(.+)",target=".+"} (\S+)$',
    re.MULTILINE,
)
DISPLACED = r'(?m)^netwatch_web_refused_total{reason="displaced"} (\S+)$'
MEASURED, INVALID = {"success", "failure"}, {"invalid"}


def address(number: int) -> str:
    return f"127.8.{number // 250}.{number % 250 + 1}"


class WithFew(Running):
    """It may open 64 descriptors."""

    servers = SERVERS

    def start(self) -> None:
        daemon = [sys.executable, "-m", "netwatch", "run"]
        self.process = subprocess.Popen(
            ["/usr/bin/prlimit", f"--nofile={ALLOWED}:{ALLOWED}", *daemon],
            # Nobody reads its log before the end, and what is no warning would fill the pipe.
            env={**self.environment, "NETWATCH_LOG_LEVEL": "warning"},
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(self.process)

    def write(self, text: str) -> None:
        head = text.partition("sites:\n")[0].replace("site: nam-sach", "site: site-0")
        port = re.findall(r"port: (\d+)", head)[0]
        head = re.sub(
            r"    checks:\n(      - .*\n)+", f"    checks:{CHECKS.replace('PORT', port)}", head
        )
        sites = "".join(SITE.format(number, address(number)) for number in range(self.servers))
        super().write(f"{head}sites:\n{sites}")

    def get(self, path: str) -> str:
        """The page; asked for again where its place went to another before it was asked for."""

        def ask() -> str | None:
            with suppress(OSError):
                return super(WithFew, self).get(path)
            return None

        return eventually(ask)

    def results(self, outcomes: set[str]) -> Counter[tuple[str, str]]:
        """How many results of each check came out so."""
        counted: Counter[tuple[str, str]] = Counter()
        for outcome, probe, site, value in RESULTS.findall(self.get("/metrics")):
            counted[site, probe] += int(float(value)) if outcome in outcomes else 0
        return counted

    def measured_since(self, before: Counter[tuple[str, str]], times: int = 1) -> int:
        """How many checks were measured so often since then."""
        now = self.results(MEASURED)
        return sum(now[check] - before[check] >= times for check in now)

    def watch_only(self, servers: int) -> None:
        """Go on with so many of the servers."""
        self.servers = servers
        self.write((self.inventory / "province.yaml").read_text(encoding="utf-8"))
        self.process.send_signal(signal.SIGHUP)
        self.wait_for("READY=1")
        assert self.metric("netwatch_config_last_reload_successful") == 1.0

    def measures_all(self) -> bool:
        """Whether each check is measured twice now, and none is left out."""
        left_out, before = self.results(INVALID).total(), self.results(MEASURED)
        eventually(lambda: self.measured_since(before, 2) == 2 * self.servers)
        return self.results(INVALID).total() == left_out


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[WithFew]:
    port = free_port()
    with ExitStack() as servers:
        for number in range(SERVERS):
            servers.enter_context(create_server((address(number), port), backlog=1024))
        running = WithFew(tmp_path, port)
        running.wait_for("READY=1")
        yield running
        running.kill()


@contextmanager
def flood(port: int) -> Iterator[None]:
    """More connections than the daemon has descriptors, which ask for nothing, again and again."""
    stop = threading.Event()

    def connect() -> None:
        while not stop.is_set():
            with ExitStack() as held:
                for _ in range(2 * ALLOWED):
                    with suppress(OSError):  # what can't be accepted waits, or is reset
                        held.enter_context(create_connection(("127.0.0.1", port), timeout=5))
                stop.wait(0.2)

    attacker = threading.Thread(target=connect)
    attacker.start()
    try:
        yield
    finally:
        stop.set()
        attacker.join()


def test_scrapes_and_checks_go_on_beside_a_flood_of_connections(daemon: WithFew) -> None:
    eventually(lambda: daemon.results(INVALID).total() > SERVERS)
    with flood(daemon.port):
        before = daemon.results(MEASURED)
        eventually(lambda: daemon.measured_since(before) == 2 * SERVERS, LONG)
        page = daemon.get("/metrics")
    assert float(re.findall(DISPLACED, page)[0]) >= ALLOWED
    assert "Traceback" not in daemon.stop()


def test_every_check_gets_its_turn_and_all_do_when_fewer_are_wanted(daemon: WithFew) -> None:
    eventually(lambda: daemon.results(INVALID).total() > SERVERS)
    before = daemon.results(MEASURED)
    eventually(lambda: daemon.measured_since(before) == 2 * SERVERS, LONG)
    daemon.watch_only(SERVERS // 10)
    eventually(daemon.measures_all)
    said = daemon.stop()
    assert daemon.process.returncode == 0
    assert f"is allowed {ALLOWED}: raise LimitNOFILE" in said
    assert "Traceback" not in said

"""A daemon that makes operations at a router: what is left of them when it ends, and how."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from pydantic import SecretStr

from netwatch.core.credential import UserCredential
from tests.builders import ONE_ROUTER
from tests.probes.remote_ping.serving import COMMUNITY, in_thread
from tests.probes.remote_ping.table import PingTable
from tests.tools import eventually, free_port

USER = UserCredential(
    "ping", "sha256", SecretStr("auth-pass-1"), "aes128", SecretStr("priv-pass-1")
)
BORDER = """
vantages: {border: {site: xa, name_vi: Biên, router: router, asked_by: state-dc, writes: ping}}
credentials: {ping: {version: 3, user: ping, auth_key: ping-auth, priv_key: ping-priv}}
"""
FLOW = """
  {flow}:
    {{name_vi: F, from: border, to: xa/router, expect: pass, check: {{probe: remote-ping, own: true,
    profile: disman_ping, port: {port}, interval: {interval}, timeout: 8s}}}}
"""
PATIENCE = 60.0
"""Seconds: the first look comes within one interval of 10 s, on a machine that may be slow."""


@dataclass
class Province:
    """One router, and a daemon that makes operations there."""

    home: Path
    table: PingTable
    port: int

    def write(self, *flows: str) -> None:
        base = ONE_ROUTER.format(checks="{probe: tcp, port: 9, interval: 60s}")
        (self.home / "base.yaml").write_text(base, encoding="utf-8")
        # Intervals differ, so that the parameters of no two flows are the same.
        lines = [
            FLOW.format(flow=flow, port=self.port, interval=f"{10 + number}s")
            for number, flow in enumerate(flows)
        ]
        (self.home / "border.yaml").write_text(BORDER + "flows:\n" + "".join(lines), "utf-8")

    @contextmanager
    def daemon(self) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
        web = free_port()
        process = subprocess.Popen(
            [sys.executable, "-m", "netwatch", "run"],
            env={
                "PATH": os.environ["PATH"],
                "NETWATCH_INVENTORY": str(self.home),
                "NETWATCH_LISTEN": f"127.0.0.1:{web}",
                "NETWATCH_SECRET_LAN": COMMUNITY,
                "NETWATCH_SECRET_PING_AUTH": "auth-pass-1",
                "NETWATCH_SECRET_PING_PRIV": "priv-pass-1",
            },
            start_new_session=True,
        )
        try:
            yield process, web
        finally:
            process.kill()
            process.wait(PATIENCE)

    def tests(self) -> set[tuple[int, ...]]:
        """The operations that ping."""
        return {index for index, row in list(self.table.rows.items()) if row.begun}


@contextmanager
def province(home: Path) -> Iterator[Province]:
    table = PingTable({ip_address("127.0.0.1").packed})
    with in_thread(table.read, USER, table.write) as port:
        yield Province(home, table, port)


def test_it_leaves_nothing_when_it_is_stopped(tmp_path: Path) -> None:
    with province(tmp_path) as there:
        there.write("a", "b")
        with there.daemon() as (process, web):
            eventually(lambda: len(there.tests()) == 2, PATIENCE)
            eventually(lambda: as_expected(web) == {"a": 1.0, "b": 1.0}, PATIENCE)
            process.send_signal(signal.SIGTERM)
            assert process.wait(PATIENCE) == 0
        assert there.table.rows == {}


def test_what_a_kill_leaves_the_next_start_removes(tmp_path: Path) -> None:
    with province(tmp_path) as there:
        there.write("a", "b")
        with there.daemon() as (process, _):
            eventually(lambda: len(there.tests()) == 2, PATIENCE)
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(PATIENCE)
        left = there.tests()
        assert len(left) == 2, "nobody was there to destroy them"
        there.write("c")
        with there.daemon() as (process, _):
            eventually(lambda: there.tests() and not there.tests() & left, PATIENCE)
            assert len(there.tests()) == 1
            process.send_signal(signal.SIGTERM)
            assert process.wait(PATIENCE) == 0
        assert there.table.rows == {}


def as_expected(web: int) -> dict[str, float]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{web}/metrics", timeout=10) as answer:
            page = answer.read().decode()
    except OSError:
        return {}
    found = re.findall(r'netwatch_flow_as_expected\{.*flow="(\w)".*\} (\S+)', page)
    return {flow: float(value) for flow, value in found}

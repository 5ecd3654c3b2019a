"""A daemon that makes operations at a router: what is left of them when it ends, and how."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from pathlib import Path

import pytest
from pydantic import SecretStr

from netwatch.core.credential import UserCredential
from tests.harness.waiting import eventually
from tests.probes.remote_ping.daemons import PATIENCE, daemon
from tests.probes.remote_ping.serving import in_thread
from tests.probes.remote_ping.table import PingTable

pytestmark = pytest.mark.slow

USER = UserCredential(
    "ping", "sha256", SecretStr("auth-password"), "aes128", SecretStr("priv-password")
)
BORDER = """
vantages: {border: {site: xa, name_vi: Biên, router: router, asked_by: state-dc, writes: ping}}
credentials: {ping: {version: 3, user: ping, auth_key: ping-auth, priv_key: ping-priv}}
flows:
"""
FLOW = """
  {flow}:
    {{name_vi: F, from: border, to: xa/router, expect: pass, check: {{probe: remote-ping, own: true,
    profile: disman_ping, port: {port}, interval: 10s, timeout: 8s}}}}
"""


class Written:
    """A router that is written to, and the files for a daemon that does so."""

    def __init__(self) -> None:
        self.table = PingTable({ip_address("127.0.0.1").packed})
        self.port = 0

    def flows(self, *names: str) -> str:
        return BORDER + "".join(FLOW.format(flow=name, port=self.port) for name in names)

    def pinging(self) -> set[tuple[int, ...]]:
        return {index for index, row in list(self.table.rows.items()) if row.begun}


@contextmanager
def router() -> Iterator[Written]:
    written = Written()
    with in_thread(written.table.read, USER, written.table.write) as written.port:
        yield written


def test_it_leaves_nothing_when_it_is_stopped(tmp_path: Path) -> None:
    with router() as there:
        with daemon(tmp_path, there.flows("a", "b")) as running:
            eventually(lambda: len(there.pinging()) == 2, PATIENCE)
            running.shows("a", 1.0)
            running.shows("b", 1.0)
            running.process.send_signal(signal.SIGTERM)
            assert running.process.wait(PATIENCE) == 0
        assert there.table.rows == {}


def test_what_a_kill_leaves_the_next_start_removes(tmp_path: Path) -> None:
    with router() as there:
        with daemon(tmp_path, there.flows("a", "b")) as running:
            eventually(lambda: len(there.pinging()) == 2, PATIENCE)
            os.killpg(running.process.pid, signal.SIGKILL)
            running.process.wait(PATIENCE)
        left = there.pinging()
        assert len(left) == 2, "nobody was there to destroy them"
        with daemon(tmp_path, there.flows("c")) as running:
            eventually(lambda: there.pinging() and not there.pinging() & left, PATIENCE)
            assert len(there.pinging()) == 1
            running.process.send_signal(signal.SIGTERM)
            assert running.process.wait(PATIENCE) == 0
        assert there.table.rows == {}

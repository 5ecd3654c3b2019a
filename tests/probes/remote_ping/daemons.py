"""A real daemon with one router, and its page of metrics."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.harness.builders import ONE_ROUTER
from tests.harness.ports import free_port
from tests.harness.waiting import eventually
from tests.probes.remote_ping.serving import COMMUNITY

PATIENCE = 90.0
"""Seconds: a state takes two looks of 10 s, on a machine that may be slow."""


@dataclass
class Daemon:
    process: subprocess.Popen[bytes]
    port: int

    def value(self, series: str, flow: str) -> float | None:
        """What the page shows; None where there is no such series, or no page yet."""
        url = f"http://127.0.0.1:{self.port}/metrics"
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                page = answer.read().decode()
        except OSError:
            return None
        found = re.search(rf'^{series}\{{.*flow="{flow}".*\}} (\S+)$', page, re.MULTILINE)
        return float(found[1]) if found else None

    def shows(self, flow: str, value: float) -> None:
        """Wait until a flow is (1) or is not (0) as expected."""
        eventually(lambda: self.value("netwatch_flow_as_expected", flow) == value, PATIENCE)


@contextmanager
def daemon(home: Path, flows: str) -> Iterator[Daemon]:
    """Runs in a process group of its own, with ``ping`` as who may write."""
    base = ONE_ROUTER.format(checks="{probe: tcp, port: 9, interval: 60s}")
    (home / "base.yaml").write_text(base, encoding="utf-8")
    (home / "flows.yaml").write_text(flows, encoding="utf-8")
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "netwatch", "run"],
        env={
            "PATH": os.environ["PATH"],
            "NETWATCH_INVENTORY": str(home),
            "NETWATCH_LISTEN": f"127.0.0.1:{port}",
            "NETWATCH_SECRET_LAN": COMMUNITY,
            "NETWATCH_SECRET_PING_AUTH": "auth-password",
            "NETWATCH_SECRET_PING_PRIV": "priv-password",
        },
        start_new_session=True,
    )
    try:
        yield Daemon(process, port)
    finally:
        process.kill()
        process.wait(PATIENCE)

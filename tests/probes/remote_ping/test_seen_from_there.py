"""A real daemon that asks a router of the other side: open, shut, violated."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.probes.remote_ping.daemons import daemon
from tests.probes.remote_ping.routers import Objects, Operation, Ping, Router, huawei
from tests.probes.remote_ping.serving import in_thread

pytestmark = pytest.mark.slow

BORDER = """
vantages: {border: {site: xa, name_vi: Biên, router: router, asked_by: state-dc}}
flows:
"""
FLOW = """
  {flow}:
    {{name_vi: F, from: border, to: xa/router, expect: {expect}, check: {{probe: remote-ping,
    profile: huawei_nqa, owner: noc, test: {flow}, port: {port}, interval: 10s, timeout: 5s}}}}
"""


class Pinging:
    """The operations of the router: each pings when it is looked at, unless it has just done so."""

    def __init__(self) -> None:
        self.answered = {"open": True, "shut": False}
        self._operations = {name: Operation("127.0.0.1", ("noc", name)) for name in self.answered}
        self._router = Router(huawei, list(self._operations.values()))

    def objects(self) -> Objects:
        now = time.time()
        for name, operation in self._operations.items():
            last = operation.pings[-1].at if operation.pings else 0.0
            if now - last > 2:
                operation.pings = [*operation.pings[-20:], Ping(now, self.answered[name])]
        return self._router.objects()


def test_what_the_router_of_the_other_side_sees(tmp_path: Path) -> None:
    pinging = Pinging()
    with in_thread(pinging.objects) as port:
        flows = [("open", "pass"), ("shut", "blocked")]
        written = [FLOW.format(flow=flow, expect=expect, port=port) for flow, expect in flows]
        with daemon(tmp_path, BORDER + "".join(written)) as running:
            running.shows("open", 1.0)
            running.shows("shut", 1.0)
            assert running.value("netwatch_flow_violations_total", "shut") == 0.0
            pinging.answered["shut"] = True
            running.shows("shut", 0.0)
            assert (running.value("netwatch_flow_violations_total", "shut") or 0) >= 1.0
            assert running.value("netwatch_flow_as_expected", "open") == 1.0

"""``netwatch border``: what people see of the routers."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from netwatch.cli import main
from tests.builders import ONE_ROUTER
from tests.probes.remote_ping.routers import Operation, Ping, Router, disman
from tests.probes.remote_ping.serving import COMMUNITY, in_thread

FLOWS = """
vantages: {{border: {{site: xa, name_vi: Biên, router: router, asked_by: state-dc}}}}
flows:
  open: {{name_vi: Mở, from: border, to: xa/router, expect: pass, check: {check}}}
"""
CHECK = (
    "{{probe: remote-ping, profile: disman_ping, owner: noc, test: gw, port: {port},"
    " interval: 60s, timeout: 5s}}"
)


@pytest.fixture
def inventory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NETWATCH_INVENTORY", str(tmp_path))
    monkeypatch.setenv("NETWATCH_SECRET_LAN", COMMUNITY)
    base = ONE_ROUTER.format(checks="{probe: icmp, interval: 5s}")
    (tmp_path / "base.yaml").write_text(base, encoding="utf-8")
    return tmp_path


def write(inventory: Path, port: int) -> None:
    text = FLOWS.format(check=CHECK.format(port=port))
    (inventory / "flows.yaml").write_text(text, encoding="utf-8")


def test_ask_prints_what_the_router_found(
    inventory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    operation = Operation("127.0.0.1", pings=[Ping(time.time()), Ping(time.time(), answered=False)])
    with in_thread(Router(disman, [operation]).objects) as port:
        write(inventory, port)
        assert main(["border", "ask", "border"]) == 0
    assert "the router got 1 answers to 2 pings" in capsys.readouterr().out


def test_ask_tells_what_is_not_known(inventory: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with in_thread(Router(disman, []).objects) as port:
        write(inventory, port)
        assert main(["border", "ask"]) == 1
    assert "no_result the router has no such operation" in capsys.readouterr().out


def test_a_router_that_nobody_asks(inventory: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(inventory, 161)
    assert main(["border", "ask", "state-dc"]) == 2
    assert capsys.readouterr().err.startswith("state-dc: state-dc asks no such router; see docs/")

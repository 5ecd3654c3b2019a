"""``netwatch border``: what people see of the routers."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from netwatch.cli import main
from tests.harness.builders import ONE_ROUTER
from tests.harness.told import tells
from tests.probes.remote_ping.routers import Operation, Ping, Router, disman
from tests.probes.remote_ping.serving import COMMUNITY, in_thread
from tests.probes.remote_ping.table import PingTable

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
    (line,) = capsys.readouterr().out.splitlines()[1:]
    assert line.startswith("open: xa/router 127.0.0.1  remote-ping")
    assert "the router got 1 answers to 2 pings" in line


def test_ask_tells_what_is_not_known(inventory: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with in_thread(Router(disman, []).objects) as port:
        write(inventory, port)
        assert main(["border", "ask"]) == 1
    assert "no_result: the router has no such operation" in capsys.readouterr().out


def test_a_router_that_nobody_asks(inventory: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(inventory, 161)
    assert main(["border", "ask", "state-dc"]) == 2
    assert tells(capsys.readouterr().err, "state-dc: state-dc asks no such router; see docs/")


OWN = """
vantages: {{border: {{site: xa, name_vi: Biên, router: router, asked_by: state-dc, writes: ping}}}}
credentials: {{ping: {{version: 3, user: pinger, auth_key: ping-auth, priv_key: ping-priv}}}}
flows:
  mine: {{name_vi: Mở, from: border, to: xa/router, expect: pass, check: {{probe: remote-ping,
    profile: {profile}, own: true, port: {port}, interval: 30s, timeout: 5s}}}}
"""


def write_own(
    inventory: Path, monkeypatch: pytest.MonkeyPatch, profile: str, port: int = 161
) -> None:
    monkeypatch.setenv("NETWATCH_SECRET_PING_AUTH", "auth-passphrase")
    monkeypatch.setenv("NETWATCH_SECRET_PING_PRIV", "priv-passphrase")
    text = OWN.format(profile=profile, port=port)
    (inventory / "flows.yaml").write_text(text, encoding="utf-8")


def test_plan_prints_every_set_and_no_secret(
    inventory: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_own(inventory, monkeypatch, "disman_ping")
    assert main(["border", "plan"]) == 0
    shown = capsys.readouterr().out
    lines = [line.strip() for line in shown.splitlines()]
    owner = ".".join(map(str, (17, *b"netwatch/state-dc")))
    assert lines[0] == "mine: SNMP v3 authPriv, pinger @ 127.0.0.1:161"
    status = f"pingCtlRowStatus 1.3.6.1.2.1.80.1.2.1.23.{owner}.16."
    assert [line.partition(" = ")[2] for line in lines if line.startswith(status)] == [
        "integer 5 (createAndWait)",
        "integer 1 (active)",
        "integer 6 (destroy)",
    ]
    assert [line.split()[0] for line in lines if " = " in line] == [
        "pingCtlRowStatus",
        "pingCtlTargetAddressType",
        "pingCtlTargetAddress",
        "pingCtlTimeOut",
        "pingCtlProbeCount",
        "pingCtlFrequency",
        "pingCtlMaxRows",
        "pingCtlStorageType",
        "pingCtlRowStatus",
        "pingCtlAdminStatus",
        "pingCtlRowStatus",
    ]
    assert "octets 7f 00 00 01 (127.0.0.1)" in shown
    assert "unsigned 30 (seconds)" in shown
    assert "passphrase" not in shown
    assert COMMUNITY not in shown


def test_plan_says_when_nothing_is_written(
    inventory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(inventory, 161)
    assert main(["border", "plan"]) == 0
    assert capsys.readouterr().out == "không ghi gì / nothing is written\n"


def test_ask_does_not_write(
    inventory: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    router = PingTable()
    with in_thread(router.read, write=router.write) as port:
        write_own(inventory, monkeypatch, "disman_ping", port)
        assert main(["border", "ask"]) == 1
    assert router.written == []
    assert "no such operation" in capsys.readouterr().out


def test_an_operation_that_can_not_be_made_is_refused(
    inventory: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_own(inventory, monkeypatch, "huawei_nqa")
    assert main(["border", "plan"]) == 2
    told = capsys.readouterr().err
    assert tells(told, "flows.yaml:5: probe remote-ping")
    assert "how to make one is not known for huawei_nqa; remove own" in told

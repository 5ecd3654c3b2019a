"""The commands that ask one device, against Debian's snmpd."""

from __future__ import annotations

from pathlib import Path

import pytest

from netwatch.cli import main
from tests.harness.builders import ONE_ROUTER
from tests.harness.snmpd import Snmpd
from tests.harness.told import tells


@pytest.fixture
def ready(snmpd: Snmpd, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Snmpd:
    checks = f"{{probe: snmp, port: {snmpd.port}, interval: 60s, timeout: 5s}}"
    (tmp_path / "all.yaml").write_text(ONE_ROUTER.format(checks=checks), encoding="utf-8")
    monkeypatch.setenv("NETWATCH_INVENTORY", str(tmp_path))
    monkeypatch.setenv("NETWATCH_SECRET_LAN", "s3cret-community")
    return snmpd


@pytest.mark.parametrize("device", ["xa/router", "127.0.0.1"])
def test_identify(ready: Snmpd, device: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["snmp", "identify", device]) == 0
    shown = capsys.readouterr().out
    assert "router-1" in shown
    assert "1.3.6.1.4.1.8072.3.2.10" in shown
    assert "\nucd_snmp " in shown
    assert "\nif_mib " in shown
    assert "\ncisco " not in shown


def test_identify_an_address_with_a_credential(
    ready: Snmpd, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["snmp", "identify", "127.0.0.2", "--port", str(ready.port), "--credential", "lan"]
    assert main(arguments) == 1, "nobody listens on that address"
    assert capsys.readouterr().out.startswith("127.0.0.2: ")


def test_walk(ready: Snmpd, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["snmp", "walk", "xa/router", "1.3.6.1.2.1.1"]) == 0
    shown = capsys.readouterr().out.splitlines()
    assert "1.3.6.1.2.1.1.5.0 = text router-1" in shown
    assert "1.3.6.1.2.1.1.2.0 = oid 1.3.6.1.4.1.8072.3.2.10" in shown
    asked = [line for line in ready.walk("1.3.6.1.2.1.1") if line.startswith(".1.3.")]
    assert len(shown) == len(asked)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["identify", "xa/switch"], "xa/switch: no such target with an SNMP check"),
        (["identify", "127.0.0.9"], "127.0.0.9: is no target with an SNMP check"),
        (
            ["identify", "127.0.0.9", "--credential", "wan"],
            "wan: no such credential; use one of lan",
        ),
        (["walk", "xa/router", "ifTable"], "ifTable: is not an OID"),
    ],
)
def test_wrong_input(
    ready: Snmpd, arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["snmp", *arguments]) == 2
    error = capsys.readouterr().err
    assert tells(error, message)
    assert error.count("\n") == 1


def test_no_secret_is_shown(ready: Snmpd, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["identify", "xa/router"], ["walk", "xa/router", "1.3.6.1.2.1.1"]):
        main(["snmp", *arguments])
        shown = capsys.readouterr()
        assert "s3cret" not in shown.out + shown.err


def test_suggest_asks_all_and_finds_nothing(
    ready: Snmpd, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["inventory", "suggest"]) == 0
    assert capsys.readouterr().out == "# 1/1 thiết bị đã trả lời / devices answered\n"


def test_devices_lists_what_each_is(ready: Snmpd, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["inventory", "devices"]) == 0
    shown = capsys.readouterr()
    assert shown.out.splitlines() == [
        "site,target,address,part,model,serial,software",
        "xa,router,127.0.0.1,,,,",
    ]
    assert not shown.err

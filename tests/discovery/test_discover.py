"""Sweeps stay within the province's ranges, and go on where they were stopped."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from netwatch.cli import main
from netwatch.commands.inventory_discover import _HEAD
from netwatch.core.errors import ConfigError
from netwatch.discovery.progress import parse_progress, resumed
from netwatch.discovery.ranges import MAX_ADDRESSES, addresses_of
from netwatch.imports.words import meaning_of
from tests.discovery.swept import ADDRESSES
from tests.harness.builders import ONE_ROUTER, make_inventory
from tests.harness.namespaces import told_by
from tests.harness.ports import free_udp_port
from tests.harness.snmpd import running


@pytest.mark.slow  # waits for silent addresses, in both rounds
def test_a_sweep_that_is_stopped_and_goes_on() -> None:
    said = told_by("tests.discovery.swept")
    assert said["stopped"] >= 100
    assert sorted(said["answered"]) == sorted(ADDRESSES[:127])
    assert said["unsent"] == 0
    # Everybody once, the silent ones twice, and those of the last seconds before the stop again.
    assert len(ADDRESSES) + 127 <= said["echoes"] <= 2 * len(ADDRESSES) + 254 + 127


@pytest.mark.parametrize(
    ("ranges", "told"),
    [
        (["8.8.8.0/24"], "không thuộc ranges"),
        (["0.0.0.0/0"], "không thuộc ranges"),
        (["127.0.0.0/8"], "địa chỉ"),
        (["::1/128"], "không thuộc ranges"),
        (["127.0.0.1/8"], "không phải dải"),
        (["nam-sach"], "không phải dải"),
    ],
)
def test_ranges_that_are_not_swept(ranges: list[str], told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        addresses_of(ranges, make_inventory())


def test_addresses_of_ranges() -> None:
    found = addresses_of(["127.0.0.0/30", "127.0.0.0/29"], make_inventory())
    assert found == [f"127.0.0.{number}" for number in range(1, 7)]
    assert len(addresses_of(["127.4.0.0/16", "127.5.0.0/17"], make_inventory())) < MAX_ADDRESSES


def test_a_file_of_another_sweep_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "progress"
    resumed(("127.0.0.0/24",), file).keep()
    assert resumed(("127.0.0.0/24",), file).asked == 0
    with pytest.raises(ConfigError, match="không phải của lần quét này"):
        resumed(("127.0.1.0/24",), file)
    file.write_bytes(b'{"ranges": ["127.0.0.0/24"]}')
    assert parse_progress(file.read_bytes()) is None
    with pytest.raises(ConfigError):
        resumed(("127.0.0.0/24",), file)


def test_what_is_found_can_be_imported() -> None:
    assert all(meaning_of(heading) for heading in _HEAD)


@pytest.mark.slow  # waits for addresses that are silent
def test_a_device_that_answers_is_identified(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    checks = "{probe: icmp, interval: 60s}"
    inventory = ONE_ROUTER.format(checks=checks).replace("127.0.0.1", "127.0.0.9")
    (tmp_path / "all.yaml").write_text(inventory, encoding="utf-8")
    monkeypatch.setenv("NETWATCH_INVENTORY", str(tmp_path))
    monkeypatch.setenv("NETWATCH_SECRET_LAN", "s3cret-community")
    file = tmp_path / "found.csv"
    with running(tmp_path, free_udp_port()) as agent:
        words = ["inventory", "discover", "127.0.0.1/32", "127.0.0.9/32", "--credential", "lan"]
        assert main([*words, "--port", str(agent.port), "--to", str(file)]) == 0
    said = capsys.readouterr()
    assert "1 chưa có trong kho" in said.err
    with file.open(encoding="utf-8-sig", newline="") as lines:
        head, found = csv.reader(lines)
    row = dict(zip(head, found, strict=True))
    assert row["Địa chỉ IP"] == "127.0.0.1"
    assert row["Tên thiết bị"] == "router-1"
    assert row["Đơn vị"] == "Xã"
    assert "Linux" in row["Model"]


@pytest.mark.parametrize("rate", ["0", "5000", "-1"])
def test_a_rate_that_is_no_politeness(rate: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["inventory", "discover", "127.0.0.0/30", f"--rate={rate}"]) == 2
    assert "--rate" in capsys.readouterr().err

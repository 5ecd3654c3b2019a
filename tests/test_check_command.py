"""What ``netwatch check`` says of an inventory that is right, and yet too large for the unit."""

from __future__ import annotations

import json
from argparse import Namespace
from pathlib import Path

import pytest

from netwatch.commands import check
from netwatch.inventory.source import MAX_TOTAL_NODES
from netwatch.settings import Settings

INVENTORY = """
province: {name_vi: Thử, name: Test}
ranges: [127.0.0.0/8]
tiers: {commune: {name_vi: Xã, name: Commune, rank: 0}}
networks: {state: {name_vi: Mạng Nhà nước, name: State network}}
vantages: {state-dc: {site: a, name_vi: Đây}}
classes:
  router: {match: {roles: [router]}, checks: [{probe: icmp, interval: 30s, timeout: 2s}]}
sites:
  a: {tier: commune, name_vi: Xã A, targets: {router: 127.0.0.1}}
  b: {tier: commune, name_vi: Xã B, targets: {router: 127.0.0.2}}
"""


@pytest.mark.parametrize(("enough_for", "told"), [(2, False), (1, True)])
def test_more_targets_than_the_unit_has_memory_for_are_told(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    enough_for: int,
    told: bool,
) -> None:
    (tmp_path / "province.yaml").write_text(INVENTORY, encoding="utf-8")
    monkeypatch.setattr(check, "MAX_TARGETS_OF_UNIT", enough_for)
    assert (
        check.execute(Settings(inventory=tmp_path, vantage="state-dc"), Namespace(json=False)) == 0
    )
    assert ("raise it (systemctl edit netwatch)" in capsys.readouterr().out) == told


def test_it_is_told_before_an_inventory_is_refused() -> None:
    """A site with one target, in the shortest form, is five nodes."""
    assert check.MAX_TARGETS_OF_UNIT < MAX_TOTAL_NODES / 5


WRONG = INVENTORY.replace("name_vi: Xã B", "nam_vi: Xã B").replace("127.0.0.2", "127.0.0.1")


def test_everything_is_told_at_once_and_as_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A key that is wrong hides neither the address that is twice there, nor the web server."""
    (tmp_path / "province.yaml").write_text(WRONG, encoding="utf-8")
    (tmp_path / "more.yaml").write_text("sites: {c: [", encoding="utf-8")
    settings = Settings(inventory=tmp_path, vantage="state-dc", web_config=tmp_path / "web.yml")
    assert check.execute(settings, Namespace(json=True)) == 2
    found = json.loads(capsys.readouterr().out)
    told = [(each["file"] or each["place"], each["message"]) for each in found["problems"]]
    assert found["valid"] is False
    for part in (
        "unknown key 'nam_vi'; did you mean name_vi?",
        "127.0.0.1 is the address of a/router",
        "is not YAML",
        "cannot be read: No such file",
    ):
        assert any(part in message for _, message in told), (part, told)
    assert any(each["message_vi"].startswith("khóa lạ 'nam_vi'") for each in found["problems"])


def test_a_sound_inventory_is_told_as_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "province.yaml").write_text(INVENTORY, encoding="utf-8")
    settings = Settings(inventory=tmp_path, vantage="state-dc")
    assert check.execute(settings, Namespace(json=True)) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["valid"], found["sites"], found["targets"]) == (True, 2, 2)

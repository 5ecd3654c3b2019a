"""``netwatch trace`` tells by its exit status whether the target was reached."""

from __future__ import annotations

import argparse

import pytest

from netwatch.commands import trace as command
from netwatch.settings import Settings
from netwatch.trace import Hop
from tests.harness.builders import make_inventory

HERE, THERE = Hop(1, "10.16.0.1", 0.001), Hop(2, "", None)


@pytest.mark.parametrize("reached", [True, False])
def test_the_exit_status(
    reached: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    inventory = make_inventory()
    site, target, address = next(
        (site_id, target_id, target.address)
        for site_id, site in inventory.sites.items()
        for target_id, target in site.targets.items()
    )
    last = Hop(3, address, 0.002) if reached else THERE

    async def path(asked: str) -> list[Hop]:
        assert asked == address
        return [HERE, THERE, last]

    monkeypatch.setattr(command, "trace", path)
    monkeypatch.setattr(command, "load_inventory", lambda *_: inventory)
    options = argparse.Namespace(target=f"{site}/{target}")
    assert command.execute(Settings(), options) == (0 if reached else 1)
    assert len(capsys.readouterr().out.splitlines()) == 3

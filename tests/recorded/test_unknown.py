"""A device that no profile is made for is told to be one, and is read by the base layer."""

from __future__ import annotations

from pathlib import Path

import pytest

from netwatch.cli import main
from tests.harness.builders import ONE_ROUTER
from tests.harness.recordings import made_up
from tests.recorded.agent import COMMUNITY, player


@pytest.mark.parametrize("name", ["old-switch-without-ifxtable", "names-of-all-kinds"])
def test_identify(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (recording,) = (one for one in made_up() if one.name.endswith(name))
    with player() as playing:
        port = playing.play(recording)
        checks = f"{{probe: snmp, port: {port}, interval: 60s, timeout: 20s}}"
        (tmp_path / "all.yaml").write_text(ONE_ROUTER.format(checks=checks), encoding="utf-8")
        monkeypatch.setenv("NETWATCH_INVENTORY", str(tmp_path))
        monkeypatch.setenv("NETWATCH_SECRET_LAN", COMMUNITY)
        assert main(["snmp", "identify", "xa/router"]) == 0
    shown = capsys.readouterr().out
    assert "no profile for this maker yet" in shown
    assert "\nif_mib " in shown
    assert "\ncisco " not in shown
    assert all(line.isprintable() for line in shown.split("\n"))

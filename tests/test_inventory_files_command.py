"""``netwatch inventory show | diff | map | schema`` on the shipped example."""

from __future__ import annotations

import json
import shutil
from argparse import Namespace
from pathlib import Path

import pytest

from netwatch.commands.inventory_files import run
from netwatch.core.errors import ConfigError
from netwatch.settings import Settings

EXAMPLE = Path(__file__).parents[1] / "config" / "inventory"
SETTINGS = Settings(inventory=EXAMPLE)


def said(capsys: pytest.CaptureFixture[str], **options: object) -> tuple[int, str]:
    status = run(SETTINGS, Namespace(**options))
    return status, capsys.readouterr().out


def test_a_site_is_told_with_way_checks_and_why(capsys: pytest.CaptureFixture[str]) -> None:
    status, text = said(capsys, action="show", site="nam-sach")
    assert status == 0
    for told in (
        "UBND huyện Nam Sách / People's Committee of Nam Sach district (nam-sach)",
        "nam-sach/router ← data-centre/router-1 qua / over nam-sach-uplink (Viettel, 100 Mbit/s",
        "data-centre/router-1 ← điểm đo / the collector",
        "lớp / class district-router (vai trò / role router, cấp / level district)",
        "icmp  mỗi / every 5 s, chờ / timeout 1 s  quyết định còn hay mất / decides up or down",
        "cuộc họp / meetings:\n  giao-ban-huyen",
    ):
        assert told in text


def test_a_mistyped_site_is_told_with_the_one_that_is_meant() -> None:
    with pytest.raises(ConfigError, match="did you mean nam-sach"):
        run(SETTINGS, Namespace(action="show", site="nam-sac"))


def test_a_diff_tells_what_is_different_and_nothing_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "inventory"
    shutil.copytree(EXAMPLE, other)
    assert said(capsys, action="diff", old=EXAMPLE, new=other)[0] == 0
    file = other / "districts" / "nam-sach.yaml"
    text = file.read_text(encoding="utf-8")
    text = text.replace("carrier: VNPT, contract: HD-NS-005", "carrier: FPT, contract: HD-NS-005")
    text = text.replace("  nam-sach-an-binh:", "  nam-sach-an-b:\n    formerly: [nam-sach-an-binh]")
    file.write_text(text, encoding="utf-8")
    status, told = said(capsys, action="diff", old=EXAMPLE, new=other)
    assert status == 1
    assert "~ site:nam-sach-hiep-cat\n    uplink.carrier: VNPT → FPT\n" in told
    assert '~ site:nam-sach-an-b\n    formerly: – → ["nam-sach-an-binh"]' in told
    assert "\n- " not in f"\n{told}"


@pytest.mark.parametrize("name", ["map.svg", "map.geojson"])
def test_a_map_is_written(name: str, tmp_path: Path) -> None:
    assert run(SETTINGS, Namespace(action="map", to=tmp_path / name)) == 0
    assert "Nam Sách" in (tmp_path / name).read_text(encoding="utf-8")


def test_a_map_of_another_form_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="write a file"):
        run(SETTINGS, Namespace(action="map", to=tmp_path / "map.png"))


def test_the_schema_is_printed_or_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, printed = said(capsys, action="schema", to=None)
    said(capsys, action="schema", to=tmp_path / "schema.json")
    assert json.loads((tmp_path / "schema.json").read_text("utf-8")) == json.loads(printed)

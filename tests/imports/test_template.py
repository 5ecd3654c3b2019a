"""The template workbook: what is filled in is read without a question, and is a valid inventory."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from xlsxwriter import Workbook

from netwatch.cli import main
from netwatch.imports.process import read_sheets
from netwatch.imports.sheets import SheetCell
from netwatch.imports.template import CAPACITIES, CARRIERS, DEVICES, ROLES, SITES, TIERS, template
from netwatch.imports.text import plain_key
from netwatch.imports.values import rate_of
from netwatch.imports.words import meaning_of, words_for
from netwatch.inventory.load import load_inventory
from netwatch.probes import schemas
from tests.imports.conftest import Import


def test_every_heading_and_word_is_known() -> None:
    assert [c.heading for c in (*SITES, *DEVICES) if meaning_of(c.heading) is None] == []
    assert [tier for tier in TIERS if plain_key(tier) not in words_for("tiers")] == []
    assert [role for role in ROLES if plain_key(role) not in words_for("roles")] == []
    assert [rate_of(SheetCell(rate), "M") for rate in CAPACITIES] == list(CAPACITIES)


def test_it_has_lists_to_choose_from_and_cells_of_text() -> None:
    with zipfile.ZipFile(io.BytesIO(template())) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        styles = archive.read("xl/styles.xml").decode()
    assert sheet.count('type="list"') == 4
    assert ",".join(CARRIERS) in sheet
    assert re.search(r'numFmtId="49"', styles)  # text


def test_it_is_written_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "ds.xlsx"
    assert main(["inventory", "template", "--to", str(file)]) == 0
    assert [sheet.name for sheet in read_sheets(file).sheets] == [
        "Danh sách",
        "Thiết bị",
        "Hướng dẫn",
    ]
    assert main(["inventory", "template", "--to", str(file)]) == 2
    assert "đã có tệp này" in capsys.readouterr().err
    assert main(["inventory", "template", "--to", str(tmp_path / "ds.csv")]) == 2


def test_filled_in_it_is_an_inventory(tmp_path: Path, into: Path, run: Import) -> None:
    sites: list[list[Any]] = [
        ["tt", "Trung tâm dữ liệu tỉnh", TIERS[0], None, "10.16.0.1", "10.16.0.2", None],
        [None, "UBND huyện Nam Sách", "Huyện", "Trung tâm dữ liệu tỉnh", "10.21.0.1", None, None,
         "Viettel", "01/2024", "100M", "20.99, 106.33"],
        [None, "Xã An Lâm", "Xã", "UBND huyện Nam Sách", "10.21.1.1", None, "10.21.1.20",
         "VNPT", "HD-2", "20M"],
    ]  # fmt: skip
    devices = [["Xã An Lâm", "Tường lửa", "10.21.1.4", None, "Fortinet", "FortiGate 40F"]]
    file = tmp_path / "a.xlsx"
    with Workbook(str(file)) as book:
        for name, columns, table in (("Danh sách", SITES, sites), ("Thiết bị", DEVICES, devices)):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, [column.heading for column in columns])
            for number, row in enumerate(table, 1):
                sheet.write_row(number, 0, row)
    said = run(file, "--apply")
    assert said.status == 0, said.err
    inventory = load_inventory(into, schemas())
    assert inventory.sites["tt"].targets["switch"].address == "10.16.0.2"
    assert inventory.sites["nam-sach"].uplink.contract == "01/2024"
    assert inventory.sites["nam-sach-an-lam"].targets["firewall"].vendor == "Fortinet"

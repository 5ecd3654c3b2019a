"""Sheets in the many forms that offices give them."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Any

import pytest
from xlsxwriter import Workbook

from netwatch.inventory.load import load_inventory
from netwatch.inventory.model import Inventory
from netwatch.probes import schemas
from tests.harness.workbooks import HEADINGS, rows, write
from tests.imports.conftest import PROVINCE, Import

CENTRE = "Trung tâm dữ liệu tỉnh;Trung tâm dữ liệu;;10.16.0.1;;;\n"
CSV = (
    "Tên đơn vị;Cấp;Trực thuộc;IP Router;Nhà mạng;Số hợp đồng;Băng thông\n"
    + CENTRE
    + 'UBND huyện Nam Sách;Huyện;Trung tâm dữ liệu tỉnh;10.21.0.1;Viettel;"HD;1";100 Mbps\n'
    "Xã An Lâm;Xã;Nam Sách;10.21.1.1;VNPT;HD-2;20M\n"
)


def loaded(into: Path) -> Inventory:
    return load_inventory(into, schemas())


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1258"]
)
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_csv(tmp_path: Path, into: Path, run: Import, encoding: str, separator: str) -> None:
    file = tmp_path / "a.csv"
    text = CSV if separator == ";" else CSV.replace(";", separator)
    if encoding == "cp1258":  # Windows writes accents of tones behind their letter there
        text = "".join(_as_1258(letter) for letter in text)
    file.write_bytes(text.encode(encoding))
    said = run(file, "--apply")
    assert said.status == 0, said.err
    inventory = loaded(into)
    assert inventory.sites["nam-sach-an-lam"].name_vi == "Xã An Lâm"
    assert inventory.sites["nam-sach"].uplink.contract == f"HD{separator}1".replace("\t", " ")


def _as_1258(letter: str) -> str:
    """A letter in two parts where the code page has it so."""
    try:
        letter.encode("cp1258")
    except UnicodeEncodeError:
        parts = unicodedata.normalize("NFD", letter)
        tone = next(part for part in parts if part in "\u0300\u0301\u0303\u0309\u0323")
        return unicodedata.normalize("NFC", parts.replace(tone, "")) + tone
    return letter


@pytest.mark.parametrize(
    "spelling",
    [
        lambda text: unicodedata.normalize("NFD", text),
        lambda text: text.replace(" ", "\u00a0"),
        lambda text: text.replace(" ", "  ").replace(";", " ; "),
        lambda text: text.replace("Sách", "Sa\u0301ch\u200b"),
        lambda text: text.translate(str.maketrans("0123456789", "０１２３４５６７８９")),
    ],
    ids=["nfd", "nbsp", "spaces", "invisible", "full-width"],
)
def test_letters_and_digits_in_other_forms(
    tmp_path: Path, into: Path, run: Import, spelling: Any
) -> None:
    file = tmp_path / "a.csv"
    file.write_text(spelling(CSV), "utf-8")
    said = run(file, "--apply")
    assert said.status == 0, said.err
    site = loaded(into).sites["nam-sach-an-lam"]
    assert site.targets["router"].address == "10.21.1.1"
    assert site.uplink.capacity == 20e6


TO_TCVN3 = dict(
    zip(
        "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ",
        "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\u00adõøö÷ùúýûüþ",
        strict=True,
    )
)


def test_tcvn3_is_told_and_turned_over(tmp_path: Path, into: Path, run: Import) -> None:
    file = tmp_path / "a.csv"
    file.write_text("".join(TO_TCVN3.get(letter, letter) for letter in CSV), "utf-8")
    first = run(file)
    assert first.status == 2
    assert "TCVN3" in first.err
    assert "a: TCVN3" in file.with_suffix(".map.yaml").read_text("utf-8")
    said = run(file, "--apply")
    assert said.status == 0, said.err
    assert loaded(into).sites["nam-sach-an-lam"].name_vi == "Xã An Lâm"


def test_vni_is_told_and_turned_over(tmp_path: Path, into: Path, run: Import) -> None:
    file = tmp_path / "a.csv"
    file.write_text(
        "Teân ñôn vò;Caáp;Tröïc thuoäc;IP Router\n"
        "Trung taâm döõ lieäu;Trung taâm döõ lieäu;;10.16.0.1\n"
        "UBND huyeän Nam Saùch;Huyeän;Trung taâm döõ lieäu;10.21.0.1\n"
        "Xaõ Ñöùc Chính;Xaõ;Nam Saùch;10.21.1.1\n",
        "utf-8",
    )
    assert "VNI" in run(file).err
    said = run(file, "--apply")
    assert said.status == 0, said.err
    assert loaded(into).sites["nam-sach-duc-chinh"].name_vi == "Xã Đức Chính"


def book(path: Path, sheets: dict[str, list[list[Any]]], merged: dict[str, list[str]]) -> Path:
    with Workbook(str(path), {"strings_to_formulas": False}) as made:
        for name, table in sheets.items():
            sheet = made.add_worksheet(name)
            for number, row in enumerate(table):
                sheet.write_row(number, 0, row)
            for cells in merged.get(name, []):
                first = cells.split(":")[0]
                column, line = ord(first[0]) - 65, int(first[1:]) - 1
                sheet.merge_range(cells, table[line][column])
    return path


def test_several_sheets_merged_cells_and_headings_in_two_rows(
    tmp_path: Path, into: Path, run: Import
) -> None:
    units: list[list[Any]] = [
        ["Danh sách đơn vị", None, None, None, None, None, None],
        ["STT", "Tên đơn vị", "Huyện", "IP Router", "Đường truyền", None, None],
        [None, None, None, None, "Nhà cung cấp", "Tốc độ (Mb/s)", "Mã kênh"],
        [1, "Trung tâm dữ liệu tỉnh", None, "10.16.0.1", None, None, None],
        ["I", "HUYỆN NAM SÁCH", None, None, None, None, None],
        [2, "UBND huyện Nam Sách", None, "10.21.0.1", "Viettel", 100, "K1"],
        [3, "Xã An Lâm", "Nam Sách", "10.21.1.1", "VNPT", 20, "K2"],
        [4, "Xã Hợp Tiến", None, "10.21.2.1", "VNPT", 20, "K3"],
        ["Tổng cộng", None, None, None, None, 140, None],
    ]
    devices: list[list[Any]] = [
        ["Đơn vị", "Loại thiết bị", "Tên thiết bị", "Địa chỉ IP", "Hãng", "Model"],
        ["Xã An Lâm", "Thiết bị hội nghị", "Phòng họp", "10.21.1.20", "Polycom", "HDX 7000"],
        ["Xã An Lâm", "Switch", None, "10.21.1.2; 10.21.1.3", None, None],
    ]
    file = book(
        tmp_path / "a.xlsx",
        {"Đơn vị": units, "Thiết bị": devices, "Ghi chú": [["không có gì"]]},
        {"Đơn vị": ["A1:G1", "E2:G2", "C7:C8", "B5:G5"], "Thiết bị": ["A2:A3"]},
    )
    said = run(file, "--apply")
    assert said.status == 0, said.err
    assert "Ghi chú: không thấy hàng tiêu đề" in said.err
    inventory = loaded(into)
    assert list(inventory.sites) == [
        *("nam-sach", "nam-sach-an-lam", "nam-sach-hop-tien", "trung-tam-du-lieu-tinh")
    ]
    lam = inventory.sites["nam-sach-an-lam"]
    assert {id_: (t.role, t.address) for id_, t in lam.targets.items()} == {
        "router": ("router", "10.21.1.1"),
        "codec": ("codec", "10.21.1.20"),
        "switch-1": ("switch", "10.21.1.2"),
        "switch-2": ("switch", "10.21.1.3"),
    }
    assert lam.targets["codec"].model == "HDX 7000"
    assert inventory.sites["nam-sach-hop-tien"].uplink.capacity == 20e6


def test_an_unknown_heading_is_asked_and_answered(tmp_path: Path, into: Path, run: Import) -> None:
    table = [
        [*row[:11], "10.16.0.9" if number == 0 else None] for number, row in enumerate(rows(40))
    ]
    headings = (*HEADINGS[:11], "Hộp đen")
    file = write(tmp_path / "a.xlsx", table, headings)
    said = run(file)
    assert said.status == 2
    assert "chưa biết cột 'Hộp đen' là gì" in said.err
    mapping = file.with_suffix(".map.yaml")
    draft = mapping.read_text("utf-8")
    assert "Hộp đen: TODO" in draft
    mapping.write_text(draft.replace("Hộp đen: TODO", "Hộp đen: targets.firewall"), "utf-8")
    assert run(file, "--apply").status == 0
    assert loaded(into).sites["trung-tam-du-lieu-tinh"].targets["firewall"].address == "10.16.0.9"


def test_names_that_differ_by_accents_are_asked(tmp_path: Path, run: Import) -> None:
    file = tmp_path / "a.csv"
    file.write_text(CSV + "Xã An Lãm;Xã;Nam Sách;10.21.3.1;VNPT;HD-3;20M\n", "utf-8")
    said = run(file)
    assert "khác" in said.err or "có phải là một?" in said.err
    assert (
        "Xã An Lãm: Xã An Lãm  # hoặc / or Xã An Lâm" in file.with_suffix(".map.yaml").read_text()
    )
    assert run(file).status == 0


def test_old_and_new_places_of_tones_are_one_name(tmp_path: Path, run: Import) -> None:
    file = tmp_path / "a.csv"
    file.write_text(
        CSV.replace("huyện Nam Sách", "huyện Thủy Hoà").replace(";Nam Sách;", ";Thuỷ Hòa;"), "utf-8"
    )
    assert run(file).status == 0


def test_a_wrong_mapping_file_is_told_by_line(tmp_path: Path, run: Import) -> None:
    file = tmp_path / "a.csv"
    file.write_text(CSV, "utf-8")
    said = run(file, mapping=f"{PROVINCE}colums: {{a: b}}\n")
    assert said.status == 2
    assert "a.map.yaml:2: không có mục này" in said.err


def test_a_row_with_nothing_but_a_name_is_asked(tmp_path: Path, into: Path, run: Import) -> None:
    file = tmp_path / "a.csv"
    file.write_text(CSV + "HUYỆN KINH MÔN;;;;;;\n", "utf-8")
    said = run(file)
    assert "a!5: chỉ có tên" in said.err
    assert "a!5: skip" in file.with_suffix(".map.yaml").read_text("utf-8").replace('"', "")
    assert run(file, "--apply").status == 0
    assert len(loaded(into).sites) == 3


def test_many_rows_about_nobody_are_told_soon(tmp_path: Path, run: Import) -> None:
    table = [["Trung tâm dữ liệu", "Trung tâm dữ liệu", None, "10.16.0.1"]]
    table += [
        [f"Xã Số {n}", "Xã", f"Nơi {n}", f"10.{20 + n // 250}.{n % 250}.1"] for n in range(2000)
    ]
    lines = [";".join(cell or "" for cell in row) for row in table]
    file = tmp_path / "a.csv"
    file.write_text("Tên đơn vị;Cấp;Trực thuộc;IP\n" + "\n".join(lines), "utf-8")
    said = run(file)
    assert said.status == 2
    assert "và 1001 lỗi nữa" in said.err or "more mistakes" in said.err
    assert run(file).status == 2

"""A second import changes what has changed, and nothing else; what people wrote stays as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from netwatch.disk import together
from netwatch.inventory.load import load_inventory
from netwatch.probes import schemas
from tests.harness.workbooks import PLACES, rows, write
from tests.imports.conftest import Import

WRITTEN = """\
# Huyện Nam Sách: giữ nguyên lời này.
sites:
  nam-sach:   # trụ sở
    name_vi: "UBND huyện Nam Sách"
    tier: district
    parent: trung-tam-du-lieu-tinh

    # hai thiết bị
    targets: {router: 10.21.0.1,   codec: {address: 10.21.0.20, alias: nam-sach}}  # ở tầng 2
    uplink:
      # gọi 1800 8098
      carrier: VIETTEL
      capacity:   100000k # cam kết
      contract: HD-H-001

  # Không có trong bảng tính.
  kho: {tier: commune, parent: nam-sach, name_vi: Kho lưu trữ, targets: {router: 10.21.250.1}}

links:
  du-phong:
    a: {target: nam-sach/router}
    b: {target: trung-tam-du-lieu-tinh/router}
    carrier: FPT
    capacity: 50M
"""


def test_what_was_there_keeps_its_words_order_and_comments(
    tmp_path: Path, into: Path, run: Import
) -> None:
    table = rows(40)
    assert run(write(tmp_path / "a.xlsx", table), "--apply").status == 0
    file = into / "district" / "nam-sach.yaml"
    rest = file.read_text("utf-8")
    begin = rest.index("\n  nam-sach-an-lam:")
    written, tail = WRITTEN.split("\nlinks:")
    file.write_text(f"{written}{rest[begin:]}\nlinks:{tail}", "utf-8")
    before = file.read_text("utf-8")

    said = run(write(tmp_path / "a.xlsx", [[*row[:10], None, None] for row in table]))
    assert "không có gì thay đổi" not in said.out  # coordinates are new
    table[8 - 1][PLACES["Băng thông (Mbps)"]] = 200
    table[8 - 1][PLACES["IP Codec"]] = "10.21.0.21"
    for row in table:
        row[PLACES["Toạ độ"]] = row[PLACES["Thiết bị"]] = None
    said = run(write(tmp_path / "a.xlsx", table), "--apply")
    assert said.status == 0, said.err
    wanted = before.replace("100000k", "200M").replace("address: 10.21.0.20", "address: 10.21.0.21")
    assert file.read_text("utf-8") == wanted
    assert "1 thay đổi" in said.out
    assert "kho" in said.out
    assert "được giữ nguyên" in said.out
    load_inventory(into, schemas())


def test_a_new_row_stands_behind_its_siblings(tmp_path: Path, into: Path, run: Import) -> None:
    table = rows(41)
    run(write(tmp_path / "a.xlsx", table[:40]), "--apply")
    files = {path: path.read_text("utf-8") for path in into.rglob("*.yaml")}
    said = run(write(tmp_path / "a.xlsx", table), "--apply")
    assert "1 điểm mới" in said.out
    changed = [path for path in files if path.read_text("utf-8") != files[path]]
    assert len(changed) == 1
    assert changed[0].read_text("utf-8").startswith(files[changed[0]])


def test_a_site_that_the_sheet_lacks_is_told_and_stays(
    tmp_path: Path, into: Path, run: Import
) -> None:
    run(write(tmp_path / "a.xlsx", rows(40)), "--apply")
    said = run(write(tmp_path / "a.xlsx", rows(39)))
    assert "không có gì thay đổi" in said.out
    assert "1 điểm trong kho mà nguồn không có" in said.out


def test_an_empty_cell_changes_nothing(tmp_path: Path, into: Path, run: Import) -> None:
    table = rows(40)
    run(write(tmp_path / "a.xlsx", table), "--apply")
    for row in table[1:]:
        for heading in ("IP Codec", "Số hợp đồng", "Toạ độ", "Thiết bị", "Băng thông (Mbps)"):
            row[PLACES[heading]] = None
    assert "không có gì thay đổi" in run(write(tmp_path / "a.xlsx", table)).out


def test_a_renamed_site_is_found_by_its_id(tmp_path: Path, into: Path, run: Import) -> None:
    headings = ("STT", "Mã", "Tên đơn vị", "Cấp", "Trực thuộc", "IP Router")
    table = [
        [None, "tt", "Trung tâm dữ liệu", "Trung tâm dữ liệu", None, "10.16.0.1"],
        [None, "an-lam", "Xã An Lâm", "Xã", "tt", "10.21.1.1"],
    ]
    assert run(write(tmp_path / "a.xlsx", table, headings), "--apply").status == 0
    table[1][2] = "Xã An Phú"
    said = run(write(tmp_path / "a.xlsx", table, headings))
    assert "-    name_vi: Xã An Lâm" in said.out
    assert "+    name_vi: Xã An Phú" in said.out
    assert "0 điểm mới" in said.out


def test_carriers_by_id_and_former_ids_are_known(tmp_path: Path, into: Path, run: Import) -> None:
    headings = (
        "STT",
        "Mã",
        "Tên đơn vị",
        "Cấp",
        "Trực thuộc",
        "IP Router",
        "Nhà mạng",
        "Băng thông",
    )
    table = [
        [None, "tt", "Trung tâm dữ liệu", "Trung tâm dữ liệu", None, "10.16.0.1"],
        [None, "XA.01", "Xã An Lâm", "Xã", "tt", "10.21.1.1", "Viettel", "20M"],
    ]
    file = write(tmp_path / "a.xlsx", table, headings)
    assert run(file, "--apply").status == 0
    (into / "carriers.yaml").write_text("carriers:\n  vt: {name: Viettel}\n")
    commune = into / "commune.yaml"
    text = commune.read_text("utf-8").replace("xa-01:", "an-lam:").replace("Viettel", "vt")
    commune.write_text(f"{text}    formerly: [xa-01]\n", "utf-8")
    said = run(file)
    assert said.status == 0, said.err
    assert "không có gì thay đổi" in said.out


def test_a_result_that_would_be_wrong_is_not_written(
    tmp_path: Path, into: Path, run: Import
) -> None:
    into.mkdir()
    (into / "own.yaml").write_text("province: {name_vi: T, name: T}\nranges: [10.0.0.0/8]\n")
    said = run(write(tmp_path / "a.xlsx", rows(40)), "--apply")
    assert said.status == 2
    assert [path.name for path in into.iterdir()] == ["own.yaml"]


@pytest.mark.parametrize("fault", ["interrupt", "disk"])
def test_nothing_is_half_written(
    tmp_path: Path, into: Path, run: Import, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(write(tmp_path / "a.xlsx", rows(39)), "--apply")
    before = {path: path.read_bytes() for path in into.rglob("*") if path.is_file()}
    table = rows(60)
    table[3][PLACES["Băng thông (Mbps)"]] = 300
    file = write(tmp_path / "a.xlsx", table)
    written = 0
    real = together._write

    def fail(*args: Path | bytes) -> None:
        nonlocal written
        if written == 1:
            raise KeyboardInterrupt if fault == "interrupt" else OSError(28, "No space left")
        written += 1
        real(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(together, "_write", fail)
    said = run(file, "--apply")
    assert said.status == (130 if fault == "interrupt" else 2)
    assert {path: path.read_bytes() for path in into.rglob("*") if path.is_file()} == before

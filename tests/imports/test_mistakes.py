"""300 sites with the mistakes of a real sheet: all told at once, one mapping file, two runs."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from netwatch.cli import main
from netwatch.inventory.load import load_inventory
from netwatch.probes import schemas
from tests.harness.workbooks import PLACES, cell, rows, write

Run = Callable[..., tuple[int, str, str]]

MISTAKES: list[tuple[int, str, Any, str, str | None]] = [
    (20, "IP Router", "10.24.1.256", "không phải địa chỉ IP", "10.24.1.1"),
    (21, "IP Router", 10222141120, "Excel đã đổi địa chỉ", "10.25.1.1"),
    (22, "IP Router", "1O.26.1.1", "không phải địa chỉ IP", None),
    (23, "IP Codec", "10,27,1,20", "không phải địa chỉ IP", None),
    (24, "IP Router", "10.028.001.001", "không phải địa chỉ IP", None),
    (25, "Trực thuộc", "Cẩm Giang", "không có đơn vị nào tên này", None),
    (26, "Nhà mạng", "viettel", "có phải là", None),
    (27, "Nhà mạng", "Vietel", "có phải là", None),
    (28, "Băng thông (Mbps)", "20 mê", "không phải băng thông", None),
    (29, "Băng thông (Mbps)", None, "thiếu băng thông", "20M"),
    (30, "Cấp", "Cấp ba", "chưa biết cấp", "commune"),
    (31, "Toạ độ", "106.31, 20.95", "kinh độ đứng trước vĩ độ", None),
    (32, "Toạ độ", "Hải Dương", "không phải toạ độ", "skip"),
    (33, "Số hợp đồng", dt.date(2024, 12, 1), "Excel đã đổi thành ngày", "12/2024"),
    (34, "Tên đơn vị", "=cmd|' /C calc'!A0", "là công thức", "Xã Công Thức"),
    (35, "IP Router", "10.21.2.1", "đã là địa chỉ ở", "10.21.200.1"),
    (36, "IP Router", None, "thiếu IP router", "10.21.201.1"),
    (37, "Tên đơn vị", None, "không có tên đơn vị", "skip"),
    (38, "Số hợp đồng", "X" * 200, "dài quá 128", None),
    (39, "IP Router", "192.0.2.1x", "không phải địa chỉ IP", "10.21.202.1"),
]
"""Row, heading, what stands there, what is said of it, and the answer; None takes the guess."""


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(file: Path, *options: str) -> tuple[int, str, str]:
        status = main(["inventory", "import", str(file), "--into", str(tmp_path / "inv"), *options])
        said = capsys.readouterr()
        return status, said.out, said.err

    return run


def spoiled() -> list[list[Any]]:
    table = rows(300)
    for row, heading, value, _, _ in MISTAKES:
        table[row][PLACES[heading]] = value
    return table


def test_twenty_mistakes_one_mapping_file_two_runs(tmp_path: Path, run: Run) -> None:
    file = write(tmp_path / "a.xlsx", spoiled())
    status, _, said = run(file)
    assert status == 2
    assert not (tmp_path / "inv").exists()
    lines = said.splitlines()
    for row, heading, _, told, _ in MISTAKES:
        place = cell(heading, row) if told != "không có tên đơn vị" else f"Danh sách!{row + 4}"
        assert any(place in line and told in line for line in lines), (place, told)
    mapping = tmp_path / "a.map.yaml"
    answers = mapping.read_text("utf-8")
    for row, heading, _, told, answer in MISTAKES:
        if answer is not None:
            key = f'"{cell(heading, row)}"'
            if told == "không có tên đơn vị":
                key = f'"Danh sách!{row + 4}"'
            elif heading == "Cấp":
                key = "Cấp ba"
            answers, count = re.subn(
                rf"({re.escape(key)}): \S+",
                lambda found, to=answer: f'{found[1]}: "{to}"',
                answers,
            )
            assert count == 1, key
    answers = answers.replace("name_vi: TODO", "name_vi: Tỉnh Hải Dương")
    assert "TODO" not in answers.partition("\n\n")[2]
    mapping.write_text(answers, "utf-8")

    status, out, said = run(file, "--apply")
    assert status == 0, said
    assert "299 điểm mới" in out
    inventory = load_inventory(tmp_path / "inv", schemas())
    assert len(inventory.sites) == 299  # one row has no name
    carriers = {site.uplink.carrier for site in inventory.sites.values() if site.uplink}
    assert carriers == {"Viettel", "VNPT", "FPT"}
    assert {site.tier for site in inventory.sites.values()} == {
        *("data-centre", "department", "district", "commune")
    }
    assert run(file)[1].startswith(f"{tmp_path / 'inv'}: không có gì thay đổi")


def test_every_mistake_is_one_line_vietnamese_first(tmp_path: Path, run: Run) -> None:
    _, _, said = run(write(tmp_path / "a.xlsx", spoiled()))
    problems = [line for line in said.splitlines() if not line.startswith("#")]
    assert len(problems) == len(MISTAKES) + 3  # the province has no name, no ranges; the draft
    for line in problems:
        message = line.split(": ", 2)[-1]
        assert " / " in message
        assert re.search("[à-ỹ]", message.partition(" / ")[0]), line


def test_an_answer_that_is_missing_is_told_again(tmp_path: Path, run: Run) -> None:
    file = write(tmp_path / "a.xlsx", spoiled())
    run(file)
    mapping = tmp_path / "a.map.yaml"
    first = mapping.read_text("utf-8")
    status, _, said = run(file)
    assert status == 2
    assert "chưa được trả lời" in said
    assert mapping.read_text("utf-8") == first


@pytest.mark.parametrize("count", [40, 300])
def test_a_sound_sheet_asks_only_for_the_province(tmp_path: Path, run: Run, count: int) -> None:
    file = write(tmp_path / "a.xlsx", rows(count))
    assert run(file)[0] == 2
    mapping = tmp_path / "a.map.yaml"
    text = mapping.read_text("utf-8")
    assert text.count("TODO") == 3  # two in the words above
    mapping.write_text(text.replace("name_vi: TODO", "name_vi: Tỉnh Hải Dương"), "utf-8")
    status, out, _ = run(file)
    assert status == 0
    assert "+  nam-sach:" in out
    assert "thêm --apply" in out
    assert not (tmp_path / "inv").exists()
    assert run(file, "--apply")[0] == 0
    assert len(load_inventory(tmp_path / "inv", schemas()).sites) == count

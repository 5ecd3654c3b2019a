"""Workbooks as offices have them: made for the tests, with the mistakes of real ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook

HEADINGS = (
    "STT",
    "Tên đơn vị",
    "Cấp",
    "Trực thuộc",
    "IP Router",
    "IP Codec",
    "Nhà mạng",
    "Số hợp đồng",
    "Băng thông (Mbps)",
    "Toạ độ",
    "Thiết bị",
    "Ghi chú",
)

DISTRICTS = (
    *("Nam Sách", "Kinh Môn", "Kim Thành", "Thanh Hà", "Cẩm Giàng", "Bình Giang"),
    *("Gia Lộc", "Tứ Kỳ", "Ninh Giang", "Thanh Miện"),
)
COMMUNES = (
    *("An Lâm", "Nam Hưng", "Hợp Tiến", "Hiệp Cát", "Quốc Tuấn", "An Bình", "Cộng Hòa", "Thái Tân"),
    *("Phú Điền", "Hồng Phong", "Đồng Lạc", "Minh Tân", "Thanh Quang", "An Sơn", "Nam Trung"),
    *("Tân Việt", "Đức Chính", "Lương Điền", "Ngọc Liên", "Cẩm Hưng", "Cẩm Hoàng", "Cẩm Văn"),
    *("Cao An", "Định Sơn", "Kim Liên", "Tuấn Việt", "Vũ Dũng", "Lai Khê"),
)
SIDES = ("", " Đông", " Tây", " Nam", " Bắc")
DEPARTMENTS = ("Nội vụ", "Tư pháp", "Tài chính", "Xây dựng", "Y tế", "Công Thương")

PLACES = {name: column for column, name in enumerate(HEADINGS)}


def rows(count: int) -> list[list[Any]]:
    """So many sound rows: the data centre, departments, districts, and communes below them."""
    found: list[list[Any]] = [
        _row("Trung tâm dữ liệu tỉnh", "Trung tâm dữ liệu", None, "10.16.0.1", None, None, 0, 0)
    ]
    for number, name in enumerate(DEPARTMENTS, 1):
        address = f"10.17.{number}"
        found.append(
            _row(
                f"Sở {name}",
                "Sở, ngành",
                "Trung tâm dữ liệu tỉnh",
                address,
                "VNPT",
                "SN",
                number,
                100,
            )
        )
    districts = DISTRICTS[: 2 if count < 100 else len(DISTRICTS)]
    for number, name in enumerate(districts, 1):
        found.append(
            _row(
                *(f"UBND huyện {name}", "Huyện", "Trung tâm dữ liệu tỉnh", f"10.{20 + number}.0"),
                *("Viettel", "H", number, 100),
            )
        )
    place = 0
    while len(found) < count:
        number, commune = place % len(districts), place // len(districts)
        name = COMMUNES[commune % len(COMMUNES)] + SIDES[commune // len(COMMUNES)]
        carrier = ("Viettel", "VNPT", "FPT")[place % 3]
        address = f"10.{21 + number}.{commune + 1}"
        found.append(
            _row(
                f"Xã {name}",
                "Xã",
                districts[number],
                address,
                carrier,
                f"X{number}",
                commune + 1,
                20,
            )
        )
        place += 1
    return found


def _row(  # noqa: PLR0913, PLR0917 (the columns of a table)
    name: str, tier: str, parent: str | None, net: str, carrier: str | None, series: str | None,
    number: int, capacity: int,
) -> list[Any]:  # fmt: skip
    router = net if net.count(".") == 3 else f"{net}.1"
    codec = None if net.count(".") == 3 else f"{net}.20"
    contract = f"HD-{series}-{number:03}" if series else None
    place = f"20.{900 + number}, 106.{300 + number}"
    return [
        None, name, tier, parent, router, codec, carrier, contract, capacity or None, place,
        "Cisco ISR 1100", None,
    ]  # fmt: skip


def write(path: Path, table: Iterable[Sequence[Any]], headings: Sequence[str] = HEADINGS) -> Path:
    """A workbook with a title, a heading and these rows."""
    options = {"strings_to_formulas": False, "default_date_format": "mm/yyyy"}
    with Workbook(str(path), options) as book:
        sheet = book.add_worksheet("Danh sách")
        sheet.write(0, 0, "DANH SÁCH ĐƠN VỊ")
        sheet.write_row(2, 0, headings)
        for number, row in enumerate(table, 1):
            sheet.write_row(2 + number, 0, [number if row[0] is None else row[0], *row[1:]])
    return path


def cell(name: str, row: int) -> str:
    """The reference of a cell of ``write``: of the row from 0, in the column of this heading."""
    return f"Danh sách!{chr(65 + PLACES[name])}{row + 4}"


def many(count: int) -> list[list[Any]]:
    """So many rows: districts of 200 communes each, whose names have numbers."""
    found = rows(7)
    for number in range((count - 7) // 201 + 1):
        name = f"Số {number}"
        found.append(
            _row(
                f"UBND huyện {name}",
                "Huyện",
                None,
                f"10.{30 + number}.0",
                "Viettel",
                "H",
                number,
                100,
            )
        )
        found += [
            _row(
                *(f"Xã {number}-{place} Đông", "Xã", name, f"10.{30 + number}.{place}"),
                *("VNPT", f"X{number}", place, 20),
            )
            for place in range(1, 201)
        ]
    return found[:count]

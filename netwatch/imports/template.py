"""The workbook to begin with: the headings that an import knows, with lists to choose from."""

from __future__ import annotations

import io
from typing import NamedTuple

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

ROWS = 2000
"""Rows for which lists and forms are prepared."""

TIERS = ("Trung tâm dữ liệu", "Sở, ngành", "Huyện", "Xã", "Phường", "Thị trấn", "Cơ quan Đảng")
CARRIERS = ("Viettel", "VNPT", "FPT", "MobiFone", "CMC")
CAPACITIES = ("10M", "20M", "50M", "100M", "200M", "500M", "1G")
ROLES = ("Router", "Switch", "Tường lửa", "Codec", "MCU", "Máy chủ")


class TemplateColumn(NamedTuple):
    """One column.

    Attributes:
        heading: as an import knows it.
        width: in characters.
        choices: what may be chosen; of a name that begins with ``=``, a range.
        help: shown beside a cell.
    """

    heading: str
    width: int
    choices: tuple[str, ...] | str = ()
    help: str = ""


SITES = (
    TemplateColumn("Mã", 14, help="Để trống được. Chữ thường không dấu, số, gạch nối: an-lam"),
    TemplateColumn("Tên đơn vị", 34, help="Tên đầy đủ, Unicode: Xã An Lâm"),
    TemplateColumn("Cấp", 18, TIERS),
    TemplateColumn(
        "Trực thuộc", 30, f"='Danh sách'!$B$2:$B${ROWS}", "Tên một đơn vị khác trong bảng này"
    ),
    TemplateColumn("IP Router", 16, help="10.22.14.1"),
    TemplateColumn("IP Switch", 16, help="Nhiều địa chỉ: cách nhau bằng dấu ;"),
    TemplateColumn("IP Codec", 16, help="Thiết bị họp trực tuyến"),
    TemplateColumn("Nhà mạng", 12, CARRIERS),
    TemplateColumn("Số hợp đồng", 18),
    TemplateColumn("Băng thông", 12, CAPACITIES, "20M, 100M, 1G"),
    TemplateColumn("Toạ độ", 20, help="Vĩ độ trước, kinh độ sau: 20.94, 106.33"),
    TemplateColumn("Ghi chú", 30),
)

DEVICES = (
    TemplateColumn("Đơn vị", 34, f"='Danh sách'!$B$2:$B${ROWS}"),
    TemplateColumn("Loại thiết bị", 16, ROLES),
    TemplateColumn("Địa chỉ IP", 16),
    TemplateColumn("Tên thiết bị", 24),
    TemplateColumn("Hãng", 14),
    TemplateColumn("Model", 22),
)

GUIDE = (
    "Mỗi đơn vị một hàng ở trang Danh sách / one row a site.",
    "Một hàng là Trung tâm dữ liệu, không trực thuộc đâu / one row is the data centre, the top.",
    "Thiết bị khác, nếu có, ở trang Thiết bị / other devices, if any, on the second sheet.",
    "Đổi tên một đơn vị: giữ nguyên Mã / a site that is renamed keeps its id.",
    "Ô trống: không biết, không xóa gì cả / an empty cell is not known; it removes nothing.",
    "Sau đó / then: netwatch inventory import FILE.xlsx --into DIR",
)


def template() -> bytes:
    """The workbook."""
    content = io.BytesIO()
    with Workbook(content, {"in_memory": True, "strings_to_formulas": False}) as book:
        head = book.add_format({"bold": True, "bg_color": "#D9E2F3", "border": 1})
        text = book.add_format({"num_format": 49})
        _table(book.add_worksheet("Danh sách"), SITES, head, text)
        _table(book.add_worksheet("Thiết bị"), DEVICES, head, text)
        guide = book.add_worksheet("Hướng dẫn")
        guide.set_column(0, 0, 110)
        guide.write_column(0, 0, GUIDE)
    return content.getvalue()


def _table(
    sheet: Worksheet, columns: tuple[TemplateColumn, ...], head: Format, text: Format
) -> None:
    """Cells are text, so that the program makes no numbers or dates of addresses and contracts."""
    sheet.freeze_panes(1, 2)
    for number, column in enumerate(columns):
        sheet.set_column(number, number, column.width, text)
        sheet.write_string(0, number, column.heading, head)
        sheet.data_validation(1, number, ROWS, number, _choice(column))


def _choice(column: TemplateColumn) -> dict[str, object]:
    """A list to choose from, which takes other words too, after asking; or only the help."""
    told = {"input_title": column.heading, "input_message": column.help} if column.help else {}
    if not column.choices:
        return {"validate": "any", **told}
    return {
        "validate": "list",
        "source": column.choices if isinstance(column.choices, str) else list(column.choices),
        "error_type": "warning",
        "error_title": "Không có trong danh sách",
        "error_message": "Giữ giá trị này? / Keep what is not in the list?",
        **told,
    }

"""Reads XLSX, XLSM, XLS and ODS by python-calamine; only ever in a process of its own."""

from __future__ import annotations

import datetime as dt
import io
from zipfile import BadZipFile, ZipFile

import python_calamine as calamine

from netwatch.imports.odd_cells import OddCells, find_odd_cells
from netwatch.imports.sheets import (
    MAX_CELLS,
    MAX_CHARACTERS,
    MAX_COLUMNS,
    MAX_SHEETS,
    MAX_TEXT,
    CellKind,
    MergedRange,
    Sheet,
    SheetCell,
    SheetError,
    Workbook,
    too_large,
)

_MAX_MERGED = 100_000
"""Merged ranges of a sheet."""

_PROTECTED = (
    "có mật khẩu, hãy bỏ mật khẩu (Tệp > Thông tin > Bảo vệ) rồi lưu lại"
    " / has a password; remove it and save the file again"
)

Value = int | float | str | bool | dt.time | dt.date | dt.datetime | dt.timedelta | None


def read_workbook(data: bytes) -> Workbook:
    """All sheets with what is in them.

    Raises:
        SheetError: it is no workbook, has a password, or is too large.
    """
    notes: list[str] = []
    odd: dict[str, OddCells] = {}
    if data.startswith(b"PK"):
        odd = _look_inside(data, notes)
    try:
        with calamine.load_workbook(io.BytesIO(data)) as book:
            return Workbook(_sheets(book, odd), notes)
    except calamine.PasswordError:
        raise SheetError(_PROTECTED) from None
    except (calamine.CalamineError, OSError, ValueError) as error:
        if b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e" in data:
            raise SheetError(_PROTECTED) from None
        raise SheetError(
            "không phải sổ tính, hãy lưu lại thành .xlsx hoặc CSV"
            f" / is not a workbook; save it as .xlsx or CSV ({str(error)[:100]})"
        ) from None


def _look_inside(data: bytes, notes: list[str]) -> dict[str, OddCells]:
    """The odd cells of an XLSX file; nothing of an ODS file, which is a zip archive too."""
    try:
        with ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            if "xl/vbaProject.bin" in names:
                notes.append("có macro, không bao giờ được chạy / has macros, which never run")
            if "xl/workbook.xml" not in names:
                return {}
            odd = find_odd_cells(archive)
    except (BadZipFile, NotImplementedError, RuntimeError) as error:
        raise SheetError(
            f"tệp nén bị hỏng, hãy lưu lại / is a broken archive; save it again ({error})"
        ) from None
    if formulas := sum(each.formulas for each in odd.values()):
        notes.append(
            f"{formulas} ô là công thức: lấy giá trị đã tính lúc lưu tệp"
            " / cells are formulas: their values as of the last saving are taken"
        )
    return odd


def _sheets(book: calamine.CalamineWorkbook, odd: dict[str, OddCells]) -> list[Sheet]:
    if len(book.sheet_names) > MAX_SHEETS:
        raise too_large("trang")
    found: list[Sheet] = []
    cells = characters = 0
    for known in book.sheets_metadata:
        sheet = book.get_sheet_by_name(known.name)
        cells += sheet.height * sheet.width
        if cells > MAX_CELLS:
            raise too_large("ô")
        kinds = odd[known.name].kinds if known.name in odd else {}
        rows = _rows(sheet, kinds)
        characters += sum(len(cell.text) for row in rows for cell in row if cell)
        if characters > MAX_CHARACTERS:
            raise too_large("chữ")
        hidden = known.visible != calamine.SheetVisibleEnum.Visible
        found.append(Sheet(known.name, rows, _merged(sheet), hidden))
    return found


def _merged(sheet: calamine.CalamineSheet) -> list[MergedRange]:
    ranges = sheet.merged_cell_ranges or []
    return [MergedRange(*first, *last) for first, last in ranges[:_MAX_MERGED]]


def _rows(
    sheet: calamine.CalamineSheet, kinds: dict[tuple[int, int], CellKind]
) -> list[list[SheetCell | None]]:
    top, left = sheet.start or (0, 0)
    if top > MAX_CELLS or left > MAX_COLUMNS:
        raise too_large("ô")
    rows: list[list[SheetCell | None]] = [[] for _ in range(top)]
    padding: list[SheetCell | None] = [None] * left
    for values in sheet.iter_rows():
        cells = [_cell(value) for value in values[: MAX_COLUMNS - left]]
        rows.append(padding + cells)
    for (row, column), kind in kinds.items():
        if row < len(rows) and column < len(rows[row]):
            before = rows[row][column]
            text = before.text if before else ""
            rows[row][column] = SheetCell(text, kind)
    return rows


def _cell(value: Value) -> SheetCell | None:
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return None if value.isspace() else SheetCell(value[:MAX_TEXT])
    if isinstance(value, bool):
        return SheetCell(str(value), "boolean")
    if isinstance(value, int | float):
        return SheetCell(_number(value), "number")
    return SheetCell(str(value), "date")


def _number(value: float) -> str:
    """Without the ``.0`` that every number has which Excel stores."""
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)

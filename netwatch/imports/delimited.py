"""Reads CSV as offices write it: comma, semicolon or tab; UTF-8, UTF-16 or the code page 1258."""

from __future__ import annotations

import codecs
import csv
import io

from netwatch.imports.sheets import (
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_TEXT,
    Sheet,
    SheetCell,
    SheetError,
    Workbook,
    too_large,
)

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

_SEPARATORS = ";,\t|"

_MAX_SNIFFED_LINES = 20


def read_delimited(data: bytes, name: str) -> Workbook:
    """The one sheet of a CSV file.

    Args:
        data: the file.
        name: what its sheet is called.

    Raises:
        SheetError: it is no text, or too large.
    """
    text, notes = _decoded(data)
    first, _, rest = text.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:  # a habit of Excel
        separator, text = first.strip()[4], rest
    else:
        separator = _separator(text)
    rows: list[list[SheetCell | None]] = []
    count = 0
    try:
        lines = io.StringIO(text, newline="")
        for row in csv.reader(lines, delimiter=separator, skipinitialspace=True):
            count += len(row) + 1
            if count > MAX_CELLS:
                raise too_large("ô")
            rows.append([_cell(value) for value in row[:MAX_COLUMNS]])
    except csv.Error as error:
        raise SheetError(
            f"hàng {len(rows) + 1} không phải CSV / row {len(rows) + 1} is not CSV: {error}"
        ) from None
    return Workbook([Sheet(name, rows)], notes)


def _decoded(data: bytes) -> tuple[str, list[str]]:
    """The text, and what is worth telling of its encoding."""
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), None)
    if encoding is None and data[:200].count(0) > len(data[:200]) // 4:
        encoding = "utf-16-le" if data[1:2] == b"\0" else "utf-16-be"
    try:
        return data.decode(encoding or "utf-8"), []
    except UnicodeDecodeError:
        if encoding is not None or b"\0" in data:
            raise SheetError(
                "không phải văn bản, hãy lưu lại thành CSV UTF-8"
                " / is not text; save it as CSV UTF-8"
            ) from None
    note = "đọc theo bảng mã 1258, hãy xem kỹ chữ có dấu / read as code page 1258: look at accents"
    return data.decode("cp1258", "replace"), [note]


def _separator(text: str) -> str:
    """The separator that most lines have, the first ones counted outside quotes."""
    lines = text[:65536].splitlines()[:_MAX_SNIFFED_LINES]
    plain = ["".join(line.split('"')[::2]) for line in lines]
    return max(_SEPARATORS, key=lambda mark: sum(line.count(mark) for line in plain))


def _cell(value: str) -> SheetCell | None:
    if not value or value.isspace():
        return None
    return SheetCell(value[:MAX_TEXT], "formula" if value.startswith("=") else "text")

"""XLSX by XlsxWriter: a sheet for each table, with real numbers, filters and formulas.

A text is always written as text, also where it looks like a formula or a link.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from netwatch.report.content import Cell, Paper, PaperColumn, PaperTable, Sentences, ShareOf, SumOf
from netwatch.report.words import PaperWords

MAX_ROWS = 1_000_000
"""Rows of a sheet, whose format allows 1 048 576."""

_WIDTH = 14
"""Characters of a column of weight 1."""

_FORMATS = {
    "count": {"num_format": "#,##0"},
    "share": {"num_format": "0.000%"},
    "duration": {"num_format": "#,##0.###"},
    "milliseconds": {"num_format": "0.0"},
    "moment": {"num_format": "dd/mm/yyyy hh:mm:ss", "align": "left"},
    "text": {"text_wrap": True, "valign": "top"},
}


def as_xlsx(paper: Paper, words: PaperWords) -> bytes:
    """The paper as a workbook: the sentences first, then each table. Durations are seconds."""
    content = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(content, options) as book:
        # The same paper is the same file, whenever it is written.
        book.set_properties({"title": paper.subject, "created": datetime(2000, 1, 1)})  # noqa: DTZ001
        formats = {kind: book.add_format(look) for kind, look in _FORMATS.items()}
        formats["head"] = book.add_format(
            {"bold": True, "text_wrap": True, "bg_color": "#e8eef4", "border": 1, "valign": "top"}
        )
        formats["title"] = book.add_format({"bold": True, "font_size": 14})
        formats["warning"] = book.add_format({"bold": True, "font_color": "#c62828"})
        _summary(book.add_worksheet(words.say("Tóm tắt", "Summary")), paper, formats)
        used = {""}
        for section in paper.sections:
            for block in section.blocks:
                if isinstance(block, PaperTable):
                    sheet = book.add_worksheet(_sheet_name(block.title, used))
                    _Sheet(sheet, block, words, formats).write(paper.warnings)
    return content.getvalue()


def _sheet_name(title: str, used: set[str]) -> str:
    """A name of at most 31 characters that no other sheet has, without those that are refused."""
    plain = "".join(" " if letter in "[]:*?/\\'" else letter for letter in title)[:28].strip()
    name, number = plain, 1
    while name.casefold() in used:
        number += 1
        name = f"{plain} {number}"
    used.add(name.casefold())
    return name


def _summary(sheet: Worksheet, paper: Paper, formats: dict[str, Any]) -> None:
    sheet.set_column(0, 0, 120)
    sheet.write_string(0, 0, f"{paper.title}: {paper.subject}", formats["title"])
    sheet.write_string(1, 0, f"{paper.province}, {paper.made}")
    row = 2
    for warning in paper.warnings:
        sheet.write_string(row, 0, warning, formats["warning"])
        row += 1
    for section in paper.sections:
        lines = [
            line for block in section.blocks if isinstance(block, Sentences) for line in block.lines
        ]
        if lines:
            row += 1
            sheet.write_string(row, 0, section.title, formats["head"])
        for line in lines:
            row += 1
            sheet.write_string(row, 0, line, formats["text"])


class _Sheet:
    """Writes one table."""

    def __init__(
        self, sheet: Worksheet, table: PaperTable, words: PaperWords, formats: dict[str, Any]
    ) -> None:
        self._sheet = sheet
        self._table = table
        self._words = words
        self._formats = formats
        self._places = {column.id: place for place, column in enumerate(table.columns)}

    def write(self, warnings: Sequence[str]) -> None:
        """Head, rows and sums; what is said on every page stands above the head."""
        sheet, columns = self._sheet, self._table.columns
        top = len(warnings)
        for line, warning in enumerate(warnings):
            sheet.write_string(line, 0, warning, self._formats["warning"])
        for place, column in enumerate(columns):
            unit = " (s)" if column.kind == "duration" else ""
            sheet.write_string(top, place, column.title + unit, self._formats["head"])
            sheet.set_column(place, place, _WIDTH * max(1.0, column.weight))
        rows = self._table.rows[:MAX_ROWS]
        for number, row in enumerate(rows, top + 1):
            self._row(number, row)
        if rows:
            sheet.autofilter(top, 0, top + len(rows), len(columns) - 1)
            self._sums(top + 1, top + len(rows))
        sheet.freeze_panes(top + 1, 1)

    def _row(self, number: int, row: Sequence[Cell]) -> None:
        for place, (column, value) in enumerate(zip(self._table.columns, row, strict=True)):
            look = self._formats[column.kind]
            if value is None:
                self._sheet.write_blank(number, place, None, look)
            elif isinstance(value, str):
                self._sheet.write_string(number, place, value, self._formats["text"])
            elif (formula := self._formula(column, number)) is not None:
                self._sheet.write_formula(number, place, formula, look, self._number(value, column))
            elif column.kind == "moment":
                self._sheet.write_datetime(number, place, self._moment(value), look)
            else:
                self._sheet.write_number(number, place, self._number(value, column), look)

    def _sums(self, first: int, last: int) -> None:
        """Below the rows: the sums of what a filter leaves, and shares that follow from them."""
        for place, column in enumerate(self._table.columns):
            numbers = [row[place] for row in self._table.rows]
            if column.is_summed:
                name = xl_col_to_name(place)
                formula = f"=SUBTOTAL(109,{name}{first + 1}:{name}{last + 1})"
                known = [each for each in numbers if isinstance(each, int | float)]
                total = self._number(sum(known), column)
                look = self._formats[column.kind]
                self._sheet.write_formula(last + 1, place, formula, look, total)

    def _formula(self, column: PaperColumn, row: int) -> str | None:
        def cells(names: Sequence[str]) -> str:
            return "+".join(xl_rowcol_to_cell(row, self._places[name]) for name in names)

        match column.formula:
            case SumOf(parts) if self._has(parts):
                return f"={cells(parts)}"
            case ShareOf(good, bad) if self._has((*good, *bad)):
                return f"=({cells(good)})/({cells((*good, *bad))})"
        return None

    def _has(self, names: Sequence[str]) -> bool:
        return all(name in self._places for name in names)

    def _moment(self, milliseconds: float) -> datetime:
        """Wall time of the province, which is all that a sheet can hold."""
        return datetime.fromtimestamp(milliseconds / 1000, self._words.zone).replace(tzinfo=None)

    @staticmethod
    def _number(value: float, column: PaperColumn) -> float:
        return value / 1000 if column.kind == "duration" else value

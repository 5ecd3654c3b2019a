"""Finds the table of a sheet: its heading, what each column means, and the rows below."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from netwatch.imports.answers import SKIP, TODO, MappingQuestion
from netwatch.imports.legacy import Encoding, legacy_encoding, to_unicode
from netwatch.imports.review import PlacedCell, Review
from netwatch.imports.sheets import Sheet, SheetCell
from netwatch.imports.text import clean, plain_key
from netwatch.imports.words import is_total, meaning_of, meanings

MAX_ROWS_ABOVE = 30
"""Rows above a table: titles, the office, the date."""

MIN_KNOWN_HEADINGS = 2
"""Headings by which a row is known to be the heading of a table."""

NAMING = ("name_vi", "id")
"""What a row must have, so that it is known which site it is about."""


@dataclass(slots=True)
class Row:
    """One row: its cells by what their columns mean, in the order of the columns."""

    sheet: str
    number: int
    cells: dict[str, list[PlacedCell]] = field(default_factory=dict)

    def first(self, meaning: str) -> PlacedCell | None:
        """The first cell of a meaning, empty or not; None when there is no such column."""
        found = self.cells.get(meaning, [])
        return next((each for each in found if each.cell), found[0] if found else None)

    @property
    def reference(self) -> str:
        """By which the mapping file knows it: ``Sheet!14``."""
        return f"{self.sheet}!{self.number + 1}"


@dataclass(frozen=True, slots=True)
class SheetTable:
    """The rows of a sheet below its heading, and what its columns mean."""

    sheet: str
    meanings: frozenset[str]
    rows: list[Row]


def tables_of(sheets: list[Sheet], review: Review) -> list[SheetTable]:
    """The tables of all sheets that people see and that have one."""
    found: list[SheetTable] = []
    for sheet in sheets:
        if sheet.hidden:
            review.notes.append(f"bỏ qua trang ẩn / hidden sheet passed over: {sheet.name}")
        elif review.answers.sheets.get(clean(sheet.name)) != SKIP and any(map(any, sheet.rows)):
            table = _table(_in_unicode(sheet, review), review)
            if table is None:
                review.notes.append(
                    f"không đọc trang {sheet.name}: không thấy hàng tiêu đề có tên đơn vị"
                    " / not read, for no row has headings with the name of a site"
                )
            else:
                found.append(table)
    if not found and not review.problems:
        known = "Tên đơn vị, Cấp, Trực thuộc, IP Router, Nhà mạng, Số hợp đồng, Băng thông"
        review.wrong(
            "", f"không thấy bảng nào, cần hàng tiêu đề như / has no table; it needs: {known}"
        )
    return found


def _in_unicode(sheet: Sheet, review: Review) -> Sheet:
    """The sheet with TCVN3 or VNI letters turned over, once somebody said that they are such."""
    seen = [legacy_encoding(cell.text) for row in sheet.rows for cell in row if cell]
    counts: dict[Encoding, int] = {"TCVN3": seen.count("TCVN3"), "VNI": seen.count("VNI")}
    encoding = max(counts, key=lambda each: counts[each])
    if not counts[encoding]:
        return sheet
    question = MappingQuestion("encodings", clean(sheet.name), encoding, "hoặc / or unicode")
    answer = question.key_in(review.answers)
    if answer is None:
        review.ask(
            sheet.name,
            f"{counts[encoding]} ô dùng chữ {encoding}, không phải Unicode: sẽ chuyển, hãy xem kỹ"
            f" / cells are in {encoding}, not in Unicode: they will be turned over; look at them",
            question,
        )
    chosen: Encoding | None = next((each for each in counts if answer in {None, each}), None)
    if answer == "unicode" or chosen is None:
        return sheet
    encoding = encoding if answer is None else chosen
    rows = [[_turned(cell, encoding) for cell in row] for row in sheet.rows]
    return Sheet(sheet.name, rows, sheet.merged, sheet.hidden)


def _turned(cell: SheetCell | None, encoding: Encoding) -> SheetCell | None:
    if cell is None or cell.kind != "text" or any(ord(letter) > 0x0FFF for letter in cell.text):
        return cell  # Unicode all the same: its letters with two marks are beyond
    return SheetCell(to_unicode(cell.text, encoding), cell.kind)


def _table(sheet: Sheet, review: Review) -> SheetTable | None:
    headed = _heading(sheet, review)
    if headed is None:
        return None
    headings, begin = headed
    columns: dict[int, str] = {}
    for column, heading in headings.items():
        meaning = _meaning(heading, review)
        if meaning is None and any(
            _cell(sheet, row, column) for row in range(begin, len(sheet.rows))
        ):
            _ask(sheet, begin - 1, column, heading, review)
        elif meaning is not None and meaning != SKIP:
            columns[column] = meaning
    rows = list(_rows(_filled(sheet, begin), begin, columns, headings, review))
    return SheetTable(sheet.name, frozenset(columns.values()), rows)


def _meaning(heading: str, review: Review) -> str | None:
    answer = review.answers.columns.get(heading)
    return answer if answer in meanings() else meaning_of(heading)


def _ask(sheet: Sheet, row: int, column: int, heading: str, review: Review) -> None:
    placed = PlacedCell(sheet.name, row, column, heading, None)
    answer = review.answers.columns.get(heading)
    told = f"chưa biết cột {heading!r} là gì / is a column that isn't known"
    if answer not in {None, TODO}:
        told = f"{answer!r} không phải ý nghĩa nào của cột / is nothing that a column can mean"
    example = next((cell.text for row in sheet.rows[row + 1 :] if (cell := _at(row, column))), "")
    review.ask(
        placed.reference,
        told,
        MappingQuestion("columns", heading, None, f"ví dụ / e.g. {example[:40]}"),
    )


def _heading(sheet: Sheet, review: Review) -> tuple[dict[int, str], int] | None:
    """The headings by column, and the first row below them; None when no row is a heading.

    A heading in two rows, as ``Đường truyền`` over ``Nhà mạng`` and ``Băng thông``, is joined.
    """
    best: tuple[int, dict[int, str], int] | None = None
    for number in range(min(len(sheet.rows), MAX_ROWS_ABOVE)):
        upper = _texts(sheet, number)
        known = {column for column, text in upper.items() if _meaning(text, review)}
        lower = _texts(sheet, number + 1)
        added = {c for c, text in lower.items() if c not in known and _meaning(text, review)}
        headings, begin = upper, number + 1
        if len(added) >= 2 and len(known) >= 1:
            headings, begin = upper | {c: t for c, t in lower.items() if c not in known}, number + 2
            known |= added
        means = {_meaning(text, review) for text in headings.values()}
        if (
            len(known) >= MIN_KNOWN_HEADINGS
            and means & {*NAMING}
            and (not best or len(known) > best[0])
        ):
            best = len(known), headings, begin
    return best[1:] if best else None


def _texts(sheet: Sheet, row: int) -> dict[int, str]:
    cells = enumerate(sheet.rows[row]) if row < len(sheet.rows) else ()
    return {column: clean(cell.text) for column, cell in cells if cell and clean(cell.text)}


def _filled(sheet: Sheet, begin: int) -> Sheet:
    """The sheet with the value of cells that are merged downwards in each of their rows."""
    for top, left, bottom, right in sheet.merged:
        value = _cell(sheet, top, left)
        if value is not None and left == right and top >= begin:
            for cells in sheet.rows[top + 1 : bottom + 1]:
                cells.extend([None] * (left + 1 - len(cells)))
                cells[left] = cells[left] or value
    return sheet


def _rows(
    sheet: Sheet, begin: int, columns: dict[int, str], headings: dict[int, str], review: Review
) -> Iterator[Row]:
    banners = {
        top for top, left, bottom, right in sheet.merged if right - left >= 2 and bottom == top
    }
    passed = 0
    for number in range(begin, len(sheet.rows)):
        cells = sheet.rows[number]
        row = Row(sheet.name, number)
        for column, meaning in columns.items():
            placed = PlacedCell(sheet.name, number, column, headings[column], _at(cells, column))
            row.cells.setdefault(meaning, []).append(placed)
        if not any(placed.cell for each in row.cells.values() for placed in each):
            continue
        first = next(cell for cell in cells if cell)
        if number in banners or is_total(first.text) or _is_heading(row, review):
            passed += 1
        elif review.answers.rows.get(clean(row.reference)) != SKIP:
            yield row
    if passed:
        review.notes.append(
            f"trang {sheet.name}: bỏ qua {passed} hàng đề mục và tổng cộng"
            " / rows of headings and sums passed over"
        )


def _is_heading(row: Row, review: Review) -> bool:
    """Whether it is the heading again, as for each page of a print."""
    placed = row.first("name_vi")
    return bool(placed and placed.cell and plain_key(placed.cell.text) == plain_key(placed.heading))


def _cell(sheet: Sheet, row: int, column: int) -> SheetCell | None:
    return _at(sheet.rows[row], column) if row < len(sheet.rows) else None


def _at(row: list[SheetCell | None], column: int) -> SheetCell | None:
    return row[column] if column < len(row) else None

"""What a workbook or a CSV file has in its cells, before anybody knows what it means."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

MAX_OCTETS = 32 << 20
"""Octets of a file."""

MAX_SHEETS = 64
"""Sheets of a workbook."""

MAX_COLUMNS = 256
"""Columns of a sheet that are looked at."""

MAX_CELLS = 1_000_000
"""Cells of all sheets, empty ones between others among them."""

MAX_TEXT = 500
"""Characters of a cell; a longer one is cut, and then told as too long by whoever reads it."""

MAX_CHARACTERS = 32 << 20
"""Characters of all cells."""

CellKind = Literal["text", "number", "date", "boolean", "formula", "error"]


class SheetCell(NamedTuple):
    """One cell that is not empty.

    Attributes:
        text: as a person reads it; of a date as year-month-day.
        kind: how the program that wrote the file understood it; ``formula`` is one without a value.
    """

    text: str
    kind: CellKind = "text"


class MergedRange(NamedTuple):
    """Cells that are shown as one: first and last row and column, from 0."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet.

    Attributes:
        name: on its tab; of a CSV file the file's own.
        rows: cells by row and column, both from 0; None where a cell is empty.
        merged: cells that are shown as one; only the first of them has a value.
        hidden: whether people don't see it.
    """

    name: str
    rows: list[list[SheetCell | None]]
    merged: list[MergedRange] = field(default_factory=list)
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Workbook:
    """All sheets of a file.

    Attributes:
        sheets: in the order of their tabs.
        notes: what is worth telling of the file as a whole.
    """

    sheets: list[Sheet]
    notes: list[str] = field(default_factory=list)


class SheetError(Exception):
    """The file can't be read; the message says why and what to do, Vietnamese first."""


def column_name(column: int) -> str:
    """The letters of a column, from 0: ``A`` to ``Z``, ``AA`` ..."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def too_large(what: str) -> SheetError:
    """The refusal of a file that has more than is read."""
    return SheetError(
        f"có quá nhiều {what}, có đúng tệp này không? / has too much; is it the right file?"
    )

"""What stands in a paper, apart from how it is written: sentences, tables, and charts as data.

Every text is text: nothing in it is a formula, markup or a command, whatever a name looks like.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

MAX_TEXT = 300
"""Characters of a text that somebody else wrote."""

Cell = str | int | float | None
"""A text, or a number in the unit of its column; None where nothing is known."""

CellKind = Literal["text", "count", "share", "duration", "moment", "milliseconds"]
"""``share``: 0 to 1; ``duration``: milliseconds; ``moment``: milliseconds since 1970;
``milliseconds``: of a round trip."""


@dataclass(frozen=True, slots=True)
class SumOf:
    """A number that is the sum of other columns of its row, named by their ids."""

    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShareOf:
    """A number that is the share of the columns ``good`` in ``good`` and ``bad`` together."""

    good: tuple[str, ...]
    bad: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PaperColumn:
    """A column of a table.

    Attributes:
        id: by which formulas name it.
        weight: its width beside the others.
        in_sheets_only: there is no room for it on paper.
        formula: how its numbers follow from others of the row.
        is_summed: a row at the end has the sum of all.
    """

    id: str
    title: str
    kind: CellKind = "text"
    weight: float = 1.0
    in_sheets_only: bool = False
    formula: SumOf | ShareOf | None = None
    is_summed: bool = False


@dataclass(frozen=True, slots=True)
class PaperTable:
    """Rows of as many cells as there are columns.

    Attributes:
        in_sheets_only: it is too long for paper, which says the essence in sentences.
    """

    id: str
    title: str
    columns: Sequence[PaperColumn]
    rows: Sequence[Sequence[Cell]]
    in_sheets_only: bool = False
    kind: Literal["table"] = "table"


@dataclass(frozen=True, slots=True)
class Sentences:
    """Paragraphs of plain text."""

    lines: Sequence[str]
    kind: Literal["sentences"] = "sentences"


@dataclass(frozen=True, slots=True)
class DayCalendar:
    """A month or a year of days by their availability.

    Attributes:
        days: each with its date (ISO), and its share, None where nothing was measured.
    """

    title: str
    days: Sequence[tuple[str, float | None]]
    kind: Literal["calendar"] = "calendar"


@dataclass(frozen=True, slots=True)
class Bars:
    """Shares as bars, each with its label."""

    title: str
    bars: Sequence[tuple[str, float | None]]
    kind: Literal["bars"] = "bars"


@dataclass(frozen=True, slots=True)
class Strip:
    """The states of one row: begin and end as parts of the period, 0 to 1, and the state."""

    label: str
    spans: Sequence[tuple[float, float, str]]


@dataclass(frozen=True, slots=True)
class Strips:
    """Strips below each other."""

    title: str
    strips: Sequence[Strip]
    kind: Literal["strips"] = "strips"


Block = PaperTable | Sentences | DayCalendar | Bars | Strips


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a paper under a heading."""

    id: str
    title: str
    blocks: Sequence[Block]

    @property
    def on_paper(self) -> list[Block]:
        """Its blocks but those for which there is no room on paper."""
        return [
            block
            for block in self.blocks
            if not (isinstance(block, PaperTable) and block.in_sheets_only)
        ]


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole paper.

    Attributes:
        language: ``vi`` or ``en``.
        title: what kind of paper it is.
        subject: what it is about.
        province: whose it is.
        period: in words.
        made: when it was made, in words.
        warnings: what is said on every page, such as that the month isn't over.
    """

    language: str
    title: str
    subject: str
    province: str
    period: str
    made: str
    warnings: Sequence[str]
    sections: Sequence[Section] = field(default_factory=tuple)


def one_line(text: str) -> str:
    """A text that somebody else wrote, on one line, without what can't be printed, and bounded."""
    plain = "".join(letter if letter.isprintable() else " " for letter in text[: 2 * MAX_TEXT])
    line = " ".join(plain.split())
    return line if len(line) <= MAX_TEXT else f"{line[: MAX_TEXT - 1]}…"

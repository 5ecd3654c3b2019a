"""What is wrong with a file, and what has to be asked, collected so that all is told at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol, TypeVar

from netwatch.core.errors import Problem
from netwatch.imports.answers import SKIP, TODO, MappingAnswers, MappingQuestion
from netwatch.imports.sheets import SheetCell, column_name
from netwatch.imports.text import clean

MAX_PROBLEMS = 1000
"""Mistakes that are told one by one."""

Value = TypeVar("Value")


class CellError(Exception):
    """A cell that can't be what its column wants.

    Attributes:
        guess: what it may have been meant to be.
    """

    def __init__(self, message: str, guess: str | None = None) -> None:
        super().__init__(message)
        self.guess = guess


class ValuePlace(Protocol):
    """Where a value stands, whatever its source."""

    @property
    def heading(self) -> str:
        """Of its column, or the name of its field."""

    @property
    def cell(self) -> SheetCell | None:
        """The value; None where there is none."""

    @property
    def reference(self) -> str:
        """By which the mapping file knows it."""

    @property
    def told(self) -> str:
        """The same for people."""


class PlacedCell(NamedTuple):
    """A cell, or the place of an empty one.

    Attributes:
        sheet: name of its sheet.
        row: from 0.
        column: from 0.
        heading: of its column.
        cell: None when it is empty.
    """

    sheet: str
    row: int
    column: int
    heading: str
    cell: SheetCell | None

    @property
    def reference(self) -> str:
        """As in a formula: ``Sheet!D14``."""
        return f"{clean(self.sheet)}!{column_name(self.column)}{self.row + 1}"

    @property
    def told(self) -> str:
        """With row and column in words."""
        return f"{self.reference} (hàng/row {self.row + 1}, cột/column {self.heading!r})"


@dataclass(slots=True)
class Review:
    """All that is said of one file.

    Attributes:
        file: its name.
        answers: what was answered before.
        problems: mistakes and questions, in the order in which they were found.
        questions: what the mapping file has to answer.
        notes: what was taken for granted.
        broken: references of cells that something is said of already.
    """

    file: str
    answers: MappingAnswers
    problems: list[Problem] = field(default_factory=list)
    questions: list[MappingQuestion] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)

    def wrong(self, place: str, message: str) -> None:
        """Note a mistake that only the file itself can mend."""
        self.problems.append(Problem(f"{self.file}: {place}" if place else self.file, message))

    def ask(self, place: str, message: str, question: MappingQuestion) -> None:
        """Note a mistake that an answer in the mapping file mends as well."""
        self.wrong(place, message)
        if question.section == "cells":
            self.broken.add(question.key)
        if question.key_in(self.answers) is None:
            self.questions.append(question)

    def read(self, placed: ValuePlace, reader: Callable[[SheetCell], Value]) -> Value | None:
        """What a cell says; None when it is empty, or after noting what is wrong with it."""
        answer = self.answers.cells.get(placed.reference) if self.answers.cells else None
        if answer == SKIP or (answer is None and placed.cell is None):
            return None
        if answer == TODO:
            self.broken.add(placed.reference)
            self.wrong(placed.told, "chưa được trả lời trong tệp ánh xạ / is not answered yet")
            return None
        try:
            return reader(
                placed.cell if answer is None and placed.cell else SheetCell(answer or "")
            )
        except CellError as error:
            self.ask(placed.told, str(error), self.about(placed, error.guess))
            return None

    def about(self, placed: ValuePlace, guess: str | None) -> MappingQuestion:
        """The question what a cell should be."""
        was = placed.cell.text if placed.cell else ""
        return MappingQuestion("cells", placed.reference, guess, f"{placed.heading}: {was!r}")

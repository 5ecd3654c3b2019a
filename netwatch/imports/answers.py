"""The mapping file: what a person answered about headings, words and single cells of a workbook.

It is plain YAML with one section for each kind of question, and is written as a draft in which
what nobody could guess is ``TODO``. A guess that is left as it is counts as the answer.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from netwatch.core.errors import ConfigError, Problem
from netwatch.imports.emit import scalar
from netwatch.imports.splice import Change, changed
from netwatch.imports.text import clean
from netwatch.inventory.yaml import parse, read_file

SKIP, KEEP, TODO = "skip", "keep", "TODO"

EXPLAINED = {
    "fields": "trường của NetBox / the field of NetBox for a key of the inventory",
    "columns": "cột: khóa của điểm, hoặc skip / what a column is: a key of docs/import.md, or skip",
    "sheets": "trang: skip để bỏ qua / a sheet: skip to pass it over",
    "encodings": "bảng mã cũ của trang / old letters of a sheet: TCVN3, VNI or unicode",
    "tiers": "cấp / the id of a tier",
    "networks": "mạng / the id of a network",
    "roles": "loại thiết bị / the role of a target",
    "carriers": "nhà mạng viết thống nhất / one spelling for a carrier",
    "parents": "trực thuộc: tên hoặc mã điểm, hoặc skip / the site above: name, id, or skip",
    "names": "tên đơn vị thống nhất / one spelling for a site",
    "cells": "giá trị đúng của ô, skip: coi như trống / what a cell should be, or skip",
    "rows": "hàng: skip để bỏ qua, keep để giữ / a row: skip to pass it over, keep to take it",
    "province": "tỉnh / the province, as long as the inventory has none",
}
"""What each section is for."""


class MappingQuestion(NamedTuple):
    """One thing that has to be answered.

    Attributes:
        section: of the mapping file.
        key: what is asked about.
        guess: the likely answer; None when there is none.
        note: what helps to answer.
    """

    section: str
    key: str
    guess: str | None
    note: str = ""

    def key_in(self, answers: MappingAnswers) -> str | None:
        """The answer that stands in the file already; None when there is none."""
        return answers.section(self.section).get(self.key)


@dataclass(slots=True)
class MappingAnswers:
    """Every section of the mapping file, keys as they stand in the workbook."""

    fields: dict[str, str] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)
    sheets: dict[str, str] = field(default_factory=dict)
    encodings: dict[str, str] = field(default_factory=dict)
    tiers: dict[str, str] = field(default_factory=dict)
    networks: dict[str, str] = field(default_factory=dict)
    roles: dict[str, str] = field(default_factory=dict)
    carriers: dict[str, str] = field(default_factory=dict)
    parents: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)
    rows: dict[str, str] = field(default_factory=dict)
    province: dict[str, str] = field(default_factory=dict)

    def section(self, name: str) -> dict[str, str]:
        """The answers of one section."""
        found: dict[str, str] = getattr(self, name)
        return found


def read_answers(path: Path) -> MappingAnswers:
    """What the mapping file says; nothing when there is none.

    Raises:
        ConfigError: it can't be read, or has what isn't asked for.
    """
    answers = MappingAnswers()
    if not path.exists():
        return answers
    document = read_file(path)
    problems = [Problem(str(each.place), each.message) for each in document.mistakes]
    for name, content in document.root.items():
        place = str(document.places[(name,)])
        if name not in EXPLAINED or not isinstance(content, dict):
            wanted = ", ".join(EXPLAINED)
            problems.append(Problem(place, f"không có mục này / is none of the sections {wanted}"))
            continue
        for key, value in content.items():
            if isinstance(value, str):
                answers.section(name)[clean(key)] = clean(value)
            else:
                where = str(document.places[name, key])
                problems.append(Problem(where, "phải là một giá trị / must be one value"))
    if problems:
        raise ConfigError(problems)
    return answers


def with_questions(text: str, questions: list[MappingQuestion]) -> str:
    """The mapping file with a line for each question that it doesn't have yet."""
    if not text:
        text = (
            "# Thay mỗi TODO, xem lại mỗi giá trị đoán, rồi chạy lại netwatch inventory import.\n"
            "# Answer each TODO, look at each guess, and run netwatch inventory import again.\n"
        )
    sections: dict[str, list[MappingQuestion]] = {}
    for question in questions:
        sections.setdefault(question.section, []).append(question)
    present = sections_of(text)
    changes: list[Change] = []
    for name, asked in sections.items():
        unique = {question.key: question for question in asked}
        if name in present:
            changes += [Change((name, q.key), q.guess or TODO, q.note) for q in unique.values()]
        else:
            lines = "".join(f"  {_line(question)}\n" for question in unique.values())
            text = f"{text.rstrip()}\n\n# {EXPLAINED[name]}\n{name}:\n{lines}"
    return changed(text, changes) if changes else text


def sections_of(text: str) -> set[str]:
    """The sections that a mapping file has."""
    return set(parse(text.encode(), "mapping").root)


def _line(question: MappingQuestion) -> str:
    note = f"  # {clean(question.note)}" if question.note else ""
    return f"{scalar(question.key)}: {scalar(question.guess or TODO)}{note}"

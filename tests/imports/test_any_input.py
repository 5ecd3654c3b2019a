"""Whatever stands in cells or in NetBox's objects is told or taken; nothing ends in a crash."""

from __future__ import annotations

import copy
import random
from pathlib import Path
from typing import Any

import pytest

from netwatch.imports.answers import MappingAnswers, with_questions
from netwatch.imports.files import FilePlan
from netwatch.imports.netbox.sync import plan_sync
from netwatch.imports.present import read_present
from netwatch.imports.review import Review
from netwatch.imports.sheets import MergedRange, Sheet, SheetCell, Workbook
from netwatch.imports.spreadsheet import plan_import, verify
from netwatch.inventory.yaml import parse
from netwatch.probes import schemas
from tests.harness.netbox import as_netbox
from tests.harness.workbooks import HEADINGS, rows

JUNK: list[Any] = [
    *(None, 0, -1, True, 1.5, 10**30, "", " ", "x", "10.1.1.1", "10.1.1.1/99", "a" * 600, "=1+1"),
    *("Xã", "skip", "TODO", "１", "nam-sach", "-", "😀", "a\nb", "\0", "\u202e", "\x7f", "\u2028"),
    *("\ud800", "a: b # c", "[", "{{", "'\"", "&a *a", "%", "\ufeff", "\x85"),
    *([], {}, [1], {"id": 1}, {"name": None}, {"value": []}, [{"object": 5}]),
]

KINDS = ("text", "number", "date", "boolean", "formula", "error")
TABLE = rows(30)


def answered(plan: FilePlan, review: Review) -> None:
    """What is asked is a mapping file that can be read; what is planned is valid YAML."""
    parse(with_questions("", review.questions).encode(), "mapping")
    for text in plan.texts.values():
        parse(text.encode(), "file")
    for problem in review.problems:
        assert len(str(problem).splitlines()) == 1


@pytest.mark.parametrize("seed", range(30))
def test_any_cells(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 (the same input again)
    table: list[list[SheetCell | None]] = [
        [SheetCell(str(value)) if value is not None else None for value in row]
        for row in [list(HEADINGS), *TABLE]
    ]
    for _ in range(chance.randrange(1, 60)):
        row = chance.choice(table)
        text = str(chance.choice(JUNK))
        kind = chance.choice(KINDS)
        row[chance.randrange(len(row))] = SheetCell(text, kind) if text else None  # type: ignore[arg-type]
    merged = [
        MergedRange(top, left, top + chance.randrange(9), left + chance.randrange(9))
        for top, left in ((chance.randrange(40), chance.randrange(14)) for _ in range(4))
    ]
    book = Workbook([Sheet("S", table, merged), Sheet("T", table[:5])])
    present = read_present(Path("nowhere"))
    answers = MappingAnswers(province={"name_vi": "Tỉnh", "ranges": "10.0.0.0/8"})
    answered(*plan_import(book, "a.xlsx", present, answers))


@pytest.mark.parametrize("seed", range(60))
@pytest.mark.parametrize("version", ["3.7", "4.2"])
def test_any_objects_of_netbox(seed: int, version: str) -> None:
    chance = random.Random(seed)  # noqa: S311 (the same input again)
    data: dict[str, list[dict[str, Any]]] = copy.deepcopy(as_netbox(TABLE, version))
    for _ in range(chance.randrange(1, 40)):
        objects = data[chance.choice(sorted(data))]
        place: Any = chance.choice(objects) if objects else {}
        while isinstance(place, dict) and place:
            key = chance.choice(sorted(place))
            if isinstance(place[key], dict) and chance.random() < 0.6:
                place = place[key]
                continue
            if key != "id":
                place[key] = chance.choice(JUNK)
            break
    answers = MappingAnswers(province={"name_vi": "Tỉnh", "ranges": "10.0.0.0/8"})
    answered(*plan_sync(data, "netbox", read_present(Path("nowhere")), answers))


@pytest.mark.parametrize("count", [30])
def test_what_is_planned_without_a_question_is_valid(count: int, tmp_path: Path) -> None:
    table = [[SheetCell(str(v)) if v is not None else None for v in row] for row in rows(count)]
    heads: list[SheetCell | None] = [SheetCell(heading) for heading in HEADINGS]
    answers = MappingAnswers(province={"name_vi": "Tỉnh", "ranges": "10.0.0.0/8"})
    present = read_present(tmp_path / "inv")
    plan, review = plan_import(Workbook([Sheet("S", [heads, *table])]), "a", present, answers)
    assert not review.problems
    verify(plan, tmp_path / "inv", schemas())

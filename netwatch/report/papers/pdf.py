"""PDF, set by typst. All content reaches it as JSON, so nothing in it can be taken for markup."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import typst

from netwatch.core.state import State
from netwatch.report.content import Bars, Block, DayCalendar, Paper, PaperTable, Sentences, Strips
from netwatch.report.words import PaperWords

MAX_ROWS = 3000
"""Rows of a table on paper; the sheets have all."""

_TEMPLATE = Path(__file__).with_name("paper.typ")
_FONTS = Path(__file__).parents[1] / "fonts"

_STANDARD: Literal["a-2b"] = "a-2b"
"""PDF/A-2b: an archive can read it without anything else."""


def as_pdf(paper: Paper, words: PaperWords) -> bytes:
    """The paper as PDF/A, with the fonts that are carried in this package and no others."""
    content = json.dumps(_content(paper, words), ensure_ascii=False, allow_nan=False)
    pdf = typst.compile(
        str(_TEMPLATE),
        output=None,
        root=str(_TEMPLATE.parent),
        font_paths=[str(_FONTS)],
        ignore_system_fonts=True,
        sys_inputs={"content": content},
        pdf_standards=_STANDARD,
    )
    assert isinstance(pdf, bytes)
    return pdf


def _content(paper: Paper, words: PaperWords) -> dict[str, Any]:
    return {
        "language": paper.language,
        "title": paper.title,
        "subject": paper.subject,
        "province": paper.province,
        "made": words.say("Lập lúc ", "Made at ") + paper.made,
        "page": words.say("Trang", "Page"),
        "warnings": list(paper.warnings),
        "legend": {state.label: words.state(state) for state in State},
        "sections": [
            {"title": section.title, "blocks": [_block(block, words) for block in section.on_paper]}
            for section in paper.sections
        ],
    }


def _block(block: Block, words: PaperWords) -> Mapping[str, Any]:
    match block:
        case Sentences():
            return {"kind": "sentences", "lines": list(block.lines)}
        case PaperTable():
            return _table(block, words)
        case DayCalendar():
            days = [
                {"day": int(day[8:]), "month": int(day[5:7]), "share": share}
                for day, share in block.days
            ]
            return {"kind": "calendar", "title": block.title, "days": days}
        case Bars():
            bars = [
                {"label": label, "share": share, "text": words.share(share)}
                for label, share in block.bars
            ]
            return {"kind": "bars", "title": block.title, "bars": bars}
        case Strips():
            strips = [{"label": each.label, "spans": list(each.spans)} for each in block.strips]
            return {"kind": "strips", "title": block.title, "strips": strips}


def _table(table: PaperTable, words: PaperWords) -> Mapping[str, Any]:
    shown = [n for n, column in enumerate(table.columns) if not column.in_sheets_only]
    columns = [table.columns[n] for n in shown]
    rows = [
        [words.cell(row[n], table.columns[n].kind) for n in shown] for row in table.rows[:MAX_ROWS]
    ]
    left_out = len(table.rows) - len(rows)
    return {
        "kind": "table",
        "title": table.title,
        "head": [column.title for column in columns],
        "weights": [column.weight for column in columns],
        "right": [column.kind != "text" for column in columns],
        "rows": rows,
        "left_out": words.say(
            f"Còn {left_out} dòng, xem bảng tính.", f"{left_out} more rows are in the sheets."
        )
        if left_out
        else "",
    }

"""Papers of the example province: the same figures in each, and no name is more than a name."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import docx
import pytest

from netwatch.report.account.history import Facts, History
from netwatch.report.account.period import Period
from netwatch.report.content import Paper, PaperTable, Sentences
from netwatch.report.make import PaperScope, PaperSource
from netwatch.report.papers.forms import FORMS, render
from netwatch.report.words import PaperWords
from tests.harness.requirements import require_tool

pytestmark = pytest.mark.slow

HOSTILE = [
    "=cmd|' /C calc'!A0",
    "+1+1",
    "@SUM(A1)",
    '#let x = 1; #panic("x")',
    "$\\input{/etc/passwd}$ *b* _i_ `c` <label> @ref // \\",
    "<script>alert(1)</script>&amp;",
    "https://evil.example/",
    "{{ 1 }} %s {0}",
    "[content] #[x]",
]


def rendered(reading: PaperSource, paper: Paper, form: str) -> bytes:
    return render(paper, form, reading.period.zone)


def text_of_pdf(content: bytes, tmp_path: Path) -> str:
    file = tmp_path / "paper.pdf"
    file.write_bytes(content)
    command = [require_tool("pdftotext"), "-layout", str(file), "-"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def text_of_docx(content: bytes) -> str:
    document = docx.Document(BytesIO(content))
    cells = [c.text for table in document.tables for row in table.rows for c in row.cells]
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


def sheets(content: bytes) -> dict[str, ET.Element]:
    with ZipFile(BytesIO(content)) as packed:
        return {
            name: ET.fromstring(packed.read(name))  # noqa: S314 (written by ourselves)
            for name in packed.namelist()
            if name.endswith(".xml")
        }


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("form", FORMS)
def test_a_paper_tells_the_summary_in_every_form(
    form: str, language: str, reading: PaperSource, tmp_path: Path
) -> None:
    paper = reading.paper(PaperScope(), "vi" if language == "vi" else "en")
    content = rendered(reading, paper, form)
    (summary,) = paper.sections[0].blocks
    assert isinstance(summary, Sentences)
    match form:
        case "pdf":
            text = text_of_pdf(content, tmp_path)
        case "docx":
            text = text_of_docx(content)
        case "xlsx":
            text = "".join(sheets(content)["xl/sharedStrings.xml"].itertext())
        case _:
            text = content.decode()
            assert json.loads(content)["sections"][0]["id"] == "summary"
    squeezed = "".join(text.split())
    for line in summary.lines:
        assert "".join(line.split()) in squeezed


@pytest.mark.parametrize("form", FORMS)
def test_a_paper_is_the_same_when_it_is_made_again(form: str, reading: PaperSource) -> None:
    paper = reading.paper(PaperScope(), "vi")
    if form == "docx":  # a packed file has the time at which it was packed
        first, second = (text_of_docx(rendered(reading, paper, form)) for _ in range(2))
        assert first == second
    elif form in {"json", "xlsx"}:
        assert rendered(reading, paper, form) == rendered(reading, paper, form)


def hostile(reading: PaperSource) -> PaperSource:
    names = iter(HOSTILE * 100)
    sites = {
        id_: replace(facts, name_vi=name, name=name)
        for (id_, facts), name in zip(reading.facts.sites.items(), names, strict=False)
    }
    return replace(reading, facts=replace(reading.facts, sites=sites))


@pytest.mark.parametrize("form", FORMS)
def test_names_are_never_formulas_or_markup(
    form: str, reading: PaperSource, tmp_path: Path
) -> None:
    paper = hostile(reading).paper(PaperScope(), "vi")
    content = rendered(reading, paper, form)
    if form == "pdf":
        text = "".join(text_of_pdf(content, tmp_path).split())
        assert "".join(HOSTILE[3].split()) in text
    if form == "docx":
        assert HOSTILE[4] in text_of_docx(content)
    if form == "xlsx":
        found = sheets(content)
        formulas = [
            each.text or ""
            for name, sheet in found.items()
            if name.startswith("xl/worksheets")
            for each in sheet.iter("{http://schemas.openxmlformats.org/spreadsheetml/2006/main}f")
        ]
        assert formulas
        assert not [each for each in formulas if "cmd" in each or "@" in each or "calc" in each]
        assert not [name for name in found if "_rels/sheet" in name]


def test_formulas_say_what_the_account_says(reading: PaperSource) -> None:
    paper = reading.paper(PaperScope(), "vi")
    (table,) = (
        block
        for section in paper.sections
        for block in section.blocks
        if isinstance(block, PaperTable) and block.id == "sites"
    )
    at = {column.id: place for place, column in enumerate(table.columns)}
    states = ("up", "degraded", "down", "unreachable", "maintenance", "unknown")
    for row in table.rows:
        assert sum(number(row[at[state]]) for state in states) == row[at["total"]]
        good = number(row[at["up"]]) + number(row[at["degraded"]])
        bad = number(row[at["down"]]) + number(row[at["unreachable"]])
        assert row[at["availability"]] == good / (good + bad)
        assert row[at["lost"]] == bad


def number(cell: object) -> float:
    assert isinstance(cell, int | float)
    return cell


@pytest.mark.parametrize("form", ["pdf", "docx"])
def test_a_month_that_is_not_over_says_so_on_every_page(
    form: str, reading: PaperSource, tmp_path: Path
) -> None:
    now = reading.period.interval[0] + 10 * 86_400_000
    period = Period(date(2026, 10, 1), date(2026, 11, 1), reading.period.zone, now)
    paper = replace(reading, period=period).paper(PaperScope(), "vi")
    (warning,) = paper.warnings
    assert warning == "Kỳ báo cáo chưa kết thúc: số liệu đến 11/10/2026 00:00:00"
    content = rendered(reading, paper, form)
    if form == "pdf":
        pages = text_of_pdf(content, tmp_path).removesuffix("\f").split("\f")
        assert len(pages) > 3
        assert all(warning in page for page in pages)
    else:
        section = docx.Document(BytesIO(content)).sections[0]
        for header in (section.header, section.first_page_header):
            assert warning in [paragraph.text for paragraph in header.paragraphs]


@pytest.mark.parametrize("form", FORMS)
def test_a_month_without_data_says_nothing_else(
    form: str, reading: PaperSource, tmp_path: Path
) -> None:
    empty = replace(reading, history=History())
    paper = empty.paper(PaperScope(), "vi")
    assert paper.warnings == ["Không có số liệu của kỳ này"]
    assert [section.id for section in paper.sections[:1]] == ["summary"]
    content = rendered(reading, paper, form)
    if form == "pdf":
        pages = text_of_pdf(content, tmp_path).removesuffix("\f").split("\f")
        assert all("Không có số liệu của kỳ này" in page for page in pages)


def test_a_carrier_has_its_own_lines_only(reading: PaperSource) -> None:
    paper = reading.paper(PaperScope(carrier="VNPT"), "en")
    (table,) = (
        block
        for section in paper.sections
        for block in section.blocks
        if isinstance(block, PaperTable) and block.id == "lines"
    )
    lines = [line for line in reading.facts.lines.values() if line.carrier == "VNPT"]
    assert len(table.rows) == len(lines)
    assert all("(VNPT" in str(row[0]) for row in table.rows)


def test_an_area_has_its_own_sites_only(reading: PaperSource) -> None:
    paper = reading.paper(PaperScope(area="nam-sach"), "vi")
    assert "Nam Sách" in paper.subject
    text = rendered(reading, paper, "json").decode()
    assert "Xã An Lâm" in text
    assert "Ninh Giang" not in text


def test_facts_of_nobody_make_a_paper_too(reading: PaperSource) -> None:
    nobody = replace(reading, facts=Facts({}))
    assert rendered(reading, nobody.paper(PaperScope(), "vi"), "pdf").startswith(b"%PDF")


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (1.0, "100\u00a0%"),
        (0.999999999, "99,999\u00a0%"),
        (0.5, "50\u00a0%"),
        (0.9995, "99,95\u00a0%"),
        (None, "–"),
    ],
)
def test_only_what_is_whole_is_100_percent(
    share: float | None, said: str, reading: PaperSource
) -> None:
    assert PaperWords("vi", reading.period.zone).share(share) == said


def test_json_has_numbers(reading: PaperSource) -> None:
    read: dict[str, Any] = json.loads(rendered(reading, reading.paper(PaperScope(), "en"), "json"))
    kinds = {block["kind"] for section in read["sections"] for block in section["blocks"]}
    assert kinds == {"sentences", "table", "calendar", "bars", "strips"}

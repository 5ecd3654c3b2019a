"""DOCX: what an office edits, numbers and signs, in the layout of Nghị định 30/2020/NĐ-CP.

The superior body, the number, the place and who signs are left to the office: what is written in
dots is filled in by hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from docx import Document
from docx.document import Document as DocumentType
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from netwatch.report.content import Bars, Paper, PaperTable, Sentences
from netwatch.report.words import PaperWords

MAX_ROWS = 40
"""Rows of a table: two pages; whoever signs has the PDF and the sheets beside it."""

_TEXT_WIDTH = 165.0
"""Millimetres between the margins of an A4 page."""

_FONT = "Times New Roman"
_CENTRE = WD_ALIGN_PARAGRAPH.CENTER


def as_docx(paper: Paper, words: PaperWords) -> bytes:
    """The paper as a document: head, body, signature."""
    document = Document()
    _page(document, paper)
    _head(document, words)
    _title(document, paper)
    for warning in paper.warnings:
        _text(document.add_paragraph(), warning, bold=True)
    for number, section in enumerate(paper.sections, 1):
        _text(document.add_paragraph(), f"{number}. {section.title}", bold=True)
        for block in section.on_paper:
            if isinstance(block, Sentences):
                for line in block.lines:
                    _body(document, line)
            elif isinstance(block, PaperTable):
                _table(document, block, words)
            elif isinstance(block, Bars):
                bars = "; ".join(f"{label}: {words.share(share)}" for label, share in block.bars)
                _body(document, f"{block.title}: {bars}.")
    _signature(document, words)
    content = BytesIO()
    document.save(content)
    return content.getvalue()


def _page(document: DocumentType, paper: Paper) -> None:
    """A4 upright with the margins of the decree, the number of the page from the second page on."""
    style = document.styles["Normal"]
    style.font.name, style.font.size = _FONT, Pt(13)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), _FONT)
    style.paragraph_format.space_after = Pt(6)
    section = document.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.different_first_page_header_footer = True
    header = section.header.paragraphs[0]
    header.alignment = _CENTRE
    _page_number(header)
    for warning in paper.warnings:
        for part in (section.header, section.first_page_header):
            line = part.add_paragraph()
            line.alignment = _CENTRE
            _text(line, warning, bold=True, size=11)
    document.core_properties.title = paper.subject
    document.core_properties.author = paper.province


def _page_number(paragraph: Paragraph) -> None:
    run = paragraph.add_run()
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        run._r.append(element)  # noqa: SLF001 (python-docx has no other way to a field)


def _head(document: DocumentType, words: PaperWords) -> None:
    """Who issues it on the left, Quốc hiệu and Tiêu ngữ on the right, number and date below."""
    table = document.add_table(rows=2, cols=2)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    _widths(table, (65.0, 100.0))
    left, right = table.rows[0].cells
    _lines(left, [("ỦY BAN NHÂN DÂN TỈNH …………", False, 12), ("SỞ ……………………", True, 12)])
    _lines(
        right,
        [
            ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", True, 12),
            ("Độc lập - Tự do - Hạnh phúc", True, 13),
        ],
    )
    for cell, indent in ((left, 18), (right, 20)):
        _rule(cell.add_paragraph(), indent)
    number, date = table.rows[1].cells
    _lines(number, [("Số: ……/BC-……", False, 13)])
    _lines(date, [("…………, ngày …… tháng …… năm ……", False, 13)])
    date.paragraphs[0].runs[0].italic = True
    del words


def _title(document: DocumentType, paper: Paper) -> None:
    for text in (paper.title, paper.subject):
        line = document.add_paragraph()
        line.alignment = _CENTRE
        _text(line, text, bold=True, size=14)
    _rule(document.add_paragraph(), 55)


def _signature(document: DocumentType, words: PaperWords) -> None:
    table = document.add_table(rows=1, cols=2)
    left, right = table.rows[0].cells
    _lines(left, [(words.say("Nơi nhận:", "Recipients:"), True, 12)], centred=False)
    left.paragraphs[0].runs[0].italic = True
    for text in ("- ………………;", "- Lưu: VT, …….") if words.language == "vi" else ("- ………………;",):
        _text(left.add_paragraph(), text, size=11)
    _lines(
        right,
        [
            (words.say("GIÁM ĐỐC", "DIRECTOR"), True, 13),
            ("", False, 13),
            ("", False, 13),
            ("………………………", True, 13),
        ],
    )


def _table(document: DocumentType, table: PaperTable, words: PaperWords) -> None:
    shown = [n for n, column in enumerate(table.columns) if not column.in_sheets_only]
    heading = document.add_paragraph()
    _text(heading, table.title, bold=True, size=12)
    heading.paragraph_format.keep_with_next = True
    rows, size = table.rows[:MAX_ROWS], 9 if len(shown) < 8 else 8
    written = document.add_table(rows=1, cols=len(shown), style="Table Grid")
    weights = [table.columns[n].weight for n in shown]
    _widths(written, [_TEXT_WIDTH * weight / sum(weights) for weight in weights])
    for cell, n in zip(written.rows[0].cells, shown, strict=True):
        _text(cell.paragraphs[0], table.columns[n].title, bold=True, size=size)
    _repeat(written.rows[0]._tr)  # noqa: SLF001 (python-docx has no other way to a head)
    for row in rows:
        for cell, n in zip(written.add_row().cells, shown, strict=True):
            paragraph, column = cell.paragraphs[0], table.columns[n]
            paragraph.paragraph_format.space_after = Pt(0)
            _text(paragraph, words.cell(row[n], column.kind), size=size)
            if column.kind != "text":
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    if len(table.rows) > len(rows):
        left_out = len(table.rows) - len(rows)
        more = f"Còn {left_out} dòng, xem bảng tính.", f"{left_out} more rows are in the sheets."
        _body(document, words.say(*more))


def _repeat(row: object) -> None:
    """Have a row stand at the top of every page that its table reaches."""
    head = OxmlElement("w:tblHeader")
    head.set(qn("w:val"), "true")
    row.get_or_add_trPr().append(head)  # type: ignore[attr-defined]


def _body(document: DocumentType, text: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    paragraph.paragraph_format.first_line_indent = Mm(10)
    _text(paragraph, text)


def _lines(cell: _Cell, lines: list[tuple[str, bool, int]], *, centred: bool = True) -> None:
    """Fill a cell with lines, each with its weight and size in points."""
    for number, (text, bold, size) in enumerate(lines):
        paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(0)
        if centred:
            paragraph.alignment = _CENTRE
        _text(paragraph, text, bold=bold, size=size)


def _text(paragraph: Paragraph, text: str, *, bold: bool = False, size: int = 13) -> None:
    run = paragraph.add_run(text)
    run.bold, run.font.size, run.font.name = bold, Pt(size), _FONT


def _widths(table: Table, millimetres: Sequence[float]) -> None:
    """Fix the widths of a table's columns; rows that are added later have them too."""
    table.autofit = False
    for column, width in zip(table.columns, millimetres, strict=True):
        column.width = Mm(width)
        for cell in column.cells:
            cell.width = Mm(width)


def _rule(paragraph: Paragraph, indent: float) -> None:
    """A line of its own, so many millimetres shorter on both sides."""
    borders = OxmlElement("w:pBdr")
    top = OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "4"), ("space", "1"), ("color", "000000")):
        top.set(qn(f"w:{name}"), value)
    borders.append(top)
    paragraph._p.get_or_add_pPr().append(borders)  # noqa: SLF001 (no other way to a border)
    layout = paragraph.paragraph_format
    layout.left_indent = layout.right_indent = Mm(indent)
    layout.space_after = Pt(2)
    _text(paragraph, "", size=2)

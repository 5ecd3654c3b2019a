"""Files that are broken, too large, protected, or made to do harm: one line, nothing written."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from xlsxwriter import Workbook

from netwatch.core.errors import ConfigError
from netwatch.imports.process import read_sheets
from netwatch.imports.sheets import MAX_CELLS, MAX_OCTETS
from netwatch.imports.worker import MAX_MEMORY
from tests.harness.workbooks import rows, write
from tests.imports.conftest import Import

LIMIT = 5 * MAX_MEMORY
"""Octets that the reader may never come near; it is ended long before."""


def xlsx(**parts: str) -> bytes:
    """A workbook of one sheet, whose parts may be given."""
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    content = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/'
        'content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}"><Relationship Id="r" Type="{relations}/'
        'officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {main} xmlns:r="{relations}"><sheets><sheet name="S" '
        'sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}"><Relationship Id="r1" '
        f'Type="{relations}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f"<worksheet {main}><sheetData/></worksheet>",
    }
    content |= {name.replace("__", "/"): text for name, text in parts.items()}
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in content.items():
            archive.writestr(name, text)
    return made.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def bomb() -> bytes:
    made = io.BytesIO(xlsx())
    with (
        zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/media/a.bin", "w", force_zip64=True) as part,
    ):
        for _ in range(600):
            part.write(bytes(1 << 20))
    return made.getvalue()


def lying_bomb() -> bytes:
    """A sheet that says that it is small, and is not."""
    body = "<worksheet><sheetData>" + "<row><c><v>1</v></c></row>" * 400_000
    data = bytearray(xlsx(**{SHEET: body}))
    size = len(body).to_bytes(4, "little")
    while (place := data.find(size)) >= 0:
        data[place : place + 4] = (100).to_bytes(4, "little")
    return bytes(data)


def laughs() -> bytes:
    entities = '<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
    )
    return xlsx(
        **{SHEET: f"<!DOCTYPE x [{entities}]><worksheet><sheetData>&j;</sheetData></worksheet>"}
    )


def ods(rows: str) -> bytes:
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", 0)
        archive.writestr("META-INF/manifest.xml", "<manifest:manifest/>")
        archive.writestr(
            "content.xml",
            f"<office:document-content {spaces}><office:body><office:spreadsheet>"
            f'<table:table table:name="S">{rows}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return made.getvalue()


def ods_bomb() -> bytes:
    return ods(
        '<table:table-row table:number-rows-repeated="1048576"><table:table-cell '
        'table:number-columns-repeated="16384" office:value-type="string"><text:p>x</text:p>'
        "</table:table-cell></table:table-row>"
    )


def protected() -> bytes:
    """The beginning of what Excel writes with a password: a compound file with EncryptedPackage."""
    header = bytearray(512)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    name = "EncryptedPackage".encode("utf-16-le")
    return bytes(header) + name + bytes(4096)


def far() -> bytes:
    made = io.BytesIO()
    with Workbook(made, {"in_memory": True}) as book:
        sheet = book.add_worksheet("S")
        sheet.write(0, 0, "a")
        sheet.write(1_048_575, 16_383, "b")
    return made.getvalue()


FILES: dict[str, tuple[Callable[[], bytes], str]] = {
    "bomb.xlsx": (bomb, "quá nhiều dữ liệu nén"),
    "lying.xlsx": (lying_bomb, "hỏng"),
    "laughs.xlsx": (laughs, "hỏng"),
    "repeated.ods": (ods_bomb, "không phải sổ tính"),
    "password.xlsx": (protected, "có mật khẩu"),
    "far.xlsx": (far, "S!XFD1048576"),
    "text.xlsx": (lambda: b"only text", "không phải sổ tính"),
    "cut.xlsx": (lambda: xlsx()[:300], "hỏng"),
    "empty.xlsx": (lambda: b"", "không phải sổ tính"),
    "binary.csv": (lambda: bytes(range(256)) * 4, "không phải"),
    "wide.csv": (lambda: b";" * (MAX_CELLS + 1), "quá nhiều"),
    "quote.csv": (lambda: b'a;"' + b"x" * 200_000, "không phải CSV"),
    "large.csv": (lambda: b"a" * (MAX_OCTETS + 1), "larger"),
    "image.png": (lambda: b"", "không đọc được loại tệp này"),
}


SLOW = {"bomb.xlsx": pytest.mark.slow}  # 600 MiB are packed


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=SLOW[name]) if name in SLOW else name for name in FILES]
)
def test_it_is_told_in_one_line(tmp_path: Path, into: Path, run: Import, name: str) -> None:
    make, told = FILES[name]
    file = tmp_path / name
    file.write_bytes(make())
    said = run(file, "--apply")
    assert said.status == 2
    assert len(said.err.splitlines()) == 1
    assert told in said.err, said.err
    assert not into.exists()


@pytest.mark.slow
def test_nothing_takes_more_memory_than_it_may(tmp_path: Path) -> None:
    for name in ("bomb.xlsx", "lying.xlsx", "laughs.xlsx", "repeated.ods", "far.xlsx"):
        file = tmp_path / name
        file.write_bytes(FILES[name][0]())
        script = (
            "import resource, sys; from pathlib import Path; from netwatch.imports.process import "
            "read_sheets\nfrom netwatch.core.errors import ConfigError\n"
            "try: read_sheets(Path(sys.argv[1]))\nexcept ConfigError: pass\n"
            "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
        )
        done = subprocess.run(
            [sys.executable, "-c", script, str(file)], capture_output=True, text=True, check=True
        )
        assert int(done.stdout) << 10 < MAX_MEMORY, name


def test_macros_are_told_and_never_run(tmp_path: Path, run: Import) -> None:
    file = write(tmp_path / "a.xlsx", rows(40)).rename(tmp_path / "a.xlsm")
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"macro")
    said = run(file)
    assert said.status == 0
    assert "có macro, không bao giờ được chạy" in said.err


def test_a_formula_gives_its_value_and_one_without_is_a_mistake(
    tmp_path: Path, run: Import
) -> None:
    file = tmp_path / "a.xlsx"
    with Workbook(str(file)) as book:
        sheet = book.add_worksheet("S")
        sheet.write_row(0, 0, ["Tên đơn vị", "Cấp", "IP Router"])
        sheet.write_row(1, 0, ["Trung tâm dữ liệu", "Trung tâm dữ liệu"])
        sheet.write_formula("C2", '="10.16.0."&1', None, "10.16.0.1")
        sheet.write_row(2, 0, ["Xã An Lâm", "Xã"])
        sheet.write_formula("C3", '="10.16.0."&2', None, "")
        sheet.write_row(3, 0, ["Xã An Sơn", "Xã"])
        sheet.write_formula("C4", "=1/0", None, "#DIV/0!")
    said = run(file)
    lines = [line for line in said.err.splitlines() if line.startswith("a.xlsx: S!")]
    assert len(lines) == 2
    assert "S!C3" in lines[0]
    assert "là công thức" in lines[0]
    assert "S!C4" in lines[1]
    assert "bị lỗi trong Excel" in lines[1]
    assert "3 ô là công thức" in said.err


def test_ods(tmp_path: Path) -> None:
    file = tmp_path / "a.ods"
    words = ("Tên đơn vị", "Cấp")
    cells = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{word}</text:p></table:table-cell>'
        for word in words
    )
    file.write_bytes(ods(f"<table:table-row>{cells}</table:table-row>"))
    (sheet,) = read_sheets(file).sheets
    assert [cell.text for cell in sheet.rows[0] if cell] == list(words)


@pytest.mark.slow
def test_a_million_empty_rows_are_none(tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    empty = "".join(f'<row r="{n}"><c r="A{n}" s="1"/></row>' for n in range(2, 1_000_000))
    body = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    )
    body += f'<row r="1"><c r="A1"><v>1</v></c></row>{empty}</sheetData></worksheet>'
    file.write_bytes(xlsx(**{SHEET: body}))
    assert len(read_sheets(file).sheets[0].rows) == 1


def test_a_reader_that_is_killed_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a.csv"
    file.write_text("a;b\n")
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(ConfigError, match="quá lớn hoặc bị hỏng"):
        read_sheets(file)


@pytest.mark.parametrize("name", ["fifo.csv", "directory.csv", "missing.csv"])
def test_what_is_no_file_is_told(tmp_path: Path, run: Import, name: str) -> None:
    file = tmp_path / name
    if name.startswith("fifo"):
        os.mkfifo(file)
    elif name.startswith("directory"):
        file.mkdir()
    said = run(file)
    assert said.status == 2
    assert "không đọc được" in said.err


@pytest.mark.slow
def test_an_interrupt_at_any_moment_leaves_all_or_nothing(tmp_path: Path) -> None:
    file = write(tmp_path / "a.xlsx", rows(300))
    (tmp_path / "a.map.yaml").write_text(
        "province: {name_vi: Tỉnh Hải Dương, ranges: 10.16.0.0/12}\n", "utf-8"
    )
    command = [sys.executable, "-m", "netwatch", "inventory", "import", str(file), "--apply"]
    whole = None
    ended = set()
    for moment in range(8):
        into = tmp_path / f"inv{moment}"
        process = subprocess.Popen(
            [*command, "--into", str(into)], stdout=subprocess.PIPE, stderr=-3
        )
        assert process.stdout is not None
        # The more often somebody looks before the signal, the later it comes; no clock is asked.
        for _ in range(moment * 400):
            tmp_path.stat()
        if moment == 7:
            process.stdout.read()
        process.send_signal(signal.SIGINT)
        process.communicate()
        ended.add(process.returncode)
        files = {str(path.relative_to(into)) for path in into.rglob("*") if path.is_file()}
        if files:
            whole = whole or files
            assert files == whole
            assert not any(name.endswith(".new") for name in files)
    assert whole
    assert 0 in ended

"""Finds in an XLSX file what its reader leaves out: formulas, errors, cells far from all others.

Only the first pass over the file is made here, by a parser that builds nothing. So what would take
more memory than there is (a zip bomb, one cell in the last row and column) is told before the file
is read as a whole.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import IO, NoReturn
from xml.parsers.expat import ExpatError, ParserCreate
from zipfile import BadZipFile, ZipFile

from netwatch.imports.sheets import MAX_CELLS, CellKind, SheetError, column_name, too_large

MAX_UNPACKED_OCTETS = 512 << 20
"""Octets of all parts of a workbook, unpacked."""

_CHUNK = 1 << 16

_MAX_REFERENCE = 12
"""Characters of a cell's name: ``XFD1048576`` has ten."""


@dataclass(slots=True)
class OddCells:
    """What the cells of one sheet are, where that isn't seen by their values.

    Attributes:
        kinds: by row and column from 0: ``formula`` without a value, or ``error``.
        formulas: how many cells have a formula.
    """

    kinds: dict[tuple[int, int], CellKind] = field(default_factory=dict)
    formulas: int = 0


def find_odd_cells(archive: ZipFile) -> dict[str, OddCells]:
    """The odd cells of each sheet, by its name.

    Raises:
        SheetError: it is no workbook, or larger than is read.
    """
    if sum(part.file_size for part in archive.infolist()) > MAX_UNPACKED_OCTETS:
        raise too_large("dữ liệu nén")
    names = set(archive.namelist())
    found: dict[str, OddCells] = {}
    for name, part in _parts(archive).items():
        if part in names:
            found[name] = _scan(archive, part, name)
    return found


def _parts(archive: ZipFile) -> dict[str, str]:
    """The part of the archive that has each sheet, by the sheet's name."""
    targets: dict[str, str] = {}
    sheets: dict[str, str] = {}

    def relation(tag: str, attributes: dict[str, str]) -> None:
        if tag.rpartition(":")[2] == "Relationship":
            path = posixpath.join("/xl", attributes.get("Target", ""))
            targets[attributes.get("Id", "")] = posixpath.normpath(path).lstrip("/")

    def sheet(tag: str, attributes: dict[str, str]) -> None:
        if tag.rpartition(":")[2] == "sheet":
            sheets[attributes.get("name", "")] = attributes.get("r:id", "")

    _parse(archive, "xl/_rels/workbook.xml.rels", relation)
    _parse(archive, "xl/workbook.xml", sheet)
    return {name: targets[id_] for name, id_ in sheets.items() if id_ in targets}


def _parse(archive: ZipFile, part: str, begin: Callable[[str, dict[str, str]], None]) -> None:
    parser = ParserCreate()
    parser.StartElementHandler = begin
    parser.StartDoctypeDeclHandler = _refuse
    try:
        with archive.open(part) as file:
            parser.ParseFile(file)
    except (KeyError, ExpatError, BadZipFile, ValueError, OSError) as error:
        raise SheetError(f"không phải sổ tính XLSX / is not an XLSX workbook ({error})") from None


class _CellScanner:
    """Follows the cells of a sheet."""

    def __init__(self, sheet: str) -> None:
        self.sheet = sheet
        self.odd = OddCells()
        self.at = (0, 0)
        self.kind = ""
        self.has_formula = self.has_value = self.in_value = False
        self.rows = self.columns = 0

    def begin(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "c":
            self.kind = attributes.get("t", "")
            self.at = _position(attributes.get("r", "")) or (self.at[0], self.at[1] + 1)
            self.has_formula = self.has_value = False
        elif name == "f":
            self.has_formula = True
        elif name in {"v", "t"}:
            self.in_value = True

    def text(self, _data: str) -> None:
        if self.in_value:
            self.has_value = True

    def end(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        if name in {"v", "t"}:
            self.in_value = False
        elif name == "c":
            self._note()

    def _note(self) -> None:
        self.odd.formulas += self.has_formula
        if self.kind == "e":
            self.odd.kinds[self.at] = "error"
        elif self.has_formula and not self.has_value:
            self.odd.kinds[self.at] = "formula"
        if not self.has_value:
            return
        self.rows = max(self.rows, self.at[0] + 1)
        self.columns = max(self.columns, self.at[1] + 1)
        if self.rows * self.columns > MAX_CELLS or len(self.odd.kinds) > MAX_CELLS:
            place = f"{self.sheet}!{column_name(self.at[1])}{self.at[0] + 1}"
            raise SheetError(
                f"{place}: bảng trải rộng đến tận ô này, hãy xóa ô thừa hoặc tách tệp"
                " / the sheet reaches as far as this cell; clear it, or split the file"
            )


def _scan(archive: ZipFile, part: str, sheet: str) -> OddCells:
    scanner, parser = _CellScanner(sheet), ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = scanner.begin, scanner.end
    parser.CharacterDataHandler = scanner.text
    parser.StartDoctypeDeclHandler = _refuse
    try:
        with archive.open(part) as file:
            _feed(parser, file)
    except (ExpatError, BadZipFile, ValueError, OSError, EOFError) as error:
        raise SheetError(
            f"trang {sheet} bị hỏng, hãy mở và lưu lại / sheet {sheet} is broken; open it"
            f" and save it again ({error})"
        ) from None
    return scanner.odd


def _feed(parser: object, file: IO[bytes]) -> None:
    octets = 0
    while chunk := file.read(_CHUNK):
        octets += len(chunk)
        if octets > MAX_UNPACKED_OCTETS:
            raise too_large("dữ liệu nén")
        parser.Parse(chunk)  # type: ignore[attr-defined]  # expat's parser has no name
    parser.Parse(b"", True)  # type: ignore[attr-defined]


def _refuse(*_: object) -> NoReturn:
    raise ValueError("DOCTYPE")


def _position(reference: str) -> tuple[int, int] | None:
    """Row and column, from 0, of a cell's name; None when it is none."""
    letters = reference.rstrip("0123456789")
    digits = reference[len(letters) :]
    if not (digits and letters.isascii() and letters.isalpha() and len(reference) < _MAX_REFERENCE):
        return None
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - 64
    return int(digits) - 1, column - 1

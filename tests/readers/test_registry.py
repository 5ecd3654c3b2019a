"""No reader of foreign octets is left out of the registry."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import netwatch
from tests.readers.registry import CORPUS, all_readers

ROOT = Path(netwatch.__file__).parent

OTHERS = {
    "adapters.load": "files of the package",
    "imports.process": "hands octets to the process in which sheets are read",
    "imports.workbook": "of python-calamine, in that process (tests/imports/test_hostile_files.py)",
    "imports.worker": "that process",
    "lab": "the simulated province",
    "meetings.calendars.process": "hands octets to the process in which calendars are read",
    "meetings.calendars.watched": "the same",
    "net.connection": "hands octets to the protocols",
    "net.http.content": "a part of unpack, which is in the registry",
}
"""Rooms or files with readers that are not in the registry, and why."""

VERBS = ("parse", "read", "unpack", "decode", "values_at", "accept", "datagram_received", "learn")


def readers_of(path: Path) -> Iterator[str]:
    """Functions of a file that read octets, by their name and the type of an argument."""
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            takes = any(
                isinstance(argument.annotation, ast.Name) and argument.annotation.id == "bytes"
                for argument in node.args.args
            )
            if takes and node.name.lstrip("_").startswith(VERBS):
                yield f"{name}:{node.name}"


def test_every_reader_is_registered() -> None:
    covered = {name for reader in all_readers().values() for name in reader.covers}
    found = {name for path in ROOT.rglob("*.py") for name in readers_of(path)}
    elsewhere = tuple(f"{room}{end}" for room in OTHERS for end in ".:")
    missing = {name for name in found - covered if not name.startswith(elsewhere)}
    assert missing == set(), "add a Reader to a file of_*.py in tests/readers/"


def test_nobody_is_let_off_without_need() -> None:
    covered = {name for reader in all_readers().values() for name in reader.covers}
    found = {name for path in ROOT.rglob("*.py") for name in readers_of(path)} - covered
    idle = [
        room for room in OTHERS if not any(n.startswith((f"{room}.", f"{room}:")) for n in found)
    ]
    assert idle == []


def test_what_is_covered_is_there() -> None:
    for reader in all_readers().values():
        for name in reader.covers:
            file, _, function = name.partition(":")
            source = (ROOT / f"{file.replace('.', '/')}.py").read_text(encoding="utf-8")
            assert f"def {function}(" in source, name


def test_the_corpus_belongs_to_readers() -> None:
    folders = {path.name for path in CORPUS.iterdir()} if CORPUS.exists() else set()
    assert folders <= set(all_readers())

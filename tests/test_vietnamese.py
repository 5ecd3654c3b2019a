"""Errors are said in Vietnamese first: every phrase that the code can say has a translation."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import netwatch
from netwatch.cli import main
from netwatch.inventory import explain
from netwatch.vietnamese.translate import PHRASES, both, translated

ROOT = Path(netwatch.__file__).parent
SAID_BY = {
    *("mistake", "_mistake", "_error", "_unreadable", "_no_inventory", "Problem", "ValueError"),
    *("_refused", "unknown", "_outlived", "Mistake"),
}
"""Functions whose arguments people read."""

FILES = sorted(
    file
    for room in (
        "inventory",
        "commands",
        "settings.py",
        "core/units.py",
        "maintenance/announcements.py",
    )
    for file in ([ROOT / room] if room.endswith(".py") else (ROOT / room).rglob("*.py"))
)
OWN = re.compile("[àáảãạăắâấđèéêếìíòóôốơớùúưứý]", re.IGNORECASE)
NO_MESSAGE = {
    *("{}; {}", "{}: {}", "probe {}: {}", "secret {}", "environment variable {}", "--to {}"),
    "--rate {}",
    *(
        "{} {} does not exist; {}",
        "cannot be {}: {}; run netwatch with this state_dir first, or as its user",
    ),
    *("canary {}", "parent {}", "site {}", "{}, or correct state, since and until"),
    *(
        "{} may not write: only SNMP v3 with authentication and privacy may",
        "{}, and without legacy",
    ),
}
"""Parts of messages, of which other tests have the whole, and places."""


def template(node: ast.expr) -> str | None:
    """A text with ``{}`` for what is put in; None where it is no text."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        parts = (each.value if isinstance(each, ast.Constant) else "{}" for each in node.values)
        return "".join(map(str, parts))
    return None


def said_in(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        found: list[ast.expr] = []
        if isinstance(node, ast.Call):
            if ast.unparse(node.func).rpartition(".")[2] in SAID_BY:
                found = node.args
        elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in {"message", "remedy"}:
            found = [node.value]
        for each in found:
            text = template(each)
            if text and " " in text and not OWN.search(text) and text not in NO_MESSAGE:
                yield text


def unknown_phrases(text: str) -> list[str]:
    """Those of a message, with something put in, that have no translation."""
    phrases = [each for each in text.split("; ") if each.replace("{}", "").strip(" ,")]
    return [each for each in phrases if translated(each.replace("{}", "x")) is None]


def test_every_phrase_is_translated() -> None:
    found = {
        f"{file.relative_to(ROOT)}: {phrase}"
        for file in FILES
        for text in said_in(file)
        for phrase in unknown_phrases(text)
    }
    assert found == set()


def test_what_pydantic_finds_is_translated() -> None:
    numbers = {"gt": 1, "ge": 1, "lt": 1, "le": 1, "min_length": 1, "max_length": 1}
    words = {"expected": "'a' or 'b'", "discriminator": "version", "expected_tags": "'2c', '3'"}
    for wanted in explain._WANTED.values():
        assert unknown_phrases(f"port {wanted.format(**numbers, **words)}") == []


@pytest.mark.parametrize("english", PHRASES, ids=str)
def test_a_translation_has_the_same_values(english: str) -> None:
    assert english.count("{}") == PHRASES[english].count("{}")
    assert "; " not in english


@pytest.mark.parametrize(
    ("message", "said"),
    [
        (
            "tier 'comune' does not exist; did you mean commune?",
            "không có cấp 'comune'; ý bạn là commune?",
        ),
        (
            "probe tcp: port is missing; add it",
            "phép đo tcp: thiếu port; hãy thêm vào",
        ),
        (
            "interval: '5x' is not a duration; write number and unit, e.g. 500ms, 5s, 1m",
            (
                "interval: '5x' không phải khoảng thời gian;"
                " hãy viết số và đơn vị, ví dụ 500ms, 5s, 1m"
            ),
        ),
        ("x: {} is missing; add it", "thiếu x: {}; hãy thêm vào"),
    ],
)
def test_names_and_values_stand_where_they_belong(message: str, said: str) -> None:
    assert both(message) == f"{said} / {message}"


def test_what_says_both_already_and_what_nobody_knows_stays() -> None:
    for message in ("không ghi được / cannot be written", "something new happened"):
        assert both(message) == message


def test_the_command_line_says_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NETWATCH_INVENTORY", str(tmp_path))
    assert main(["check"]) == 2
    told = capsys.readouterr().err
    assert f"{tmp_path}: không có tệp *.yaml nào; xem docs/configuration.md / has no" in told

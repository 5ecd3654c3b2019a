"""No regular expression of the program can go back over a text."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

import netwatch
from netwatch.inventory.terms import OPAQUE
from netwatch.remote_write.allowlist import LABELS, NAMES
from tests.readers.patterns import ambiguity, patterns_of

ROOT = Path(netwatch.__file__).parent

KNOWN = {
    r'(?:[^":]+|"[^"]*")*': "nothing follows, so it never has to go back (calendars/lines.py)",
    r';[ \t]*([A-Za-z0-9-]+)=((?:"[^"]*"|[^";])*)': "begins anew behind what it took (the same)",
    r"([0-9.]+)(ms|s|m|h)": "of the operator's own file (web/config/grammar.py)",
}
"""Patterns that look ambiguous, and why they don't go back."""


def test_no_pattern_goes_back() -> None:
    found: dict[str, list[str]] = {}
    seen = 0
    for path in sorted(ROOT.rglob("*.py")):
        name = path.relative_to(ROOT.parent).as_posix()
        source = path.read_text(encoding="utf-8")
        if "import re\n" not in source or name.startswith("netwatch/lab/"):
            continue
        module = importlib.import_module(name.removesuffix(".py").replace("/", "."))
        for line, pattern, anywhere in patterns_of(path, vars(module)):
            seen += 1
            if pattern not in KNOWN and (told := ambiguity(pattern, anywhere=anywhere)):
                found.setdefault(name, []).append(f"line {line}: {pattern!r}: {told}")
    assert seen > 30
    assert found == {}


@pytest.mark.parametrize("pattern", [NAMES, OPAQUE, *LABELS.values()])
def test_patterns_of_the_allow_list(pattern: str) -> None:
    assert ambiguity(pattern, anywhere=False) == ""


@pytest.mark.parametrize(
    ("pattern", "anywhere"),
    [
        (r"(\S+)\s+([^;,]+?)\s*(;.*)?", False),
        (r'"(?:[^"\\]|\\.)*"', True),
        (r"(a+)+b", False),
        (r"(?:a|a+)*b", False),
        (r"\s*x?\s*$", False),
        (r"a*b?[a-c]*", False),
        (r"\s+$", True),
        (r"^BEGIN:X$.*?^END:X$", True),
        (r".*a", True),
    ],
)
def test_what_goes_back_is_found(pattern: str, anywhere: bool) -> None:
    assert ambiguity(pattern, anywhere=anywhere)


@pytest.mark.parametrize(
    ("pattern", "anywhere"),
    [
        (r"(\d{3})(?:([ -])([^\r\n]*))?\r?\n", False),
        (r"[a-z]+(?:\.[a-z]+)*", False),
        (r"([0-9]{1,10})\s+(\S+)", False),
        (r"[,;\n]", True),
        (r"\\([0-9]{3}|.)", True),
    ],
)
def test_what_does_not_go_back_is_let_pass(pattern: str, anywhere: bool) -> None:
    assert ambiguity(pattern, anywhere=anywhere) == ""

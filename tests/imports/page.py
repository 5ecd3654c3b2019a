"""docs/import.md taken apart: its sheet, its files, its commands and what they print."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

PAGE = (Path(__file__).parents[2] / "docs" / "import.md").read_text(encoding="utf-8")


class Step(NamedTuple):
    """One command, and the lines that the page shows of what it prints."""

    command: str
    shown: list[str]


def steps() -> list[Step]:
    """All commands on a directory of one's own, in order."""
    found: list[Step] = []
    for block in re.findall(r"^```console\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, *shown = part.rstrip("\n").split("\n")
            found.append(Step(command, shown))
    return [
        step for step in found if "danh-sach" in step.command or "netwatch.toml" in step.command
    ]


def sheet() -> list[list[str | int | None]]:
    """The rows of the sheet that the page shows, its headings first."""
    lines = re.findall(r"^\| (?:STT|[1-9]) \|.*$", PAGE, re.MULTILINE)
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [[int(c) if c.isdigit() else c or None for c in row] for row in rows]


def file_of(language: str) -> str:
    """The content of the one file of a language."""
    (text,) = re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    return str(text)

"""The papers that are kept in the state directory: their names, and how many months are kept."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from netwatch.inventory.names import plain

DIRECTORY = "reports"
"""In the state directory."""

MAX_PERIODS = 36
"""Months and years whose papers are kept; the oldest give way."""

_NAME = re.compile(
    r"(20\d\d(?:-\d\d)?)(?:-([a-z][a-z0-9-]{0,62}))?\.(pdf|xlsx|docx|json)", re.ASCII
)


@dataclass(frozen=True, slots=True, order=True)
class KeptPaper:
    """A paper on the shelf: of which period, of whom (empty: of the province), and in what form."""

    period: str
    of: str
    form: str

    @property
    def name(self) -> str:
        """The name of its file."""
        return f"{self.period}{f'-{self.of}' if self.of else ''}.{self.form}"


def parse_name(name: str) -> KeptPaper | None:
    """The paper that a file of this name is; None when it is none of ours."""
    match = _NAME.fullmatch(name)
    return KeptPaper(match[1], match[2] or "", match[3]) if match else None


def slug(name: str) -> str:
    """A name of a carrier or site as files have it: small ASCII letters, digits and hyphens."""
    words = re.sub(r"[^a-z0-9]", " ", plain(name).lower()).split()
    letters = "-".join(words)[:60]
    return letters if letters[:1].isalpha() else f"x{letters}"


def kept_papers(directory: Path) -> list[KeptPaper]:
    """What is on the shelf, the latest first; other files are left out.

    Raises:
        OSError: the directory can't be read.
    """
    try:
        names = [path.name for path in directory.iterdir()]
    except FileNotFoundError:
        return []
    found = [paper for name in names if (paper := parse_name(name)) is not None]
    return sorted(sorted(found), key=lambda paper: paper.period, reverse=True)


def remove_old(directory: Path) -> list[KeptPaper]:
    """Delete the papers of all but the latest ``MAX_PERIODS``; returns what was deleted.

    Raises:
        OSError: one can't be deleted.
    """
    papers = kept_papers(directory)
    kept = sorted({paper.period for paper in papers}, reverse=True)[:MAX_PERIODS]
    old = [paper for paper in papers if paper.period not in kept]
    for paper in old:
        (directory / paper.name).unlink(missing_ok=True)
    return old

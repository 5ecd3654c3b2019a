"""Each decision has a number of its own, which its title has too."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

DIRECTORY = Path(__file__).parents[1] / "docs" / "decisions"
PAGES = sorted(DIRECTORY.glob("*.md"))


def test_no_number_stands_for_two() -> None:
    numbers = Counter(page.name[:4] for page in PAGES)
    assert PAGES
    assert [number for number, count in numbers.items() if count > 1] == []


def test_the_title_has_the_number_of_the_file() -> None:
    wrong = []
    for page in PAGES:
        title = re.match(r"# (\d+)\. ", page.read_text(encoding="utf-8"))
        if title is None or int(title[1]) != int(page.name[:4]):
            wrong.append(page.name)
    assert wrong == []

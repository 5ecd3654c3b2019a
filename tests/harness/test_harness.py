"""What folders of tests share stands here, and nowhere else."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]

BORROWED = {
    "bench/dashboards.py": "dashboards.history",
    "bench/kills.py": "journal.test_journal",
    "bench/report.py": "report",
    "incidents/test_follower.py": "journal",
    "incidents/test_meetings_and_vantages.py": "flows.test_routers",
    "incidents/test_show.py": "paging.daemon",
}
"""What a file takes from one other folder, whose subject it plays or measures anew."""


def imported(file: Path) -> set[str]:
    """Modules of the tests that a file takes something from."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    return {node.module for node in nodes if (node.module or "").startswith("tests.")}


def room(file: Path) -> str:
    """The folder directly below the tests that a file stands in."""
    return file.relative_to(TESTS).parts[0]


@pytest.mark.parametrize("name", sorted({room(file) for file in TESTS.rglob("*/*.py")}))
def test_a_folder_takes_helpers_from_itself_and_the_harness_only(name: str) -> None:
    files = (TESTS / name).rglob("*.py")
    foreign = {
        f"{file.relative_to(TESTS)}: {module}"
        for file in files
        for module in imported(file)
        if module.split(".")[1] not in {name, "harness"}
        and not module.startswith(f"tests.{BORROWED.get(str(file.relative_to(TESTS)), '-')}")
    }
    assert foreign == set()

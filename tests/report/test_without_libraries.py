"""The libraries of papers are wanted by papers only."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

REQUIREMENTS = Path(__file__).parents[2] / "requirements"


def pins(name: str) -> dict[str, str]:
    text = (REQUIREMENTS / f"{name}.txt").read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9_-]+)==(\S+)", text, re.MULTILINE))


def test_the_daemon_and_its_pages_need_none_of_them() -> None:
    program = (
        "import sys, netwatch.daemon, netwatch.commands.report;"
        "sys.exit(bool({'typst', 'docx', 'xlsxwriter', 'lxml'} & sys.modules.keys()))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_tests_run_with_the_libraries_that_papers_are_installed_with() -> None:
    wanted, tested = pins("report"), pins("dev")
    assert {"typst", "xlsxwriter", "python-docx"} <= wanted.keys()
    assert {name: tested.get(name) for name in wanted} == wanted

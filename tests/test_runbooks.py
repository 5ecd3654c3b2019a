"""Each alert has a page that says what to do, and no page is about an alert that is gone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.harness.shipped_rules import alerts

ROOT = Path(__file__).parents[1]
INDEX = ROOT / "docs" / "runbooks" / "README.md"
PAGES = {path.stem: path for path in INDEX.parent.glob("*.md") if path != INDEX}

HEADS = ["Nghĩa là gì", "Kiểm tra gì", "Gọi ai", "What it means", "What to check", "Whom to call"]
"""Of every page: Vietnamese first."""


def test_each_alert_has_its_page_and_each_page_its_alert() -> None:
    assert PAGES.keys() == alerts().keys()


@pytest.mark.parametrize("name", alerts())
def test_the_alert_leads_to_its_page(name: str) -> None:
    assert ROOT / alerts()[name]["annotations"]["runbook"] == PAGES[name]


def test_the_index_leads_to_every_page() -> None:
    linked = re.findall(r"\]\((\w+)\.md\)", INDEX.read_text(encoding="utf-8"))
    assert sorted(linked) == sorted(PAGES)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_says_what_it_means_what_to_check_and_whom_to_call(name: str) -> None:
    text = PAGES[name].read_text(encoding="utf-8")
    assert text.startswith(f"# {name}: ")
    parts = re.split(r"^## ", text, flags=re.MULTILINE)[1:]
    assert [part.splitlines()[0] for part in parts] == HEADS
    for head, part in zip(HEADS, parts, strict=True):
        said = part.removeprefix(head).strip()
        assert said
        assert "check" not in head.lower() or said.startswith("1. ")


def test_pages_name_commands_that_there_are() -> None:
    said = {
        command
        for path in PAGES.values()
        for command in re.findall(r"`netwatch ([a-z]+)", path.read_text(encoding="utf-8"))
    }
    commands = {path.stem for path in (ROOT / "netwatch" / "commands").glob("*.py")}
    assert said
    assert said <= commands


def test_commands_are_run_by_who_may_read_the_secrets() -> None:
    # docs/install.md keeps them for root; as the service's user probe, snmp and meetings refuse.
    text = INDEX.read_text(encoding="utf-8")
    lines = re.findall(r"^[$#] (.*netwatch COMMAND.*)$", text, re.MULTILINE)
    assert lines
    assert all(line.startswith("sudo /opt/netwatch/bin/netwatch COMMAND") for line in lines)

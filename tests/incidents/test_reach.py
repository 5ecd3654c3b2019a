"""What is read of a journal of years depends on what is asked for, and not on how much there is."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from netwatch.incidents import reader
from netwatch.incidents.reader import (
    MAX_LISTED,
    Wanted,
    find_ids,
    read_ended,
    read_kept,
    read_open,
    read_story,
)
from netwatch.inventory.former_ids import FormerIds
from netwatch.journal.file import NAME, open_for_reading
from tests.harness.incidents import T
from tests.harness.many_incidents import fill, identity

FEW, MANY = 1000, 4000

Question = Callable[[Path, int], object]
"""Asks a journal of so many incidents."""


def lately(count: int) -> float:
    """The unix time since which the last hundred ended."""
    return T + 600.0 * (count - 100)


QUESTIONS: dict[str, Question] = {
    "open": lambda path, _: read_open(path),
    "ended": lambda path, count: read_ended(path, Wanted(lately(count))),
    "ended, of a carrier": lambda path, n: read_ended(path, Wanted(lately(n), carrier="VNPT")),
    "ended, the last of all": lambda path, _: read_ended(path, Wanted(0.0, limit=50))[0],
    "story": lambda path, count: read_story(path, identity(count // 2)),
    "id": lambda path, count: find_ids(path, identity(count // 2)),
    "kept": lambda path, count: read_kept(path, lately(count + 98)),
}


@pytest.fixture(scope="module")
def journals(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    home = tmp_path_factory.mktemp("journals")
    paths = {count: home / str(count) / NAME for count in (FEW, MANY)}
    for count, path in paths.items():
        path.parent.mkdir()
        fill(path, count)
    return paths


def steps(ask: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> int:
    """How many hundred instructions of SQLite's machine a question takes."""
    counted = [0]

    def count() -> int:
        counted[0] += 1
        return 0

    def opened(path: Path, former: FormerIds | None = None) -> sqlite3.Connection:
        connection = open_for_reading(path, former)
        connection.set_progress_handler(count, 100)
        return connection

    with monkeypatch.context() as patched:
        patched.setattr(reader, "open_for_reading", opened)
        assert ask()
    return counted[0]


@pytest.mark.parametrize("name", [each for each in QUESTIONS if each != "ended, the last of all"])
def test_a_question_costs_no_more_in_a_longer_journal(
    name: str, journals: dict[int, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = QUESTIONS[name]
    cost = {
        count: steps(lambda path=path, count=count: ask(path, count), monkeypatch)
        for count, path in journals.items()
    }
    assert cost[MANY] <= 1.2 * cost[FEW] + 5


PLANS = {
    "open": ("ended IS NULL ORDER BY began DESC", ()),
    "ended": ("ended > ? ORDER BY ended DESC LIMIT 500", (0,)),
    "of a site": (
        f"{reader.ended_condition(Wanted(0.0, site='x'))[0]} ORDER BY ended DESC LIMIT 500",
        (0, "x", "x"),
    ),
    "of a carrier": ("ended > ? AND carrier = ? ORDER BY ended DESC LIMIT 500", (0, "x")),
    "one": ("id = ?", ("x",)),
}


@pytest.mark.parametrize("name", PLANS)
def test_every_question_goes_by_an_index(name: str, journals: dict[int, Path]) -> None:
    condition, parameters = PLANS[name]
    connection = open_for_reading(journals[FEW])
    query = f"EXPLAIN QUERY PLAN SELECT id FROM incident WHERE {condition}"  # noqa: S608
    plan = [row[3] for row in connection.execute(query, parameters)]
    connection.close()
    assert [step for step in plan if "SCAN" in step and "INDEX" not in step] == []
    # Those that go on are few, and are sorted in memory.
    assert [step for step in plan if "TEMP B-TREE" in step and name != "open"] == []


def test_a_list_is_cut_and_says_by_how_much(journals: dict[int, Path]) -> None:
    found, left_out = read_ended(journals[FEW], Wanted(0.0))
    assert (len(found), left_out) == (MAX_LISTED, FEW - 3 - MAX_LISTED)
    assert found[0].ended == max(each.ended or 0.0 for each in found)


def test_a_story_has_all_of_its_sites_and_lines(journals: dict[int, Path]) -> None:
    story = read_story(journals[FEW], identity(7))
    assert story is not None
    assert (len(story.behind), len(story.timeline)) == (20, 21)

"""Notes in the journal: all or nothing, whoever else writes, and however full the disk is."""

from __future__ import annotations

import resource
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from netwatch.audit.verify import find_damage
from netwatch.audit.who import logged_in
from netwatch.incidents.incident import Incident
from netwatch.incidents.notes import MAX_NOTE, NoteRefusedError, Word, clean_note, write_note
from netwatch.incidents.reader import read_story
from netwatch.journal.file import NAME
from tests.harness.incidents import T, line, running

SHARED_MEMORY = 32_768
"""Octets of SQLite's file beside the journal; a note needs more in its log."""


@pytest.fixture
def cut(tmp_path: Path) -> tuple[Path, str]:
    """A journal that no daemon has open, and the id of an incident in it that goes on."""
    with running(tmp_path) as run:
        incident = run.at(T + 8, line(T, "nam-sach"))
        run.written()
    return tmp_path / NAME, incident.id


@contextmanager
def room(octets: int) -> Iterator[None]:
    """No file may grow beyond this."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (octets, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def story(path: Path, id_: str) -> Incident:
    found = read_story(path, id_)
    assert found is not None
    return found


def taken_down(path: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT who, what FROM audit ORDER BY number").fetchall()


def test_a_disk_without_room_is_told_and_nothing_is_half_there(cut: tuple[Path, str]) -> None:
    path, id_ = cut
    word = Word(logged_in("lan"), "\U0001f44d" * MAX_NOTE, acknowledges=True)
    with room(SHARED_MEMORY), pytest.raises((sqlite3.Error, OSError)):
        write_note(path, id_, word)
    found = story(path, id_)
    assert (found.acknowledged, found.notes) == (None, 0)
    assert not [each for each in found.timeline if each.by]
    assert taken_down(path) == []
    write_note(path, id_, word)
    assert story(path, id_).notes == 1
    assert taken_down(path) == [("lan", "acknowledged")]
    assert find_damage(path) == []


def test_many_at_once_are_all_kept_and_one_is_first(cut: tuple[Path, str]) -> None:
    path, id_ = cut
    people = [f"người {number}" for number in range(12)]

    def take(name: str) -> bool:
        noted = write_note(path, id_, Word(logged_in(name), name, acknowledges=True))
        return noted.acknowledged is not None and noted.acknowledged.by == name

    with ThreadPoolExecutor(len(people)) as pool:
        firsts = list(pool.map(take, people))
    assert firsts.count(True) == 1
    found = story(path, id_)
    assert found.notes == len(people)
    assert {each.by for each in found.timeline if each.by} == set(people)
    assert sorted(what for _, what in taken_down(path)) == ["acknowledged"] + ["note"] * 11
    assert find_damage(path) == []


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("đã gọi VNPT", "đã gọi VNPT"),
        ("  một\n hai  ", "một\n hai"),
        ("\x1b]0;owned\x07tít", "]0;ownedtít"),
        ("a\u202eb\u2066c\u200bd\ufeffe", "abcde"),
        ("a\ud800b", "ab"),
        ("<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"),
        ("a\x7f\x9b31mb", "a31mb"),
        ("e\u0301 \U0001f44d", "e\u0301 \U0001f44d"),
    ],
)
def test_what_steers_a_terminal_or_a_page_is_taken_out(text: str, kept: str) -> None:
    assert clean_note(text, may_be_empty=False) == kept


@pytest.mark.parametrize("text", ["", " \n ", "\x00\x1b", "\u200b"])
def test_nothing_is_no_note(text: str) -> None:
    with pytest.raises(NoteRefusedError) as refused:
        clean_note(text, may_be_empty=False)
    assert refused.value.status == 400
    assert clean_note(text, may_be_empty=True) == ""

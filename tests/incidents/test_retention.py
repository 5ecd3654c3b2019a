"""Old incidents leave the journal with all that belongs to them; those that go on stay."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from netwatch.incidents.reader import Wanted, read_ended, read_open
from netwatch.journal import writer as writing
from netwatch.journal.file import NAME
from netwatch.journal.writer import JournalWriter
from tests.harness.many_incidents import SITES, fill
from tests.harness.waiting import eventually

DAY = 86400.0


def left(path: Path) -> tuple[int, int, int, int]:
    """How many go on, have ended, and how many sites and lines they have."""
    with closing(sqlite3.connect(path)) as connection:
        (sites,) = connection.execute("SELECT count(*) FROM incident_site").fetchone()
        (lines,) = connection.execute("SELECT count(*) FROM incident_entry").fetchone()
    return len(read_open(path)), len(read_ended(path, Wanted(0.0))[0]), sites, lines


@pytest.mark.parametrize(
    ("keep", "most", "ended"), [(1.0, 100_000, 0), (3650 * DAY, 10, 11), (3650 * DAY, 50, 27)]
)
def test_what_is_old_or_too_much_is_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keep: float, most: int, ended: int
) -> None:
    path = tmp_path / NAME
    fill(path, 30)
    monkeypatch.setattr(writing, "MAX_INCIDENTS", most)
    monkeypatch.setattr(writing, "CLEANUP_INTERVAL", 0.0)
    writer = JournalWriter(path, keep)
    writer.start()
    try:
        whole = 3 + ended
        eventually(lambda: left(path) == (3, ended, whole * SITES, whole * (SITES + 1)))
    finally:
        writer.stop()

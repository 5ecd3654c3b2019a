"""No clock takes an event away before its time has really passed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from netwatch.core.state import State
from netwatch.journal import retention
from netwatch.journal import writer as writing
from netwatch.journal.file import NAME
from netwatch.journal.reader import read_events
from netwatch.journal.writer import JournalWriter
from tests.harness.waiting import eventually
from tests.journal.test_journal import turned

KEEP = 30.0
DAYS = 86400.0
YEARS = 365 * DAYS

FIRST = 1_900_000_000.0
"""Unix time at which a test begins."""


class Clocks:
    """The wall clock (Unix time) and the time that really passed."""

    def __init__(self) -> None:
        self.both = FIRST, 500.0  # one attribute, so that a thread never sees half of a change

    def pass_by(self, seconds: float) -> None:
        self.both = self.both[0] + seconds, self.both[1] + seconds

    def jump(self, seconds: float) -> None:
        self.both = self.both[0] + seconds, self.both[1]

    @property
    def wall(self) -> float:
        return self.both[0]


@pytest.fixture
def clocks(monkeypatch: pytest.MonkeyPatch) -> Clocks:
    clocks = Clocks()
    monkeypatch.setattr("netwatch.journal.retention._clocks", lambda: clocks.both)
    monkeypatch.setattr(time, "time", lambda: clocks.wall)
    monkeypatch.setattr(writing, "ALIVE_INTERVAL", 0.005)
    monkeypatch.setattr(writing, "CLEANUP_INTERVAL", 0.0)
    return clocks


class Journal:
    """A journal and its writer, which cleans up at each write."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.start()

    def start(self) -> None:
        self.writer = JournalWriter(self.path, keep=KEEP * DAYS)
        self.writer.start()

    def stop(self) -> None:
        self.writer.stop()

    def note(self, site: str, at: float) -> None:
        """Write down an event that is over, and wait for it."""
        before = self.writer.written
        self.writer.put(turned(State.DOWN, State.UP, at, site=site))
        self.writer.put(turned(State.UP, State.DOWN, at + 1, site=site))
        eventually(lambda: self.writer.written == before + 2)

    def settle(self) -> None:
        """Wait until the writer has looked at the clocks and cleaned up, both twice."""
        for number in range(2):
            self.note(f"settle-{number}", FIRST + 100 * YEARS)

    def sites(self) -> set[str]:
        events = read_events(self.path, None, -1e12, 10_000)
        return {event.site for event in events if not event.site.startswith("settle")}


@pytest.fixture
def journal(clocks: Clocks, tmp_path: Path) -> Iterator[Journal]:
    journal = Journal(tmp_path / NAME)
    journal.note("young", clocks.wall)
    yield journal
    journal.stop()


def test_what_is_old_is_removed(clocks: Clocks, journal: Journal) -> None:
    for _ in range(int(KEEP) - 1):
        clocks.pass_by(DAYS)
        journal.settle()
    assert journal.sites() == {"young"}
    clocks.pass_by(2 * DAYS)
    journal.settle()
    assert journal.sites() == set()


@pytest.mark.parametrize("jump", [10 * YEARS, -10 * YEARS, 31 * DAYS])
@pytest.mark.parametrize("restart", [False, True])
def test_a_jump_and_back_removes_nothing(
    clocks: Clocks, journal: Journal, jump: float, restart: bool
) -> None:
    clocks.jump(jump)
    if restart:
        journal.stop()
        journal.start()
    journal.note("while it was wrong", clocks.wall)
    clocks.pass_by(4.0)
    journal.settle()
    clocks.jump(-jump)
    if restart:
        journal.stop()
        journal.start()
    clocks.pass_by(4.0)
    journal.settle()
    assert journal.sites() == {"young", "while it was wrong"}


def test_a_jump_that_stays_is_believed_when_that_time_has_passed(
    clocks: Clocks, journal: Journal
) -> None:
    clocks.jump(10 * YEARS)
    for day in range(int(KEEP)):
        journal.settle()
        if day % 7 == 0:
            journal.stop()  # what has passed is kept over a restart
            journal.start()
            journal.settle()
        assert journal.sites() == {"young"}
        clocks.pass_by(DAYS)
    journal.settle()
    assert journal.sites() == set()


def test_a_wrong_clock_at_the_start_removes_nothing(clocks: Clocks, journal: Journal) -> None:
    journal.stop()
    clocks.both = clocks.wall, 3.0
    clocks.jump(10 * YEARS)
    journal.start()
    journal.settle()
    assert journal.sites() == {"young"}


def test_the_real_clocks_are_read() -> None:
    wall, boot = retention._clocks()
    assert abs(wall - time.time()) < 60
    assert boot > 0

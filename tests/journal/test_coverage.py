"""When the daemon measured, and what old days come to once their events are deleted."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest

from netwatch.core.state import State
from netwatch.journal.coverage import Coverage, ProvinceNamed, forget_before, forget_old_runs
from netwatch.journal.days import day_of, known_time, sum_up_days
from netwatch.journal.file import NAME, open_journal
from netwatch.journal.records import PlaceRemoved, StateChanged
from netwatch.journal.retention import RetentionClock
from netwatch.state.transition import StateChange

HOUR = 3600.0
DAY = 86400.0


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(open_journal(tmp_path / NAME)) as connection:
        yield connection


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [0.0]
    monkeypatch.setattr("netwatch.journal.coverage.time.time", lambda: now[0])
    return now


def turn(journal: sqlite3.Connection, at: float, state: State, before: State) -> None:
    change = StateChange("nam-sach", "", before, state, at, at, "", "")
    StateChanged(change).write(journal)


def run(journal: sqlite3.Connection, clock: list[float], began: float, until: float) -> Coverage:
    clock[0] = began
    of_run = Coverage()
    of_run.begin(journal)
    clock[0] = until
    of_run.tell(journal, without_break=True)
    return of_run


def known(journal: sqlite3.Connection) -> list[tuple[int, int]]:
    return known_time(journal, "nam-sach", (0, 10**9))


def test_a_site_is_measured_from_its_first_state_to_the_end_of_the_run(
    journal: sqlite3.Connection, clock: list[float]
) -> None:
    of_run = run(journal, clock, 100, 110)
    turn(journal, 107, State.UP, State.UNKNOWN)
    turn(journal, 109, State.DOWN, State.UP)
    clock[0] = 200
    of_run.tell(journal, without_break=True)
    assert known(journal) == [(107_000, 200_000)]


def test_what_a_stopped_daemon_and_a_stepped_clock_leave_out_is_not_measured(
    journal: sqlite3.Connection, clock: list[float]
) -> None:
    of_run = run(journal, clock, 100, 110)
    turn(journal, 101, State.UP, State.UNKNOWN)
    clock[0] = 500
    of_run.tell(journal, without_break=False)
    clock[0] = 510
    of_run.tell(journal, without_break=True)
    run(journal, clock, 600, 610)
    turn(journal, 604, State.UP, State.UNKNOWN)
    assert known(journal) == [(101_000, 110_000), (500_000, 510_000), (604_000, 610_000)]


def test_what_goes_on_over_a_clock_that_is_set_back_is_told_by_both_clocks(
    journal: sqlite3.Connection, clock: list[float]
) -> None:
    of_run = run(journal, clock, 1000, 2000)
    turn(journal, 1001, State.UP, State.UNKNOWN)
    turn(journal, 1900, State.DOWN, State.UP)
    clock[0] = 1500
    of_run.tell(journal, without_break=False)
    turn(journal, 1600, State.UP, State.DOWN)
    rows = journal.execute("SELECT state, began, ended FROM event ORDER BY id").fetchall()
    assert rows == [(State.DOWN, 1900, 2000), (State.DOWN, 1500, 1600)]


class Passing(NamedTuple):
    """Seconds that go by: while the disk is waited for, and then until the next look."""

    waited: float
    jumped: float
    stopped: float
    is_believed: bool


@pytest.mark.parametrize(
    "case",
    [
        Passing(0.0, 0.0, 1.0, is_believed=True),
        Passing(0.0, 0.0, 61.0, is_believed=False),  # the process was stopped
        Passing(3600.0, 0.0, 1.0, is_believed=True),  # the disk was slow
        Passing(3600.0, 600.0, 1.0, is_believed=False),  # and the clock was set meanwhile
        Passing(0.0, -600.0, 1.0, is_believed=False),
    ],
)
def test_a_slow_disk_is_no_stop_of_the_process(
    case: Passing, journal: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1e9, 100.0]
    monkeypatch.setattr("netwatch.journal.retention._clocks", lambda: tuple(now))
    clocks = RetentionClock(400 * DAY)
    now[:] = [now[0] + case.waited + case.jumped, now[1] + case.waited]
    clocks.pass_over()
    now[:] = [now[0] + case.stopped, now[1] + case.stopped]
    assert clocks.look(journal) is case.is_believed


def test_a_site_that_left_the_inventory_is_not_measured(
    journal: sqlite3.Connection, clock: list[float]
) -> None:
    run(journal, clock, 100, 200)
    turn(journal, 101, State.UP, State.UNKNOWN)
    PlaceRemoved("nam-sach", "", 120).write(journal)
    turn(journal, 150, State.UP, State.UNKNOWN)
    assert known(journal) == [(101_000, 120_000), (150_000, 200_000)]


def test_a_renewed_file_has_the_run_that_goes_on(
    journal: sqlite3.Connection, clock: list[float], tmp_path: Path
) -> None:
    of_run = run(journal, clock, 100, 200)
    of_run.begin(journal)
    assert journal.execute("SELECT count(*) FROM run").fetchone() == (1,)
    with closing(open_journal(tmp_path / "new.sqlite")) as other:
        of_run.begin(other)
        of_run.tell(other, without_break=True)
        assert other.execute("SELECT began, until FROM run").fetchall() == [(100, 200)]


def test_old_runs_are_forgotten_with_what_they_watched(
    journal: sqlite3.Connection, clock: list[float]
) -> None:
    for began in (100, 200, 300):
        run(journal, clock, began, began + 50)
        turn(journal, began + 1, State.UP, State.UNKNOWN)
    forget_old_runs(journal, 160)
    assert known(journal) == [(201_000, 250_000), (301_000, 350_000)]


def test_time_whose_events_were_too_many_is_not_measured(
    journal: sqlite3.Connection, clock: list[float]
) -> None:
    for began in (100, 200):
        run(journal, clock, began, began + 50)
        turn(journal, began + 1, State.UP, State.UNKNOWN)
    forget_before(journal, 220)
    assert known(journal) == [(220_000, 250_000)]


@pytest.mark.parametrize("zone", ["Asia/Ho_Chi_Minh", "Europe/Berlin", "America/New_York"])
def test_days_that_are_summed_up_hold_every_millisecond(
    zone: str, journal: sqlite3.Connection, clock: list[float]
) -> None:
    begin = datetime(2026, 10, 24, 12, tzinfo=ZoneInfo(zone)).timestamp()
    ProvinceNamed("Tỉnh Hải Dương", zone).write(journal)
    run(journal, clock, begin, begin + 10 * DAY)
    turn(journal, begin, State.UP, State.UNKNOWN)
    turn(journal, begin + 6 * HOUR + 0.25, State.DOWN, State.UP)
    turn(journal, begin + 40 * HOUR + 0.5, State.UP, State.DOWN)
    assert sum_up_days(journal, begin + 2 * DAY) < begin + 2 * DAY
    rows = journal.execute("SELECT * FROM day").fetchall()
    for day, _, *sums, _ in rows:
        start, end = day_of(day, ZoneInfo(zone))
        assert sum(sums) == end - start
    assert sum(row[2 + State.DOWN] for row in rows) == sum_of_whole_days(begin, zone)
    assert sum(row[-1] for row in rows) == 1


def sum_of_whole_days(begin: float, zone: str) -> int:
    """Milliseconds of the outage until the midnight before the second day's noon."""
    midnight = datetime(2026, 10, 26, tzinfo=ZoneInfo(zone)).timestamp()
    until = min(midnight, begin + 40 * HOUR + 0.5)
    return round((until - (begin + 6 * HOUR + 0.25)) * 1000)


def test_only_what_was_summed_up_may_be_deleted(
    journal: sqlite3.Connection, clock: list[float]
) -> None:
    ProvinceNamed("Tỉnh Hải Dương", "Asia/Ho_Chi_Minh").write(journal)
    begin = datetime(2026, 1, 1, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh")).timestamp()
    run(journal, clock, begin, begin + 100 * DAY)
    done = [sum_up_days(journal, begin + 20 * DAY) for _ in range(4)]
    assert done == [begin + days * DAY for days in (7, 14, 20, 20)]


def test_a_journal_that_names_no_province_keeps_no_sums(journal: sqlite3.Connection) -> None:
    assert sum_up_days(journal, 1000.0) == 1000.0

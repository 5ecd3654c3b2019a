"""Work is told before it begins, is under way at its times, and outlives a clock that jumps."""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from netwatch.core.state import State
from netwatch.export.maintenance import ComingMaintenanceMetrics
from netwatch.maintenance.announced import AnnouncedMaintenance
from netwatch.maintenance.announcements import NAME, Announcement, changing, read_announcements
from netwatch.maintenance.watch import MAX_COMING, MAX_TOLD_BEFORE, MaintenanceWatch
from netwatch.maintenance.work import AnnouncedWork
from netwatch.metrics import Registry, render
from netwatch.state.maintenance import Scope
from netwatch.web.planned import planned_work
from tests.harness.builders import make_checks, make_inventory, make_states
from tests.harness.waiting import eventually

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
HOUR, DAY = 3600.0, 86400.0
SATURDAY = datetime(2026, 12, 5, 22, 0, tzinfo=ZONE).timestamp()


def announcement(begins: float, ends: float = 0.0, **changes: Any) -> Announcement:
    values: dict[str, Any] = {
        "id": "announced-1",
        "kind": "branch",
        "name": "nam-sach",
        "begins": begins,
        "ends": ends,
        "reason": "Nâng cấp",
        "author": "lan",
    }
    return Announcement.model_validate(values | changes)


def weekly(**changes: Any) -> AnnouncedWork:
    values: dict[str, Any] = {
        "repeat": "FREQ=WEEKLY;BYDAY=SA",
        "lasts": 2 * HOUR,
        "ends": SATURDAY + 15 * DAY,
    }
    made = announcement(SATURDAY, **(values | changes))
    return AnnouncedWork(made, Scope(frozenset({"nam-sach"})), ZONE)


def test_a_later_start_is_told_before_and_silences_nothing_until_then() -> None:
    work = AnnouncedWork(announcement(1000.0, 2000.0), Scope(), ZONE)
    assert work.at(999.0) is None
    coming = work.after(999.0)
    assert coming is not None
    assert (coming.began, coming.ends, coming.author) == (1000.0, 2000.0, "lan")
    assert work.at(1000.0) == coming
    assert work.after(1000.0) is None
    assert work.at(2000.0) is None


def test_what_recurs_is_under_way_each_time_and_over_at_its_end() -> None:
    work = weekly()
    assert work.at(SATURDAY - 1) is None
    first = work.at(SATURDAY)
    assert first is not None
    assert (first.began, first.ends) == (SATURDAY, SATURDAY + 2 * HOUR)
    assert work.at(SATURDAY + 2 * HOUR) is None
    following = work.after(SATURDAY + DAY)
    assert following is not None
    assert following.began == SATURDAY + 7 * DAY
    assert work.at(SATURDAY + 14 * DAY) is not None
    assert work.after(SATURDAY + 14 * DAY) is None
    assert work.at(SATURDAY + 21 * DAY) is None


def test_the_last_time_ends_with_the_whole() -> None:
    last = weekly(ends=SATURDAY + 7 * DAY + HOUR).at(SATURDAY + 7 * DAY)
    assert last is not None
    assert last.ends == SATURDAY + 7 * DAY + HOUR


@pytest.mark.parametrize(
    "changes",
    [
        {"repeat": "FREQ=DAILY;UNTIL=20200101", "lasts": 60.0},
        {"repeat": "FREQ=DAILY", "lasts": None},
        {"repeat": "FREQ=DAILY", "lasts": 1e300},
        {"repeat": "FREQ=DAILY", "lasts": 60.0, "begins": -1e300},
    ],
)
def test_a_rule_that_was_written_by_hand_and_makes_no_sense_stops_nothing(
    changes: dict[str, Any],
) -> None:
    work = AnnouncedWork(announcement(1000.0, 2000.0).model_copy(update=changes), Scope(), ZONE)
    work.after(500.0)
    assert work.at(1500.0) is not None


class Watched:
    """A province with a file of announcements, and the clock by which they take effect."""

    def __init__(self, path: Path, **inventory: Any) -> None:
        self.path = path
        self.inventory = make_inventory(**inventory)
        self.states = make_states(self.inventory, make_checks(self.inventory), 0.0)
        self.watch = MaintenanceWatch(self.states, AnnouncedMaintenance(self.path), self.inventory)

    def announce(self, *announcements: Announcement) -> None:
        with changing(self.path) as present:
            present[:] = announcements

    def looks_like(self, under_way: int, coming: int) -> bool:
        self.watch.tick()
        return len(self.watch.under_way()) == under_way and len(self.watch.coming()) == coming


def test_a_branch_is_in_maintenance_from_its_begin_on(tmp_path: Path) -> None:
    watched = Watched(tmp_path / NAME)
    now = time.time()
    watched.announce(announcement(now + HOUR, now + 2 * HOUR))
    eventually(lambda: watched.looks_like(0, 1))
    assert watched.states.sites["an-lam"].state is not State.MAINTENANCE
    (told,) = planned_work(watched.watch)
    assert told["state"] == "coming"
    assert told["sites"] == ["an-lam", "nam-sach"]
    assert (told["author"], told["announced"], told["count"]) == ("lan", True, 2)
    watched.announce(announcement(now - 1, now + 2 * HOUR))
    eventually(lambda: watched.looks_like(1, 0))
    for site in ("an-lam", "nam-sach"):
        assert watched.states.sites[site].state is State.MAINTENANCE
    (told,) = planned_work(watched.watch)
    assert told["state"] == "under-way"


def test_windows_of_the_inventory_are_told_too(tmp_path: Path) -> None:
    soon = datetime.fromtimestamp(time.time() + 2 * DAY, ZONE).strftime("%Y-%m-%d %H:%M")
    late = datetime.fromtimestamp(time.time() + 9 * DAY, ZONE).strftime("%Y-%m-%d %H:%M")
    window = {"for": "2h", "reason": "Nâng cấp", "branches": ["nam-sach"]}
    windows = {"soon": window | {"starts": soon}, "late": window | {"starts": late}}
    watched = Watched(tmp_path / NAME, maintenance=windows)
    (told,) = planned_work(watched.watch)
    assert (told["id"], told["announced"], told["author"]) == ("soon", False, None)
    assert told["sites"] == ["an-lam", "nam-sach"]


async def test_the_metric_tells_the_begin(tmp_path: Path) -> None:
    watched = Watched(tmp_path / NAME)
    begins = time.time() + HOUR
    watched.announce(announcement(begins, begins + HOUR, kind="site"))
    eventually(lambda: watched.looks_like(0, 1))
    registry = Registry()
    metrics = ComingMaintenanceMetrics(registry, watched.watch)
    for _ in metrics.refresh():
        pass
    name = "netwatch_maintenance_start_timestamp_seconds"
    line = f'{name}{{id="nam-sach",kind="site",window="announced-1"}} '
    (value,) = [
        text.removeprefix(line)
        for text in (await render(registry)).decode().splitlines()
        if text.startswith(line)
    ]
    assert float(value) == pytest.approx(begins, abs=1e-3)


def test_a_thousand_announcements_are_bounded_on_the_page(tmp_path: Path) -> None:
    watched = Watched(tmp_path / NAME)
    begins = time.time() + HOUR
    watched.announce(*(announcement(begins + n, begins + HOUR + n, id=f"a{n}") for n in range(900)))
    eventually(lambda: watched.looks_like(0, MAX_COMING))
    told = planned_work(watched.watch)
    assert [each["id"] for each in told] == [f"a{n}" for n in range(MAX_COMING)]


def test_a_clock_that_jumps_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    watched, true_time = Watched(tmp_path / NAME), time.time
    now = true_time()
    made = [
        announcement(now - HOUR, now + HOUR, id="once"),
        announcement(now + HOUR, now + 2 * HOUR, id="later", kind="site", name="an-lam"),
        announcement(
            now - DAY,
            now + 30 * DAY,
            id="daily",
            repeat="FREQ=DAILY",
            lasts=23 * HOUR,
            kind="site",
            name="hd-dc",
        ),
    ]
    watched.announce(*made)
    eventually(lambda: watched.looks_like(2, 2) or watched.looks_like(1, 2))
    seen = watched.watch.under_way()
    for jump in (10 * 365 * DAY, -10 * 365 * DAY, MAX_TOLD_BEFORE, 0.0):
        monkeypatch.setattr(time, "time", lambda jump=jump: true_time() + jump)
        watched.watch.tick()
        watched.watch.coming()
    monkeypatch.undo()
    watched.watch.tick()
    assert watched.watch.under_way() == seen
    assert read_announcements(tmp_path / NAME) == made

"""Planned work: when it is under way, and what it means for states."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netwatch.core.state import State
from netwatch.inventory.model import Inventory
from netwatch.state.faults import open_faults
from netwatch.state.maintenance import Calendar, Scope, Work
from tests.harness.builders import make_inventory
from tests.harness.failing_network import Network, Watch, router, slots

pytestmark = pytest.mark.slow

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


def unix(text: str, zone: ZoneInfo = VIETNAM) -> float:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=zone).timestamp()


def planned(zone: str = "Asia/Ho_Chi_Minh", **window: Any) -> Inventory:
    base = {"starts": "2026-12-05 22:00", "for": "2h", "reason": "Nâng cấp", "sites": ["nam-sach"]}
    return make_inventory(
        province={"name_vi": "Hải Dương", "name": "Hai Duong", "timezone": zone},
        maintenance={"upgrade": base | window},
    )


@pytest.mark.parametrize(
    ("window", "moment", "ends"),
    [
        ({}, "2026-12-05 21:59", None),
        ({}, "2026-12-05 22:00", "2026-12-06 00:00"),
        ({}, "2026-12-05 23:59", "2026-12-06 00:00"),
        ({}, "2026-12-06 00:00", None),
        ({"repeat": "FREQ=WEEKLY"}, "2026-12-05 21:00", None),
        ({"repeat": "FREQ=WEEKLY"}, "2027-01-02 23:00", "2027-01-03 00:00"),
        ({"repeat": "FREQ=WEEKLY"}, "2027-01-03 23:00", None),
        ({"repeat": "FREQ=WEEKLY;COUNT=2"}, "2026-12-19 23:00", None),
        ({"repeat": "FREQ=MONTHLY;BYDAY=1SA"}, "2027-02-06 22:30", "2027-02-07 00:00"),
    ],
)
def test_when_a_window_is_open(window: dict[str, str], moment: str, ends: str | None) -> None:
    works = Calendar(planned(**window)).under_way(unix(moment))
    assert [work.ends for work in works] == ([unix(ends)] if ends else [])


def test_the_hour_of_a_rule_is_that_of_the_clock_on_the_wall() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    inventory = planned(zone="Europe/Berlin", repeat="FREQ=DAILY")
    calendar = Calendar(inventory)
    for moment in ("2026-12-10 22:30", "2027-07-10 22:30"):  # in winter, and in summer time
        (work,) = calendar.under_way(unix(moment, berlin))
        assert work.began == unix(f"{moment[:10]} 22:00", berlin)


@given(st.lists(st.floats(0, 400), min_size=1, max_size=20))
@settings(deadline=None)
def test_a_calendar_that_is_asked_again_and_again_says_the_same(days: list[float]) -> None:
    """In whatever order: the clock may be set."""
    inventory = planned(repeat="FREQ=WEEKLY;BYDAY=MO,TH")
    asked = Calendar(inventory)
    for day in days:
        now = unix("2026-12-01 00:00") + day * 86400
        assert asked.under_way(now) == Calendar(inventory).under_way(now)


def test_what_a_window_touches() -> None:
    line = {"carrier": "VNPT", "capacity": "20M"}
    ends = {"a": {"target": "nam-sach/router"}, "b": {"target": "an-lam/router"}}
    inventory = make_inventory(
        links={"one": {**ends, **line}, "two": {**ends, **line, "carrier": "Viettel"}},
        maintenance={
            "w": {
                "starts": "2026-12-05 22:00",
                "for": "2h",
                "reason": "x",
                "targets": ["nam-sach/codec"],
                "carriers": ["VNPT"],
            }
        },
    )
    (work,) = Calendar(inventory).under_way(unix("2026-12-05 22:00"))
    assert work.scope == Scope(targets=frozenset({("nam-sach", "codec")}), links=frozenset({"one"}))


def work(**scope: Any) -> Work:
    return Work("w", "Thay thiết bị", 1000.0, 2000.0, Scope(**scope))


def chain() -> Watch:
    network = Network(parents=[0, 1], links=[], inside=[0, 1, 0])
    watched = Watch(network, slots(network, [0.2, 0.9, 0.5, 0.7], [5.0]))
    watched.run(30)
    return watched


def test_a_site_in_maintenance_is_neither_up_nor_down_and_nobody_is_to_blame() -> None:
    watched = chain()
    table = watched.table
    table.work_on([work(sites=frozenset({"s1"}))], watched.now)
    assert table.sites["s1"].state is State.MAINTENANCE
    assert table.sites["s1"].since == 1000.0
    watched.network = replace(watched.network, cut={"s1-uplink"})
    watched.run(60)
    assert [table.sites[f"s{n}"].state for n in range(3)] == [
        State.UP,
        State.MAINTENANCE,
        State.UNREACHABLE,
    ]
    (fault,) = open_faults(table)
    assert (str(fault.root), fault.state, fault.sites) == (
        "link:s1-uplink",
        State.MAINTENANCE,
        1,
    )
    # When the work takes longer than planned, it is a fault like any other.
    table.work_on([], watched.now)
    assert table.sites["s1"].state is State.DOWN
    (fault,) = open_faults(table)
    assert (fault.state, fault.sites) == (State.DOWN, 2)


def test_work_on_a_line_excuses_what_it_silences() -> None:
    watched = chain()
    table = watched.table
    table.work_on([work(links=frozenset({"s1-uplink"}))], watched.now)
    assert table.sites["s1"].state is State.UP
    watched.network = replace(watched.network, cut={"s1-uplink"})
    watched.run(60)
    assert [table.sites[f"s{n}"].state for n in (1, 2)] == [State.UNREACHABLE] * 2
    (fault,) = open_faults(table)
    assert fault.state is State.MAINTENANCE
    table.work_on([], watched.now)
    assert table.targets[router(1)].state is State.DOWN


def test_one_target_in_maintenance_does_not_count() -> None:
    watched = chain()
    table = watched.table
    table.work_on([work(targets=frozenset({("s1", "codec-0")}))], watched.now)
    watched.network = replace(watched.network, dead={("s1", "codec-0")})
    watched.run(60)
    assert table.targets["s1", "codec-0"].state is State.MAINTENANCE
    assert table.sites["s1"].state is State.UP

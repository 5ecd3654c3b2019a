"""Turns: with too few for all, each check is measured again and again."""

from __future__ import annotations

import heapq
from collections import Counter

import pytest

from netwatch.core.check import Check
from netwatch.core.clock import phase
from netwatch.probes.turns import Turns
from tests.harness.builders import make_check
from tests.harness.virtual_time import VirtualTime


def checks(number: int, interval: float, timeout: float, name: str = "s") -> list[Check]:
    """So many checks."""
    sites = (f"{name}{each}" for each in range(number))
    return [make_check(site=site, interval=interval, timeout=timeout) for site in sites]


def play(turns: Turns, time: VirtualTime, wanted: list[Check], seconds: float) -> Counter[str]:
    """How often each check had a turn, which it held until its timeout."""
    had: Counter[str] = Counter({check.id: 0 for check in wanted})
    began = time.monotonic
    due = [(began + phase(check.id, check.interval), check.id, check) for check in wanted]
    heapq.heapify(due)
    ends: list[float] = []
    while due[0][0] < began + seconds:
        time.monotonic, _, check = due[0]
        heapq.heapreplace(due, (time.monotonic + check.interval, check.id, check))
        while ends and ends[0] <= time.monotonic:
            heapq.heappop(ends)
            turns.give_back()
        if turns.take(check, time.monotonic):
            had[check.id] += 1
            heapq.heappush(ends, time.monotonic + check.timeout)
    for _ in ends:
        turns.give_back()
    return had


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> VirtualTime:
    virtual = VirtualTime()
    monkeypatch.setattr("netwatch.probes.turns.time.monotonic", lambda: virtual.monotonic)
    return virtual


@pytest.mark.parametrize("share", [0.3, 0.5, 0.99])
def test_nobody_loses_more_often_than_the_want_of_turns_makes_it(
    time: VirtualTime, share: float
) -> None:
    """300 checks, of which 16 may be under way."""
    wanted, rounds = checks(300, 30.0, 30.0 * share), 200
    had = play(Turns(lambda: 16), time, wanted, 30.0 * rounds)
    fair = 16 * rounds / share / len(wanted)
    assert min(had.values()) >= 0.5 * fair
    assert max(had.values()) <= 2 * fair


def test_seldom_ones_have_theirs_among_frequent_ones_and_hold_up_none(time: VirtualTime) -> None:
    often, seldom = checks(40, 1.0, 0.9), checks(40, 600.0, 5.0, "seldom")
    had = play(Turns(lambda: 20), time, often + seldom, 6000.0)
    assert min(had[check.id] for check in seldom) >= 5
    assert min(had[check.id] for check in often) >= 1500


def test_who_is_gone_holds_up_nobody(time: VirtualTime) -> None:
    turns, gone, stay = Turns(lambda: 8), checks(50, 600.0, 300.0, "gone"), checks(8, 10.0, 9.0)
    play(turns, time, gone, 600.0)
    turns.keep({check.id for check in stay})
    assert set(play(turns, time, stay, 100.0).values()) == {10}


def test_who_does_not_come_again_is_forgotten(time: VirtualTime) -> None:
    turns, gone, stay = Turns(lambda: 8), checks(50, 10.0, 9.0, "gone"), checks(20, 10.0, 9.0)
    play(turns, time, gone, 10.0)
    play(turns, time, stay, 50.0)
    assert turns._refused.keys() <= {check.id for check in stay}


def test_more_turns_are_taken_as_soon_as_they_are_allowed(time: VirtualTime) -> None:
    allowed = [1]
    turns = Turns(lambda: allowed[0])
    first, second, third = checks(3, 10.0, 1.0)
    assert [turns.take(check, time.monotonic) for check in (first, second)] == [True, False]
    allowed[0] = 3
    assert turns.take(second, time.monotonic)
    assert turns.take(third, time.monotonic)

from __future__ import annotations

import asyncio
import time
from collections import Counter, defaultdict
from dataclasses import replace
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netwatch.core.check import Check
from netwatch.core.clock import SlotClock, phase
from netwatch.schedule import LATE_AFTER, TICK_INTERVALS, Round, Schedule
from tests.harness.builders import make_check
from tests.harness.virtual_time import VirtualTime

pytestmark = pytest.mark.slow


class Recorder:
    """A probe and a slot account in one: writes down what it is told."""

    def __init__(self) -> None:
        self.due: list[tuple[str, float]] = []
        self.outcomes: Counter[str] = Counter()

    async def open(self) -> None: ...

    async def close(self) -> None: ...

    def launch(self, check: Check, due: float) -> None:
        self.due.append((check.id, due))

    def launched(self, kind: str, slots: int, late: int, slip: float) -> None:
        assert slip >= 0
        assert 0 <= late <= slots
        self.outcomes["late"] += late
        self.outcomes["run"] += slots - late

    def skipped(self, kind: str, slots: int) -> None:
        self.outcomes["skipped"] += slots


def checks(count: int, interval: float) -> list[Check]:
    return [make_check(target=f"t{i}", interval=interval) for i in range(count)]


def run_round(round_: Round, seen: Recorder, times: list[float]) -> None:
    """Let time pass; the round is begun whenever a slot boundary was crossed."""
    for now in times:
        round_.begin(now, seen, seen)
        round_.advance(now, seen, seen)


def test_phases_are_flat_and_stable() -> None:
    phases = [phase(f"site-{i}/router/icmp", 60.0) for i in range(6000)]
    per_tenth = Counter(int(p // 6) for p in phases)
    assert all(500 < per_tenth[tenth] < 700 for tenth in range(10))
    assert phase("a/b/icmp", 60.0) == phase("a/b/icmp", 60.0)
    assert min(phases) >= 0
    assert max(phases) < 60


def test_an_undisturbed_round_launches_every_check_once_a_slot() -> None:
    clock, seen = SlotClock(), Recorder()
    members = checks(50, 5.0)
    start = clock.slot_start(5.0, 1000.0)
    run_round(Round("icmp", 5.0, members, clock), seen, [start + 0.02 * i for i in range(1, 1001)])
    per_check = Counter(check_id for check_id, _ in seen.due)
    # 20 s are four slots; the very first moments of the first one may have passed.
    assert set(per_check.values()) <= {3, 4}
    assert seen.outcomes["skipped"] == 0
    assert seen.outcomes["late"] == 0


@given(
    gaps=st.lists(st.floats(0.01, 40), min_size=1, max_size=60),
    count=st.integers(1, 20),
    interval=st.sampled_from([0.2, 1.0, 5.0, 7.3]),
)
def test_every_slot_is_launched_once_or_counted_as_skipped(
    gaps: list[float], count: int, interval: float
) -> None:
    clock, seen = SlotClock(), Recorder()
    now = clock.slot_start(interval, 1000.0)
    round_ = Round("icmp", interval, checks(count, interval), clock)
    times = [now]
    for gap in gaps:
        times.append(times[-1] + gap)
    run_round(round_, seen, times)
    assert len(seen.due) == len(set(seen.due)), "a slot was launched twice"
    assert seen.outcomes["run"] + seen.outcomes["late"] == len(seen.due)
    # All slots of all checks that were due between joining and the last look, no more, no fewer.
    due = sum(
        int((times[-1] - clock.slot_start(interval, now) - phase(c.id, interval)) // interval) + 1
        for c in checks(count, interval)
        if times[-1] - clock.slot_start(interval, now) >= phase(c.id, interval)
    )
    assert abs(due - seen.outcomes.total()) <= count


@given(stall=st.floats(2.6, 30.0))
def test_a_stalled_loop_skips_and_counts_but_never_catches_up(stall: float) -> None:
    clock, seen = SlotClock(), Recorder()
    start = clock.slot_start(5.0, 1000.0)
    round_ = Round("icmp", 5.0, checks(100, 5.0), clock)
    run_round(round_, seen, [start, start + stall])
    assert all(start + stall - due <= 2.5 for _, due in seen.due)
    assert seen.outcomes["skipped"] > 0


@given(
    count=st.integers(1, 5000),
    interval=st.sampled_from([0.2, 1.0, 5.0, 7.3, 86400.0]),
    ahead=st.floats(-1, 1),
)
def test_what_is_due_waits_for_the_end_of_a_tick_but_is_never_late(
    count: int, interval: float, ahead: float
) -> None:
    clock, now = SlotClock(), 1000.0
    due = now + ahead
    round_ = Round("icmp", interval, checks(count, interval), clock)
    woken = round_.wake_up(due, now)
    assert max(due, now) <= woken <= max(due, now) + round_.tick + 1e-6
    assert round_.tick < LATE_AFTER * interval
    if interval >= 1:
        beat = clock.next_start(TICK_INTERVALS[-1], now)
        waits = (beat - woken) / round_.tick
        assert abs(waits - round(waits)) < 1e-3, "the beat is at the end of a tick, too"


async def test_a_running_schedule_keeps_the_rhythm_over_a_reload() -> None:
    seen = Recorder()
    schedule = Schedule({"icmp": seen}, seen)
    members = checks(20, 0.5)
    schedule.start(members)
    for _ in range(5):
        await asyncio.sleep(0.31)
        schedule.replace(members)
    ended = time.monotonic()
    schedule.stop()
    assert len(seen.due) == len(set(seen.due)), "a slot was launched twice over a reload"
    for check in members:
        own = sorted(due for check_id, due in seen.due if check_id == check.id)
        gaps = [later - earlier for earlier, later in pairwise(own)]
        skipped = seen.outcomes["skipped"]
        assert skipped or all(abs(gap - 0.5) < 0.001 for gap in gaps), gaps
        assert skipped or ended - own[-1] < 1.0, "a whole slot is missing"


async def test_realigning_loses_no_slot() -> None:
    seen = Recorder()
    schedule = Schedule({"icmp": seen}, seen)
    schedule.start(checks(10, 0.4))
    for _ in range(6):
        await asyncio.sleep(0.2)
        schedule.realign()
    await asyncio.sleep(0.2)
    schedule.stop()
    assert len(seen.due) == len(set(seen.due))
    assert len(seen.due) + seen.outcomes["skipped"] >= 20


async def test_a_check_is_launched_at_once_when_somebody_needs_to_know() -> None:
    seen = Recorder()
    schedule = Schedule({"icmp": seen}, seen)
    (check,) = checks(1, 3600.0)
    schedule.measure_now(check)  # not started: nothing happens
    schedule.start([check])
    before = time.monotonic()
    schedule.measure_now(check)
    assert seen.due == []  # never from within the report that asks for it
    await asyncio.sleep(0)
    assert [id_ for id_, _ in seen.due] == [check.id]
    assert before <= seen.due[0][1] <= time.monotonic()
    assert seen.outcomes == {}  # no slot of its own
    schedule.stop()
    schedule.measure_now(check)
    await asyncio.sleep(0)
    assert len(seen.due) == 1


async def test_a_round_that_runs_on_into_its_next_slot_runs_once() -> None:
    seen = Recorder()
    schedule = Schedule({"icmp": seen}, seen)
    schedule.start(checks(50, 0.4))
    await asyncio.sleep(1.5)
    tasks = [task for task in asyncio.all_tasks() if "Schedule._run" in repr(task.get_coro())]
    schedule.stop()
    assert len(tasks) <= 1
    assert len(seen.due) == len(set(seen.due))


RELOADS = 200


@pytest.mark.parametrize("interval", [1.0, 5.0])
@pytest.mark.parametrize("pause", [0.0, 0.03])
def test_two_hundred_reloads_cost_no_slot(
    monkeypatch: pytest.MonkeyPatch, interval: float, pause: float
) -> None:
    """One a second, at any moment of a slot; each holds the loop for a ``pause`` of seconds."""
    seen, time_, chance = Recorder(), VirtualTime(), Random(13)  # noqa: S311 (no secret)
    time_.rule(monkeypatch)
    members = checks(602, interval)

    async def reload() -> None:
        schedule = Schedule({"icmp": seen}, seen)
        schedule.start(members)
        await asyncio.sleep(interval)
        for number in range(RELOADS):
            await asyncio.sleep(chance.uniform(0.0, 1.0) + (number % 7 == 0) * interval)
            to_boundary = (-time_.wall()) % interval
            if number % 3 == 0:  # just over the boundary, before the next slot was begun
                await asyncio.sleep(to_boundary - 0.001)
                time_.monotonic += 0.002
            time_.monotonic += pause
            schedule.replace([replace(check) for check in members])
        await asyncio.sleep(interval)
        schedule.stop()

    time_.run(reload())
    assert seen.outcomes["skipped"] == 0
    assert seen.outcomes["late"] == 0
    times: dict[str, list[float]] = defaultdict(list)
    for check_id, due in seen.due:
        times[check_id].append(due)
    gaps = {round(b - a, 3) for own in times.values() for a, b in pairwise(own)}
    assert len(times) == len(members)
    assert gaps == {interval}, "a slot is missing, or was launched twice"


def test_a_check_that_comes_with_a_reload_has_its_first_slot_in_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen, time_ = Recorder(), VirtualTime()
    time_.rule(monkeypatch)
    few, all_ = checks(1, 60.0), checks(50, 60.0)

    async def reload() -> None:
        schedule = Schedule({"icmp": seen}, seen)
        schedule.start(few)
        await asyncio.sleep(1.0)  # the only check's turn may be in a minute
        schedule.replace(all_)
        await asyncio.sleep(60.0)
        schedule.replace(few)
        await asyncio.sleep(120.0)
        schedule.stop()

    time_.run(reload())
    assert seen.outcomes["skipped"] == seen.outcomes["late"] == 0
    count = Counter(check_id for check_id, _ in seen.due)
    assert set(count.values()) <= {1, 2, 3, 4}
    assert len(count) == 50
    assert max(count.values()) == count[few[0].id]

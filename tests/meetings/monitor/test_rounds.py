"""Rounds of checks: one at a time, over when all is measured or the time is up."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta

from netwatch.core.check import Check
from netwatch.core.result import Outcome
from netwatch.meetings.monitor.monitored import MonitoredMeeting
from netwatch.meetings.monitor.rounds import RoundRunner
from netwatch.meetings.phases import Phase
from tests.harness.builders import make_check, make_inventory, make_result, make_states
from tests.harness.meetings import START, make_meeting

MEETING = make_meeting(endpoints=("nam-sach/router",))
CHECK = make_check(interval=60.0, timeout=0.1)
PREFLIGHT = START - timedelta(minutes=60)
ROUND = 1.1
"""Seconds of a round in which no check has to wait for another."""


class Rounds:
    """A runner, and what it launched."""

    def __init__(self) -> None:
        inventory = make_inventory()
        settings = inventory.preflight.model_copy(update={"within": ROUND, "every": ROUND})
        self.states = make_states(inventory, (CHECK,), time.monotonic())
        self.launched: list[Check] = []
        self.runner = RoundRunner(self.states, self.launched.append, settings, (CHECK,))
        self.meeting = MonitoredMeeting(MEETING, Phase.PREFLIGHT)
        self.now = PREFLIGHT

    async def begin(self, moment: float) -> None:
        self.runner.begin_if_due({MEETING.key: self.meeting}, self.now, moment)
        for task in asyncio.all_tasks():
            if task.get_name() == "preflight round":
                await task


async def test_a_round_is_over_when_everything_is_measured() -> None:
    rounds, begin = Rounds(), time.monotonic()
    await rounds.begin(begin)
    assert rounds.launched == [CHECK]
    assert rounds.runner.take_ended(begin) is None
    rounds.states.report(make_result(CHECK, Outcome.SUCCESS, time.monotonic()))
    ended = rounds.runner.take_ended(begin)
    assert ended is not None
    assert ended.ended is not None
    assert set(ended.meetings) == {MEETING.key}
    assert rounds.runner.take_ended(begin) is None


async def test_a_result_that_never_comes_ends_no_round_before_its_time() -> None:
    rounds = Rounds()
    await rounds.begin(time.monotonic())
    assert rounds.runner.take_ended(-1.0) is None
    ended = rounds.runner.take_ended(time.monotonic() + ROUND)
    assert ended is not None
    assert ended.ended is None


async def test_no_round_begins_while_one_runs() -> None:
    rounds = Rounds()
    await rounds.begin(time.monotonic())
    rounds.now = START - timedelta(minutes=10)
    await rounds.begin(time.monotonic() + 60.0)
    assert rounds.launched == [CHECK]


async def test_a_preflight_is_begun_once() -> None:
    rounds, begin = Rounds(), time.monotonic()
    await rounds.begin(begin)
    assert rounds.meeting.preflight_began == 3600.0
    rounds.runner.take_ended(begin + 60.0)
    await rounds.begin(begin + 120.0)
    assert rounds.launched == [CHECK]
    rounds.now = START - timedelta(minutes=30)
    await rounds.begin(begin + 180.0)
    assert rounds.launched == [CHECK, CHECK]


async def test_a_result_of_before_the_round_does_not_count() -> None:
    rounds, begin = Rounds(), time.monotonic()
    rounds.states.report(make_result(CHECK, Outcome.SUCCESS, begin))
    await rounds.begin(begin)
    assert rounds.runner.take_ended(begin) is None
    rounds.states.report(make_result(CHECK, Outcome.SUCCESS, time.monotonic()))
    assert rounds.runner.take_ended(begin) is not None

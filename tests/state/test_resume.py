"""A daemon that is started anew goes on where the former run ended, and claims no more."""

from __future__ import annotations

import pytest

from netwatch.core.result import Outcome
from netwatch.core.state import State
from netwatch.state.attachment import Key
from netwatch.state.graph import Graph
from netwatch.state.restored import RestoredState, RestoredStates
from netwatch.state.resume import resume
from netwatch.state.table import StateTable
from netwatch.state.transition import StateChange
from tests.harness.builders import make_checks, make_inventory, make_result, make_states

STOPPED = 1_000_000.0
"""Unix time at which the former run ended."""

CORE: Key = ("hd-dc", "core")
ROUTER: Key = ("nam-sach", "router")
CODEC: Key = ("nam-sach", "codec")
COMMUNE: Key = ("an-lam", "router")
FAULT = "target:nam-sach/router"


class Run:
    """A table that remembers a district that was down since long, and what was behind it."""

    def __init__(self, away: float) -> None:
        self.now = 500.0
        inventory = make_inventory()
        self.checks = make_checks(inventory)
        self.changes: list[StateChange] = []
        self.table = make_states(
            inventory, self.checks, self.now, Graph(inventory, "hd-dc"), listener=self
        )
        places = {
            ("hd-dc", ""): restored(State.UP),
            CORE: restored(State.UP),
            ("nam-sach", ""): restored(State.DOWN, FAULT),
            ROUTER: restored(State.DOWN, FAULT),
            CODEC: restored(State.UNREACHABLE, FAULT),
            COMMUNE: restored(State.UNREACHABLE, FAULT),
        }
        resume(self.table, RestoredStates(STOPPED, places), self.now, STOPPED + away)

    def state_changed(self, change: StateChange, states: StateTable) -> None:
        assert states is self.table
        self.changes.append(change)

    def rounds(self, count: int, *failing: Key) -> None:
        for _ in range(count):
            self.now += 5.0
            for check in self.checks:
                bad = (check.site, check.target) in failing
                outcome = Outcome.FAILURE if bad else Outcome.SUCCESS
                self.table.report(make_result(check, outcome, self.now))
            self.table.tick(self.now)

    def states(self) -> list[State]:
        return [self.table.targets[key].state for key in (CORE, ROUTER, CODEC, COMMUNE)]


def restored(state: State, root: str = "") -> RestoredState:
    return RestoredState(state, STOPPED - 7200.0, root)


BEFORE = [State.UP, State.DOWN, State.UNREACHABLE, State.UNREACHABLE]


def test_after_a_short_absence_everything_is_as_it_was() -> None:
    run = Run(away=3.0)
    assert run.states() == BEFORE
    assert {run.table.targets[key].since for key in (CORE, ROUTER, CODEC)} == {STOPPED - 7200.0}
    assert run.table.sites["nam-sach"].state is State.DOWN
    assert run.table.sites["nam-sach"].since == STOPPED - 7200.0
    assert str(run.table.sites["an-lam"].root) == FAULT
    changes = len(run.changes)
    run.rounds(10, ROUTER, CODEC, COMMUNE)
    assert run.states() == BEFORE
    assert len(run.changes) == changes  # nothing was news


def test_what_comes_back_needs_as_many_good_results_as_ever() -> None:
    run = Run(away=3.0)
    run.rounds(1)
    assert run.states() == BEFORE
    run.rounds(1)
    assert set(run.states()) == {State.UP}


def test_what_fails_anew_needs_as_many_bad_results_as_ever() -> None:
    run = Run(away=3.0)
    run.rounds(2, CORE, ROUTER, CODEC, COMMUNE)
    assert run.states() == BEFORE
    run.rounds(1, CORE, ROUTER, CODEC, COMMUNE)
    assert run.states()[0] is State.DOWN


def test_what_is_not_measured_again_is_unknown_in_time() -> None:
    run = Run(away=3.0)
    run.table.tick(run.now + 12.9)  # three intervals and a timeout since the former run
    assert run.states() == BEFORE
    run.table.tick(run.now + 13.1)
    assert set(run.states()) == {State.UNKNOWN}


def test_after_a_longer_absence_nothing_is_known_but_an_outage_is_the_same_one() -> None:
    run = Run(away=600.0)
    assert set(run.states()) == {State.UNKNOWN}
    run.rounds(3, ROUTER, CODEC, COMMUNE)
    assert run.states() == BEFORE
    assert run.table.targets[ROUTER].since == STOPPED - 7200.0
    assert run.table.sites["nam-sach"].since == STOPPED - 7200.0


def test_after_a_long_absence_an_outage_is_a_new_one() -> None:
    run = Run(away=7200.0)
    run.rounds(3, ROUTER, CODEC, COMMUNE)
    assert run.table.targets[ROUTER].since != STOPPED - 7200.0


@pytest.mark.parametrize("away", [-50.0, 3.0, 600.0, 7200.0])
def test_counters_begin_at_0_whatever_the_journal_and_the_clock_say(away: float) -> None:
    run = Run(away)
    seconds = run.table.sites["nam-sach"].seconds_by_state(run.now)
    assert set(seconds.values()) == {0.0}
    assert sum(run.table.sites["nam-sach"].seconds_by_state(run.now + 9.0).values()) == 9.0


def test_a_clock_that_was_set_back_makes_nothing_up() -> None:
    assert set(Run(away=-50.0).states()) == {State.UNKNOWN}


def test_a_degraded_target_is_given_time_to_show_why() -> None:
    run = Run(away=3.0)
    table = run.table
    state = restored(State.DEGRADED)
    table.targets[CORE].forget()
    table.targets[CORE].resume(state, 3.0, run.now)
    table.resume([CORE], {}, run.now)
    run.rounds(2, ROUTER, CODEC, COMMUNE)
    assert run.states()[0] is State.DEGRADED
    run.rounds(3, ROUTER, CODEC, COMMUNE)
    assert run.states()[0] is State.UP

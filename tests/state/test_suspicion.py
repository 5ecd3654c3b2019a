"""From the first late echo to one cause, in virtual time."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from math import inf

import pytest

from netwatch.core.check import Check, InterfaceCheck
from netwatch.core.state import State
from netwatch.state.faults import open_faults
from netwatch.state.table import StateListener
from tests.harness.builders import make_check
from tests.harness.failing_network import Key, Network, Watch, router, slots

DISTRICT = Network(
    parents=[0, 1, 1, 1, 1, 1, 1],
    links=[],
    inside=[1, 2, 1, 1, 1, 1, 1, 1],
    canaries=("s0/codec-0",),
)
"""A data centre, a district with two devices, and six communes behind it."""

CUT = {"s1-uplink"}

GONE = {State.DOWN, State.UNREACHABLE}


POLL = make_check("snmp", site="s0", target="router", interval=60.0)
"""Of the near end of the district's line."""


def calm(
    network: Network = DISTRICT,
    seed: int = 1,
    *,
    polled: bool = False,
    besides: Check | None = None,
    listener: StateListener | None = None,
) -> Watch:
    chance = random.Random(seed)  # noqa: S311
    targets = list(network.keys())
    phases = [chance.random() for _ in targets]
    intervals = [5.0 if key[1] == "router" else 10.0 for key in targets]
    checks = slots(network, phases, intervals) + ([(POLL, 30.0)] if polled else [])
    checks += [] if besides is None else [(besides, 3.0)]
    watched = Watch(network, checks, by_rows=True, listener=listener)
    watched.set_down_after(5)
    watched.run(200 + chance.random() * 10)
    assert set(watched.states().values()) == {State.UP}
    return watched


def troubled_sites(watched: Watch) -> set[str]:
    """Sites that are shown with a fault of their own."""
    own = {State.DEGRADED, State.DOWN}
    return {id_ for id_, site in watched.table.sites.items() if site.state in own}


@pytest.mark.parametrize("seed", range(8))
def test_a_cut_is_one_cause_within_ten_seconds_and_never_a_fault_of_another(seed: int) -> None:
    watched = calm(seed=seed)
    watched.network = replace(DISTRICT, cut=CUT)
    began = watched.now
    named = whole = inf

    def look() -> None:
        nonlocal named, whole
        assert troubled_sites(watched) <= {"s1"}
        assert len(watched.table.suspected()) <= 1
        assert set(watched.roots().values()) <= {"link:s1-uplink"}
        if watched.roots():
            named = min(named, watched.now - began)
            assert [fault.sites for fault in open_faults(watched.table)] == [7]
        behind = [site.state for id_, site in watched.table.sites.items() if id_ != "s0"]
        if set(behind) <= GONE:
            whole = min(whole, watched.now - began)

    watched.run(20, look)
    assert named <= 10
    assert whole <= 12
    assert watched.table.sites["s1"].state is State.DOWN


@pytest.mark.parametrize("seed", range(8))
def test_the_near_end_s_word_that_the_line_has_gone_is_proof_at_once(seed: int) -> None:
    watched = calm(seed=seed, polled=True)
    watched.asked.clear()
    watched.network = replace(DISTRICT, cut=CUT)
    while not watched.asked:
        watched.run(0.1)
    suspected = watched.now
    while not watched.roots():
        watched.run(0.1)
    assert set(watched.roots().values()) == {"link:s1-uplink"}
    assert watched.now - suspected <= 1.0
    (told,) = [check for check in watched.questions if check.kind == "snmp"]
    assert isinstance(told, InterfaceCheck)
    assert told.interface == "to-s1"


def test_a_near_end_that_has_said_so_all_along_proves_nothing() -> None:
    """The inventory names a wrong interface: that it is down is no news of this silence."""
    watched = calm(polled=True)
    watched.reported_cut = CUT
    watched.run(130)
    assert watched.states()[router(1)] is State.UP
    watched.network = replace(DISTRICT, cut=CUT)
    watched.run(5.0, lambda: _nobody(watched.roots()))
    watched.run(7.0)
    assert set(watched.roots().values()) == {"link:s1-uplink"}


def test_the_suspicion_is_shown_as_one_entry_before_it_is_certain() -> None:
    watched = calm()
    watched.network = replace(DISTRICT, cut=CUT)
    seen: list[tuple[str, int]] = []

    def look() -> None:
        if not watched.roots():
            seen.extend((str(each.root), each.sites) for each in watched.table.suspected())

    watched.run(20, look)
    assert set(seen) == {("link:s1-uplink", 7)}
    assert watched.table.suspected() == []


def test_what_comes_back_is_up_within_ten_seconds() -> None:
    watched = calm()
    watched.network = replace(DISTRICT, cut=CUT)
    watched.run(60)
    watched.network = DISTRICT
    watched.run(10, lambda: _nobody(troubled_sites(watched) - {"s1"}))
    assert {site.state for site in watched.table.sites.values()} == {State.UP}


def test_a_short_silence_is_no_outage_and_degrades_nothing() -> None:
    watched = calm()
    watched.network = replace(DISTRICT, cut=CUT)
    watched.run(3.0)
    watched.network = DISTRICT
    watched.run(60, lambda: _nobody(watched.roots()))
    assert set(watched.states().values()) <= {State.UP, State.DEGRADED}
    assert watched.table.suspected() == []


def test_a_router_that_answers_no_more_but_forwards_cuts_nothing_off() -> None:
    watched = calm()
    watched.network = replace(DISTRICT, mute={router(1)})
    watched.run(15, lambda: _nobody(watched.roots()))
    watched.run(60)
    assert watched.roots() == {router(1): "target:s1/router"}
    assert watched.table.sites["s2"].state is State.UP


def lossy(watched: Watch, loses: Callable[[Key, float], bool], seconds: float) -> int:
    """Let a line lose echoes; returns how many were asked for beyond the slots."""
    watched.loses = loses
    watched.asked.clear()
    watched.run(seconds, lambda: _nobody(watched.roots()))
    return sum(watched.asked.values())


def test_five_percent_loss_is_never_down_and_costs_a_tenth_more() -> None:
    watched = calm()
    chance = random.Random(3)  # noqa: S311
    asked = lossy(watched, lambda _key, _due: chance.random() < 0.05, 2000)
    assert asked <= 0.1 * 2000 * (8 / 5 + 9 / 10)


def test_a_line_that_drops_every_other_echo_is_not_down() -> None:
    watched = calm()
    turn: dict[Key, int] = {}

    def every_other(key: Key, _due: float) -> bool:
        turn[key] = turn.get(key, 0) + 1
        return turn[key] % 2 == 0

    lossy(watched, every_other, 300)


def test_a_target_that_answers_only_when_asked_twice_is_not_down() -> None:
    watched = calm()
    last: dict[Key, float] = {}

    def only_twice(key: Key, due: float) -> bool:
        before, last[key] = last.get(key, -inf), due
        return due - before > 1.0

    lossy(watched, only_twice, 300)


def test_a_canary_lost_at_the_same_moment_delays_and_blames_nobody_else() -> None:
    watched = calm()
    watched.network = replace(DISTRICT, cut=CUT)
    gone = watched.now + 12
    watched.loses = lambda key, due: key == ("s0", "codec-0") and due < gone
    watched.run(60)
    assert set(watched.roots().values()) == {"link:s1-uplink"}


def test_three_hundred_lines_that_flap_at_once_are_asked_within_the_budget() -> None:
    network = Network(parents=[0] * 250, links=[], inside=[1] + [0] * 250, canaries=("s0/codec-0",))
    watched = calm(network)
    watched.asked.clear()
    lines = set(network.lines())
    for _ in range(3):
        watched.network = replace(network, cut=lines)
        watched.run(2.0)
        watched.network = network
        watched.run(2.0)
    assert sum(watched.asked.values()) <= 400 + 12 * 200 + 12 * 100 + 50


def test_the_old_rule_is_there_for_who_wants_it() -> None:
    watched = calm()
    for target in watched.table.targets.values():
        target.check_class = target.check_class.model_copy(update={"confirm_losses": 0})
    watched.network = replace(DISTRICT, cut=CUT)
    watched.run(8, lambda: _nobody(watched.roots()))
    assert watched.table.suspected() == []
    watched.run(40)
    assert set(watched.roots().values()) == {"link:s1-uplink"}


@pytest.mark.parametrize("after", [0.5, 2.0, 5.0])
def test_a_reload_in_the_middle_keeps_the_suspicion(after: float) -> None:
    watched = calm()
    watched.network = replace(DISTRICT, cut=CUT)
    watched.run(after)
    watched.reload()
    watched.run(12 - after)
    assert set(watched.roots().values()) == {"link:s1-uplink"}
    assert watched.table.sites["s1"].state is State.DOWN


def _nobody(blamed: object) -> None:
    assert not blamed, blamed


def test_a_failure_after_a_restart_counts_though_its_row_is_of_the_former_run() -> None:
    watched = calm()
    primary = watched.table.target("s1/router").primary
    assert primary is not None
    primary.hysteresis.resume(hard=False, began=0.0)
    primary.failing_since = watched.now
    watched.network = replace(DISTRICT, dead={router(1)})
    watched.run(20)
    assert watched.states()[router(1)] is State.DOWN


def test_a_blind_time_in_the_middle_leaves_no_suspicion_and_blames_nobody() -> None:
    watched = calm()
    watched.network = replace(DISTRICT, cut=CUT)
    watched.run(3.0)
    watched.network = replace(DISTRICT, dead={router(0), ("s0", "codec-0")}, cut=CUT)
    watched.run(60, lambda: _nobody(watched.roots()))
    assert watched.table.suspected() == []
    watched.network = replace(DISTRICT, cut=CUT)
    watched.run(60)
    watched.network = DISTRICT
    watched.run(60)
    assert {site.state for site in watched.table.sites.values()} == {State.UP}


def test_a_router_that_limits_its_answers_is_not_down() -> None:
    """Only the first echo of each second is answered, whoever it is for."""
    watched = calm()
    last: dict[str, float] = {}

    def beyond_its_rate(key: Key, due: float) -> bool:
        if due - last.get(key[0], -inf) < 1.0:
            return True
        last[key[0]] = due
        return False

    lossy(watched, beyond_its_rate, 300)


@pytest.mark.parametrize("seed", range(4))
def test_the_last_question_need_not_time_out(seed: int) -> None:
    """That it is late is enough, with all before it lost: to wait for it would cost a second."""
    watched = calm(seed=seed)
    watched.network = replace(DISTRICT, cut=CUT)
    asked, last = 0, watched.now
    while not watched.roots():
        watched.run(0.05)
        if watched.asked[router(1)] != asked:
            asked, last = watched.asked[router(1)], watched.now
    assert asked >= 7
    assert watched.now - last < 0.8


def test_a_trap_names_the_cut_within_two_seconds() -> None:
    """It has its sender polled at once, and then what stands at the far end asked."""
    watched = calm(polled=True)
    watched.network = replace(DISTRICT, cut=CUT)
    began = watched.now
    watched.poll_now(POLL)
    while not watched.roots():
        watched.run(0.05)
    assert set(watched.roots().values()) == {"link:s1-uplink"}
    assert watched.now - began <= 2.0


def test_the_word_of_a_wrong_interface_and_one_late_echo_prove_nothing() -> None:
    """The near end is busy with what happened to another line, and so answers late once."""
    watched = calm(polled=True)
    watched.reported_cut = CUT
    late_until = watched.now + 0.5
    watched.round_trip = lambda key, due: 0.6 if key == router(1) and due < late_until else 0.01
    watched.poll_now(POLL)
    watched.run(30, lambda: _nobody(watched.roots()))


@pytest.mark.parametrize("queue", [0.3, 0.7, 0.95])
def test_a_queue_that_delays_every_echo_is_no_silence(queue: float) -> None:
    watched = calm()
    watched.round_trip = lambda _key, _due: queue
    lossy(watched, lambda _key, _due: False, 120)
    assert set(watched.states().values()) <= {State.UP, State.DEGRADED}

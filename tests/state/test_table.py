from __future__ import annotations

from collections.abc import Set as AbstractSet

import pytest

from netwatch.core.check import Check
from netwatch.core.result import Outcome, Reason
from netwatch.core.state import State
from netwatch.inventory.model import Inventory
from netwatch.objectives import ratio
from netwatch.state.cause import BeyondLimit, FailedProbe, Figure
from tests.harness.builders import make_check, make_checks, make_inventory, make_result, make_states

OK, LOST, INVALID = Outcome.SUCCESS, Outcome.FAILURE, Outcome.INVALID


class World:
    """A state table and the time that passes for it."""

    def __init__(self, inventory: Inventory, checks: list[Check] | None = None) -> None:
        self.now = 0.0
        self.checks = checks or make_checks(inventory)
        self.table = make_states(inventory, self.checks, self.now)

    def round(self, failing: AbstractSet[str] = frozenset(), outcome: Outcome = LOST) -> None:
        """One slot of every check; ``failing`` names sites or ``site/target``."""
        self.now += 5.0
        for check in self.checks:
            place = f"{check.site}/{check.target}"
            bad = check.site in failing or place in failing or f"{place}/{check.probe}" in failing
            self.table.report(make_result(check, outcome if bad else OK, self.now))

    def states(self) -> dict[str, State]:
        return {site_id: site.state for site_id, site in self.table.sites.items()}


@pytest.fixture
def world() -> World:
    return World(make_inventory())


@pytest.fixture
def guarded() -> World:
    return World(make_inventory(canaries=["hd-dc/core"]))


def test_everything_is_unknown_before_it_is_measured(world: World) -> None:
    assert set(world.states().values()) == {State.UNKNOWN}


def test_a_site_is_up_after_the_first_answers(world: World) -> None:
    world.round()
    assert set(world.states().values()) == {State.UP}


def test_a_site_is_down_only_after_three_losses(world: World) -> None:
    world.round()
    world.round({"an-lam"})
    world.round({"an-lam"})
    assert world.states()["an-lam"] is State.UP
    world.round({"an-lam"})
    assert world.states()["an-lam"] is State.DOWN
    assert world.states()["nam-sach"] is State.UP
    assert world.table.targets["an-lam", "router"].cause == FailedProbe("icmp", Reason.TIMEOUT)


def test_one_silent_target_of_two_degrades_its_site(world: World) -> None:
    world.round()
    for _ in range(3):
        world.round({"nam-sach/codec"})
    assert world.states()["nam-sach"] is State.DEGRADED
    assert world.table.targets["nam-sach", "codec"].state is State.DOWN


def test_a_site_comes_back_after_two_answers(world: World) -> None:
    world.round()
    for _ in range(3):
        world.round({"an-lam"})
    world.round()
    assert world.states()["an-lam"] is State.DOWN
    world.round()
    assert world.states()["an-lam"] is State.UP


def test_what_was_not_measured_changes_nothing(world: World) -> None:
    world.round()
    for _ in range(10):
        world.round({"an-lam"}, outcome=INVALID)
        world.table.tick(world.now)
    # Three intervals without a valid result: no longer up, and never down.
    assert world.states()["an-lam"] is State.UNKNOWN


def test_a_check_without_results_expires(world: World) -> None:
    world.round()
    assert world.table.tick(world.now + 16) == []
    expired = world.table.tick(world.now + 16.1)
    assert len(expired) == len(world.checks)
    assert set(world.states().values()) == {State.UNKNOWN}


def test_a_failed_further_check_degrades_and_never_downs() -> None:
    inventory = make_inventory()
    checks = [
        *make_checks(inventory),
        make_check("snmp", site="an-lam"),
    ]
    world = World(inventory, checks)
    world.round()
    for _ in range(5):
        world.round({"an-lam/router/snmp"})
    assert world.states()["an-lam"] is State.DEGRADED
    assert world.table.targets["an-lam", "router"].cause == FailedProbe("snmp", Reason.TIMEOUT)


def test_loss_beyond_the_limit_degrades(world: World) -> None:
    for turn in range(60):
        world.round({"an-lam"} if turn % 10 == 0 else set())
    assert world.states()["an-lam"] is State.DEGRADED
    assert world.table.targets["an-lam", "router"].cause == BeyondLimit(Figure.LOSS, 0.1)


def test_an_outage_does_not_count_as_loss_of_the_restored_line(world: World) -> None:
    for _ in range(30):
        world.round()
    for _ in range(30):
        world.round({"an-lam"})
    for _ in range(30):
        world.round()
    assert world.states()["an-lam"] is State.UP


def test_a_blind_collector_calls_nothing_down(guarded: World) -> None:
    everything = set(guarded.table.sites)
    guarded.round()
    for _ in range(10):
        guarded.round(everything)
        assert State.DOWN not in guarded.states().values()
    assert guarded.table.vantage.ok is False
    assert set(guarded.states().values()) == {State.UNKNOWN}
    guarded.round()
    assert guarded.table.vantage.ok is True
    assert set(guarded.states().values()) == {State.UP}


def test_with_a_seeing_canary_a_province_wide_cut_is_down(guarded: World) -> None:
    guarded.round()
    for _ in range(3):
        guarded.round({"nam-sach", "an-lam"})
    assert guarded.table.vantage.ok is True
    assert guarded.states()["nam-sach"] is State.DOWN
    assert guarded.states()["an-lam"] is State.UNREACHABLE


def test_the_vantage_is_not_judged_without_canaries(world: World) -> None:
    world.round()
    assert world.table.vantage.ok is None


def test_seconds_by_state_add_up_to_the_time_that_passed(world: World) -> None:
    world.round()
    for _ in range(5):
        world.round({"an-lam"})
    world.round()
    world.round()
    seconds = world.table.sites["an-lam"].seconds_by_state(world.now + 2.5)
    assert sum(seconds.values()) == pytest.approx(world.now + 2.5)
    # Hard down from the third loss to the second answer: 4 rounds of 5 s.
    assert seconds[State.DOWN] == pytest.approx(20.0)
    assert seconds[State.UNKNOWN] == pytest.approx(5.0)


def test_a_reload_keeps_what_is_in_both(world: World) -> None:
    world.round()
    for _ in range(3):
        world.round({"an-lam"})
    since = world.table.sites["an-lam"].since
    sites = make_inventory().model_dump(mode="json", by_alias=True)["sites"]
    del sites["nam-sach"]["targets"]["codec"]
    inventory = make_inventory(sites=sites)
    world.table.replace(inventory, make_checks(inventory), world.now)
    assert world.states()["an-lam"] is State.DOWN
    assert world.table.sites["an-lam"].since == since
    assert ("nam-sach", "codec") not in world.table.targets


def test_a_moved_target_starts_as_unknown(world: World) -> None:
    world.round()
    sites = make_inventory().model_dump(mode="json", by_alias=True)["sites"]
    sites["an-lam"]["targets"]["router"]["address"] = "127.9.9.9"
    inventory = make_inventory(sites=sites)
    world.table.replace(inventory, make_checks(inventory), world.now)
    assert world.states()["an-lam"] is State.UNKNOWN


def test_an_objective_counts_only_what_was_measured(world: World) -> None:
    inventory = make_inventory()
    objective = inventory.objectives["wan"]
    assert ratio(objective, inventory, world.table) is None
    world.round()
    assert ratio(objective, inventory, world.table) == 1.0
    for _ in range(3):
        world.round({"an-lam"})
    assert ratio(objective, inventory, world.table) == 0.5


def test_what_fails_because_the_target_is_silent_does_not_degrade_it_when_it_is_back() -> None:
    """A poll a minute needs minutes to be sure, of failing and of answering."""
    inventory = make_inventory()
    poll = make_check("snmp", interval=60.0)
    world = World(inventory, [*make_checks(inventory), poll])
    world.round()
    for _ in range(6):
        world.round({"nam-sach", "an-lam"})
    assert world.states()["nam-sach"] is State.DOWN
    world.round({"nam-sach/router/snmp"})
    world.round({"nam-sach/router/snmp"})
    assert world.states()["nam-sach"] is State.UP
    for _ in range(3):
        world.round({"nam-sach/router/snmp"})
    assert world.states()["nam-sach"] is State.DEGRADED, "it fails by itself"

"""Exactly what is at fault is called down, whatever is cut and in whatever order results come."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netwatch.core.state import State
from netwatch.state.graph import Graph
from tests.harness.builders import make_checks
from tests.harness.failing_network import Network, Watch, router, slots

pytestmark = pytest.mark.slow

SETTLED = 120.0
"""Virtual seconds after which every state must be right: slots of 20 s, three of them, and more."""


@st.composite
def broken_networks(draw: st.DrawFn, rings: bool) -> tuple[Network, Network, int]:
    """A network that is whole, the same one with faults, and a seed for slots."""
    count = draw(st.integers(1, 9))
    parents = [draw(st.integers(0, number)) for number in range(count - 1)]
    number = st.integers(0, count - 1)
    pairs = st.tuples(number, number).filter(lambda pair: pair[0] != pair[1])
    links = draw(st.lists(pairs, max_size=4)) if rings and count > 1 else []
    inside = [draw(st.integers(0, 3)) for _ in range(count)]
    chained = draw(st.sets(number, max_size=3))
    whole = Network(parents, links, inside, chained)
    cut = draw(st.sets(st.sampled_from(sorted(whole.lines())), max_size=4)) if parents else set()
    dead = draw(st.sets(st.sampled_from(sorted(whole.keys())), max_size=3))
    broken = Network(parents, links, inside, chained, cut, dead)
    return whole, broken, draw(st.integers(0, 2**32))


def watch(network: Network, seed: int) -> Watch:
    chance = random.Random(seed)  # noqa: S311
    amount = sum(network.inside) + len(network.inside)
    phases = [chance.random() for _ in range(amount)]
    intervals = [chance.choice([2.0, 5.0, 20.0]) for _ in phases]
    return Watch(network, slots(network, phases, intervals), by_rows=chance.random() < 0.5)


def check_faults(whole: Network, broken: Network, seed: int) -> None:
    watched = watch(whole, seed)
    watched.run(30)
    assert set(watched.states().values()) == {State.UP}

    faults, answering = broken.faults(), broken.answering()
    silent = set(broken.keys()) - answering
    watched.network = broken

    def only_the_guilty_are_down() -> None:
        for key, state in watched.states().items():
            assert state is State.UP or key in silent
            assert state is not State.DOWN or key in faults, f"{key} stands behind {faults}"

    watched.run(SETTLED, only_the_guilty_are_down)
    states, roots = watched.states(), watched.roots()
    assert {key for key, state in states.items() if state is State.DOWN} == faults.keys()
    assert {key for key, state in states.items() if state is State.UNREACHABLE} == (
        silent - faults.keys()
    )
    assert {key: roots[key] for key in faults} == faults
    assert {roots[key] for key in silent} == set(faults.values())

    watched.network = whole

    def nothing_else_goes_down() -> None:
        down = {key for key, state in watched.states().items() if state is State.DOWN}
        assert down <= faults.keys()

    watched.run(SETTLED, nothing_else_goes_down)
    assert set(watched.states().values()) == {State.UP}
    assert watched.roots() == {}


@settings(max_examples=60, deadline=None)
@given(broken_networks(rings=False))
def test_the_roots_of_a_tree(case: tuple[Network, Network, int]) -> None:
    check_faults(*case)


@settings(max_examples=60, deadline=None)
@given(broken_networks(rings=True))
def test_the_roots_of_a_network_with_redundant_lines(case: tuple[Network, Network, int]) -> None:
    check_faults(*case)


def chain(**changes: Any) -> Network:
    """The collector's site, a district with a codec, and a commune with one behind it."""
    return replace(Network(parents=[0, 1], links=[], inside=[0, 1, 1]), **changes)


def in_trouble(
    network: Network,
    seconds: float,
    intervals: list[float],
    *,
    by_rows: bool = False,
    **faults: Any,
) -> Watch:
    """A watch of a network that was whole for a minute and has had faults for some seconds."""
    watched = Watch(network, slots(network, [0.2, 0.9, 0.5, 0.7, 0.1], intervals), by_rows=by_rows)
    watched.run(60)
    assert set(watched.states().values()) == {State.UP}
    watched.network = replace(network, **faults)
    watched.run(seconds)
    return watched


# In the order of the inventory: s0/router, s1/router, s1/codec-0, s2/router, s2/codec-0.
QUICK_BELOW = [60.0, 60.0, 2.0, 60.0, 2.0]


def test_what_is_above_is_measured_at_once_when_its_slot_is_far() -> None:
    watched = in_trouble(chain(), 15, QUICK_BELOW, cut={"s1-uplink"})
    assert watched.states()[router(1)] is State.DOWN
    assert watched.states()["s2", "codec-0"] is State.UNREACHABLE
    assert watched.roots()["s2", "codec-0"] == "link:s1-uplink"


def test_what_is_above_is_asked_only_as_long_as_it_takes() -> None:
    watched = in_trouble(chain(), 60, QUICK_BELOW, dead={("s2", "codec-0")})
    assert watched.roots() == {("s2", "codec-0"): "target:s2/codec-0"}
    assert {key: watched.asked[key] for key in watched.asked.keys() - {("s2", "codec-0")}} == {
        router(0): 1,
        router(1): 1,
        router(2): 1,
    }


def test_a_blind_collector_blames_nobody() -> None:
    network = chain(canaries=("s0/router",))
    watched = Watch(network, slots(network, [0.2, 0.9, 0.5, 0.7, 0.1], [60.0, 2.0, 2.0, 2.0, 2.0]))
    watched.run(70)
    watched.network = replace(network, dead={router(0)})

    def nobody_is_blamed() -> None:
        assert State.DOWN not in watched.states().values()
        assert State.UNREACHABLE not in watched.states().values()

    watched.run(300, nobody_is_blamed)
    assert set(watched.states().values()) == {State.UNKNOWN}
    watched.network = network
    watched.run(120, nobody_is_blamed)
    assert set(watched.states().values()) == {State.UP}


def test_what_stays_silent_when_the_line_is_back_goes_down_by_its_own_results() -> None:
    watched = in_trouble(chain(), 60, [5.0], cut={"s1-uplink"}, dead={("s2", "codec-0")})
    watched.network = chain(dead={("s2", "codec-0")})
    watched.run(15)
    assert watched.states()[router(2)] is State.UP
    assert watched.states()["s2", "codec-0"] is State.UNREACHABLE
    watched.run(15)
    assert watched.states()["s2", "codec-0"] is State.DOWN
    assert watched.roots() == {("s2", "codec-0"): "target:s2/codec-0"}


def test_a_router_that_only_forwards_cuts_nothing_off() -> None:
    watched = in_trouble(chain(), 60, [5.0], mute={router(1)}, dead={("s2", "codec-0")})
    assert watched.roots() == {
        router(1): "target:s1/router",
        ("s2", "codec-0"): "target:s2/codec-0",
    }
    # Until its line is cut as well.
    watched.network = chain(mute={router(1)}, cut={"s1-uplink"})
    watched.run(60)
    assert set(watched.roots().values()) == {"link:s1-uplink"}
    assert [key for key, state in watched.states().items() if state is State.DOWN] == [router(1)]


@pytest.mark.parametrize("by_rows", [False, True])
def test_a_router_that_stays_silent_when_its_line_is_back_cuts_nothing_off(by_rows: bool) -> None:
    network = Network(parents=[0], links=[], inside=[0, 1])
    watched = in_trouble(network, 60, [5.0], by_rows=by_rows, cut={"s1-uplink"})
    watched.network = replace(network, mute={router(1)})
    watched.run(60)
    assert watched.states()["s1", "codec-0"] is State.UP
    assert watched.roots() == {router(1): "target:s1/router"}


def test_a_line_that_was_restored_is_not_taken_for_a_silent_router() -> None:
    watched = in_trouble(chain(), 60, [20.0, 20.0, 2.0, 20.0, 2.0], cut={"s1-uplink"})
    watched.network = chain()

    def the_line_is_blamed() -> None:
        assert set(watched.roots().values()) <= {"link:s1-uplink"}

    watched.run(120, the_line_is_blamed)
    assert set(watched.states().values()) == {State.UP}


def test_a_reload_judges_by_the_new_graph() -> None:
    watched = in_trouble(chain(), 60, [5.0], cut={"s1-uplink"})
    inventory = chain(parents=[0, 0]).inventory()
    checks = make_checks(inventory)
    watched.table.replace(inventory, checks, watched.now, Graph(inventory, "s0"))
    watched.run(10)
    assert watched.roots()[router(2)] == "link:s2-uplink"


def test_a_fault_further_up_is_the_new_root_of_a_whole_ring() -> None:
    network = Network(parents=[0, 1, 2, 2], links=[(3, 4)], inside=[0] * 5)
    watched = in_trouble(network, 60, [5.0], cut={"s2-uplink"})
    assert set(watched.roots().values()) == {"link:s2-uplink"}
    watched.network = replace(network, cut={"s2-uplink", "s1-uplink"})
    watched.run(60)
    assert set(watched.roots().values()) == {"link:s1-uplink"}
    watched.network = replace(network, cut={"s2-uplink"})
    watched.run(60)
    assert set(watched.roots().values()) == {"link:s2-uplink"}

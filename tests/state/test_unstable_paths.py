"""One bad member of parallel lines: it loses the same addresses all the time, and no others."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from netwatch.core.state import State
from netwatch.state.faults import open_faults
from tests.harness.builders import make_check
from tests.harness.failing_network import Key, Network, Watch, router, slots
from tests.state.test_suspicion import calm

PARALLEL = Network(
    parents=[0, 1, 1, 1, 1, 1, 1, 1, 1],
    links=[(0, 1)],
    inside=[1, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    canaries=("s0/codec-0",),
)
"""A data centre, a district with two lines to it, and eight communes behind the district."""

WITH_CODECS = replace(PARALLEL, inside=[1, 1, 1, 1, 1, 1, 1, 1, 1, 1])

HALF = {router(number) for number in (2, 4, 6, 8)}
ENTRY = {"path:s1/router": State.DEGRADED}


def lose(watched: Watch, lost: set[Key]) -> None:
    began = watched.now
    watched.loses = lambda key, due: key in lost and due >= began


def faults(watched: Watch) -> dict[str, State]:
    return {str(fault.root): fault.state for fault in open_faults(watched.table)}


def only_the_path(watched: Watch) -> None:
    """Nothing else is at fault or suspected, and it is one entry."""
    shown = [*faults(watched), *(str(each.root) for each in watched.table.suspected())]
    assert shown in ([], ["path:s1/router"])
    assert State.DOWN not in watched.states().values()


@pytest.mark.parametrize("seed", range(8))
def test_what_one_of_two_lines_loses_is_one_unstable_path(seed: int) -> None:
    watched = calm(PARALLEL, seed)
    lose(watched, HALF)
    watched.run(12, lambda: only_the_path(watched))
    assert faults(watched) == ENTRY
    watched.run(60, lambda: only_the_path(watched))
    assert watched.table.sites["s1"].state is State.DEGRADED
    assert str(watched.table.target("s1/router").cause) == "path unstable"
    (fault,) = open_faults(watched.table)
    assert (fault.first, fault.sites) == (router(1), 4)
    assert watched.states()[router(2)] is State.UNREACHABLE
    assert watched.states()[router(3)] is State.UP
    lose(watched, set())
    watched.run(12, lambda: only_the_path(watched))
    assert faults(watched) == {}
    assert set(watched.states().values()) == {State.UP}


@pytest.mark.parametrize("seed", range(4))
def test_the_router_at_the_end_of_the_lines_may_be_among_the_lost(seed: int) -> None:
    watched = calm(PARALLEL, seed)
    lose(watched, HALF | {router(1)})
    watched.run(90, lambda: only_the_path(watched))
    assert faults(watched) == ENTRY
    assert watched.states()[router(1)] is State.DEGRADED


@pytest.mark.parametrize("seed", range(4))
def test_the_router_is_not_named_where_all_are_asked_as_often(seed: int) -> None:
    """Twenty losses a half second apart are as soon as the proof of a suspicion."""
    chance = random.Random(seed)  # noqa: S311
    phases = [chance.random() for _ in list(PARALLEL.keys())]
    watched = Watch(PARALLEL, slots(PARALLEL, phases, [0.5]), by_rows=True)
    watched.set_down_after(20)
    watched.run(30)
    lose(watched, HALF | {router(1)})
    watched.run(40, lambda: only_the_path(watched))
    assert faults(watched) == ENTRY


@pytest.mark.parametrize("seed", range(4))
def test_where_somebody_behind_a_lost_address_answers_two_are_enough(seed: int) -> None:
    watched = calm(WITH_CODECS, seed)
    lose(watched, {router(2), router(4), ("s4", "codec-0"), ("s5", "codec-0")})
    watched.run(90, lambda: only_the_path(watched))
    assert faults(watched) == ENTRY
    assert watched.states()[router(2)] is State.DEGRADED
    assert {id_ for id_, site in watched.table.sites.items() if str(site.root) in ENTRY} == {
        *("s1", "s2", "s4", "s5")
    }


def test_sites_that_are_silent_as_a_whole_have_no_power() -> None:
    """Of a bad line some of their addresses would be left."""
    watched = calm(WITH_CODECS)
    watched.network = replace(WITH_CODECS, dead=HALF)
    watched.run(60)
    assert faults(watched) == {f"link:{key[0]}-uplink": State.DOWN for key in HALF}


def test_two_silent_addresses_alone_may_be_dead() -> None:
    watched = calm(PARALLEL)
    lose(watched, {router(2), router(4)})
    watched.run(60)
    assert faults(watched) == {"link:s2-uplink": State.DOWN, "link:s4-uplink": State.DOWN}


def test_where_no_lines_are_parallel_each_is_a_fault_of_its_own() -> None:
    single = replace(PARALLEL, links=[])
    watched = calm(single)
    lose(watched, HALF)
    watched.run(60)
    assert faults(watched) == {f"link:{key[0]}-uplink": State.DOWN for key in HALF}


def test_those_that_fall_silent_one_after_the_other_are_faults_of_their_own() -> None:
    watched = calm(PARALLEL)
    lost: set[Key] = set()
    lose(watched, lost)
    for key in sorted(HALF):
        lost.add(key)
        watched.run(40)
    assert faults(watched) == {f"link:{key[0]}-uplink": State.DOWN for key in HALF}


def test_who_stays_silent_when_the_line_is_mended_has_a_fault_of_its_own() -> None:
    watched = calm(PARALLEL)
    lose(watched, HALF)
    watched.run(30)
    lose(watched, {router(4)})
    watched.run(12, lambda: only_the_path(watched))
    watched.run(60)
    assert faults(watched) == {"link:s4-uplink": State.DOWN}


def test_a_near_end_that_says_cut_is_believed() -> None:
    poll = make_check("snmp", site="s1", target="router", interval=60.0)
    watched = calm(PARALLEL, besides=poll)
    watched.network = replace(PARALLEL, cut={f"{key[0]}-uplink" for key in HALF})
    watched.run(60)
    assert faults(watched) == {f"link:{key[0]}-uplink": State.DOWN for key in HALF}


def test_the_parallel_lines_cut_at_once_are_no_unstable_path() -> None:
    watched = calm(PARALLEL)
    watched.network = replace(PARALLEL, cut={"s1-uplink", "extra-0"})
    watched.run(60)
    assert faults(watched) == {"target:s1/router": State.DOWN}


@pytest.mark.parametrize("after", [3.0, 30.0])
def test_it_is_the_same_after_a_restart(after: float) -> None:
    watched = calm(PARALLEL)
    lose(watched, HALF)
    watched.run(after)
    watched.restart(2.0)
    watched.run(60, lambda: only_the_path(watched))
    assert faults(watched) == ENTRY


def test_a_reload_keeps_it() -> None:
    watched = calm(PARALLEL)
    lose(watched, HALF)
    watched.run(30)
    watched.reload()
    watched.run(30, lambda: only_the_path(watched))
    assert faults(watched) == ENTRY


def test_at_five_percent_loss_no_path_is_unstable_and_little_more_is_asked() -> None:
    watched = calm(PARALLEL)
    chance = random.Random(3)  # noqa: S311
    watched.asked.clear()
    watched.loses = lambda _key, _due: chance.random() < 0.05
    watched.run(2000, lambda: _nothing(faults(watched)))
    assert sum(watched.asked.values()) <= 0.1 * 2000 * (10 / 5 + 1 / 10)


def _nothing(found: object) -> None:
    assert not found, found

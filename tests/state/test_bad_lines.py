"""Lines and devices that answer some questions only, and what befalls the collector meanwhile."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from netwatch.core.check import Check
from netwatch.core.state import State
from netwatch.probes.icmp.params import IcmpParams
from tests.harness.builders import make_check
from tests.harness.failing_network import Network, Watch, router
from tests.state.test_suspicion import CUT, DISTRICT, calm

PLACE: dict[str, Any] = {"site": "s1", "target": "router", "address": "127.1.1.1", "interval": 10.0}
LARGE = make_check("icmp/1400", kind="icmp", params=IcmpParams(size=1400), **PLACE)
TCP = make_check("tcp:22", **PLACE)


def filtered(*checks: Check, besides: Check) -> Watch:
    """A calm network, in which these checks of a district's router get no answer any more."""
    watched = calm(besides=besides)
    watched.filtered = {check.id for check in checks}
    watched.run(60, lambda: blames_nobody(watched))
    return watched


def blames_nobody(watched: Watch) -> None:
    down = {State.DOWN, State.UNREACHABLE}
    assert not [id_ for id_, site in watched.table.sites.items() if site.state in down]


def test_a_line_that_drops_only_large_echoes_is_degraded() -> None:
    watched = filtered(LARGE, besides=LARGE)
    assert watched.states()[router(1)] is State.DEGRADED
    assert str(watched.table.targets[router(1)].cause) == "icmp/1400 timeout"
    assert watched.table.sites["s2"].state is State.UP


def test_a_router_whose_echoes_alone_are_filtered_is_degraded() -> None:
    echo = make_check(**(PLACE | {"interval": 5.0}))
    watched = filtered(echo, besides=TCP)
    assert watched.states()[router(1)] is State.DEGRADED
    assert str(watched.table.targets[router(1)].cause) == "icmp timeout"
    assert watched.table.sites["s2"].state is State.UP


@pytest.mark.parametrize("after", [0.5, 3.0, 5.0])
def test_a_restart_in_the_middle_of_a_suspicion_delays_the_cause_by_itself_only(
    after: float,
) -> None:
    watched = calm()
    watched.network = replace(DISTRICT, cut=CUT)
    watched.run(after)
    watched.restart(2.0)
    watched.run(12.0, lambda: blames_only_the_line(watched))
    assert set(watched.roots().values()) == {"link:s1-uplink"}
    assert watched.table.sites["s1"].state is State.DOWN


def blames_only_the_line(watched: Watch) -> None:
    assert set(watched.roots().values()) <= {"link:s1-uplink"}


def test_a_restart_in_the_middle_of_an_outage_blames_the_same_line() -> None:
    watched = calm()
    watched.network = replace(DISTRICT, cut=CUT)
    watched.run(30.0)
    watched.restart(5.0)
    watched.run(30.0, lambda: blames_only_the_line(watched))
    watched.network = DISTRICT
    watched.run(10.0)
    assert {site.state for site in watched.table.sites.values()} == {State.UP}


@pytest.mark.slow
def test_lines_that_are_cut_all_at_once_are_each_named_and_nothing_else() -> None:
    """The budget of questions lasts for some of them only; losses in their slots name the rest."""
    network = Network(parents=[0] * 250, links=[], inside=[1] + [0] * 250, canaries=("s0/codec-0",))
    watched = calm(network)
    lines = {f"link:{line}" for line in network.lines()}
    watched.network = replace(network, cut=set(network.lines()))
    watched.run(30, lambda: blames_only(watched, lines))
    assert set(watched.roots().values()) == lines
    watched.network = network
    watched.run(12)
    assert set(watched.states().values()) == {State.UP}


@pytest.mark.slow
def test_three_hundred_lines_that_flap_name_nobody_while_none_is_away_for_long() -> None:
    network = Network(parents=[0] * 300, links=[], inside=[1] + [0] * 300, canaries=("s0/codec-0",))
    watched = calm(network)
    for _ in range(5):
        watched.network = replace(network, cut=set(network.lines()))
        watched.run(2.0)
        watched.network = network
        watched.run(4.0)
        blames_only(watched, set())
    assert watched.table.suspected() == []


def test_a_cut_during_a_blind_time_is_named_when_the_collector_sees_again() -> None:
    watched = calm()
    blind = {router(0), ("s0", "codec-0")}
    watched.network = replace(DISTRICT, dead=blind)
    watched.run(40)
    assert watched.table.vantage.blind
    watched.network = replace(DISTRICT, dead=blind, cut=CUT)
    watched.run(20, lambda: blames_only(watched, set()))
    watched.network = replace(DISTRICT, cut=CUT)
    watched.run(60, lambda: blames_only(watched, {"link:s1-uplink"}))
    assert set(watched.roots().values()) == {"link:s1-uplink"}


def blames_only(watched: Watch, roots: set[str]) -> None:
    assert set(watched.roots().values()) <= roots

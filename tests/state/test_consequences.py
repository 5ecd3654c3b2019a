"""What follows from a cause turns with it: counts, rooms, objectives, flows, and the return."""

from __future__ import annotations

import random
import time
from dataclasses import replace

import pytest

from netwatch.collector import Collector
from netwatch.core.check import Check
from netwatch.core.result import Outcome
from netwatch.core.state import State
from netwatch.core.streams import Streams
from netwatch.export.echoes import EchoMetrics
from netwatch.flows.table import FlowTable
from netwatch.flows.transition import FlowState
from netwatch.inventory.model import Inventory
from netwatch.meetings.readiness import Readiness
from netwatch.meetings.rooms import assess_rooms
from netwatch.metrics import Registry
from netwatch.objectives import ratio
from netwatch.state.faults import open_faults
from netwatch.state.quality import Qualities
from netwatch.state.table import StateTable
from netwatch.state.transition import StateChange
from tests.harness.builders import make_check, make_inventory, make_result, make_states
from tests.harness.failing_network import Network, Watch, slots
from tests.harness.meetings import make_meeting
from tests.state.test_suspicion import CUT, DISTRICT, calm

OBJECTIVE = {
    "all": {
        "name_vi": "Tất cả",
        "name": "All",
        "kind": "sites",
        "tiers": ["commune"],
        "goal": "100%",
    }
}


def test_rooms_and_objectives_turn_with_the_cause() -> None:
    watched = calm()
    inventory = DISTRICT.inventory()
    (objective,) = make_inventory(objectives=OBJECTIVE).objectives.values()
    meeting = make_meeting(endpoints=tuple(f"s{number}/codec-0" for number in range(2, 8)))
    watched.network = replace(DISTRICT, cut=CUT)
    while not watched.roots():
        watched.run(0.05)
    assert ratio(objective, inventory, watched.table) == 1 / 8
    rooms = dict(assess_rooms(meeting, watched.table, watched.now, {}, in_meeting=False))
    (causes,) = {(room.state.readiness, room.state.findings[0].detail) for room in rooms.values()}
    assert causes == (Readiness.NOT_READY, "link:s1-uplink")


class Changes:
    """Notes what changes."""

    def __init__(self) -> None:
        self.noted: list[StateChange] = []

    def state_changed(self, change: StateChange, states: StateTable) -> None:
        del states
        self.noted.append(change)


def test_what_comes_back_is_told_with_what_it_stood_behind() -> None:
    changes = Changes()
    watched = calm(listener=changes)
    watched.network = replace(DISTRICT, cut=CUT)
    watched.run(30)
    changes.noted.clear()
    watched.network = DISTRICT
    watched.run(10)
    back = [change for change in changes.noted if not change.target and change.state is State.UP]
    assert len(back) == 7
    assert {change.root_before for change in back} == {"link:s1-uplink"}
    assert {change.root for change in back} == {""}


@pytest.fixture
def inventory() -> Inventory:
    check = {"probe": "tcp", "interval": "15s", "timeout": "3s", "port": "443"}
    flow = {"name_vi": "Luồng", "from": "state-dc", "to": "nam-sach/router", "expect": "pass"}
    return make_inventory(
        canaries=("hd-dc/core",),
        flows={"documents": flow | {"check": check}},
        vantages={"state-dc": {"site": "hd-dc", "name_vi": "Tỉnh"}},
    )


def test_flows_are_unknown_as_soon_as_the_sites_are(inventory: Inventory) -> None:
    canary, way = make_check(site="hd-dc", target="core"), make_check("tcp:443", flow="documents")
    states = make_states(inventory, [canary, way])
    flows = FlowTable(inventory, [way], states.sighting)
    echoes = EchoMetrics(Registry(), Streams(), Qualities())
    collector = Collector(states, flows, echoes, [])

    def report(check: Check, outcome: Outcome) -> None:
        collector.report(make_result(check, outcome, time.monotonic()))

    report(canary, Outcome.SUCCESS)
    report(way, Outcome.SUCCESS)
    assert flows.flows["documents"].state is FlowState.AS_EXPECTED
    while not states.vantage.blind:
        report(canary, Outcome.FAILURE)
    assert flows.flows["documents"].state is FlowState.UNKNOWN


def test_what_is_lost_once_after_a_blind_time_is_no_incident(inventory: Inventory) -> None:
    """Neither an echo, nor a poll, nor a try of a flow, whatever came first after it."""
    canary, way = make_check(site="hd-dc", target="core"), make_check("tcp:443", flow="documents")
    echo, poll = make_check(site="nam-sach"), make_check("snmp", site="nam-sach")
    changes = Changes()
    states = make_states(inventory, [canary, echo, poll], listener=changes)
    flows = FlowTable(inventory, [way], states.sighting)
    collector = Collector(states, flows, EchoMetrics(Registry(), Streams(), Qualities()), [])

    def report(check: Check, outcome: Outcome) -> None:
        collector.report(make_result(check, outcome, time.monotonic()))

    for lost in (echo, poll, way):
        for check in (canary, echo, poll, way):
            report(check, Outcome.SUCCESS)
        while not states.vantage.blind:
            report(canary, Outcome.FAILURE)
        for check in (echo, poll, way):
            report(check, Outcome.FAILURE)
        changes.noted.clear()
        for outcome in (Outcome.FAILURE, Outcome.SUCCESS):
            report(canary, Outcome.SUCCESS)
            for check in (echo, poll, way):
                report(check, outcome if check is lost else Outcome.SUCCESS)
            assert flows.flows["documents"].state is not FlowState.BROKEN
        assert {change.state for change in changes.noted} <= {State.UNKNOWN, State.UP}
        assert states.targets["nam-sach", "router"].state is State.UP
        assert flows.flows["documents"].state is FlowState.AS_EXPECTED


MANY = Network(
    parents=[0, 1] + [1] * 60 + [2] * 60,
    links=[],
    inside=[1, 1, 1] + [2] * 120,
    canaries=("s0/codec-0",),
)


@pytest.mark.parametrize("seed", range(3))
def test_the_number_of_sites_behind_is_right_from_the_first_moment_on(seed: int) -> None:
    """However many are still to be asked, and in whatever order their echoes are found lost."""
    watched = calm(MANY, seed)
    watched.network = replace(MANY, cut=CUT)
    assert counts(watched, 25) == {122}


@pytest.mark.parametrize("seed", range(3))
def test_it_is_right_where_the_daemon_starts_during_the_outage(seed: int) -> None:
    """Nothing is known of most of them yet, and slots may come late."""
    chance = random.Random(seed)  # noqa: S311
    phases = [chance.random() for _ in list(MANY.keys())]
    checks = slots(replace(MANY, cut=CUT), phases, [5.0, 20.0])
    watched = Watch(replace(MANY, cut=CUT), checks, by_rows=True)
    assert counts(watched, 180) == {122}
    assert watched.table.sites["s60"].state is State.UNREACHABLE


def counts(watched: Watch, seconds: float) -> set[int]:
    """How many sites stood behind what was at fault, at all moments of this time."""
    found: list[int] = []

    def look() -> None:
        found.extend(fault.sites for fault in open_faults(watched.table))

    watched.run(seconds, look)
    return set(found)

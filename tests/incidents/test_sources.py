"""What the states say becomes incidents, at the next beat, whatever the network does."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest

from netwatch.core.result import Outcome
from netwatch.core.state import State
from netwatch.core.streams import Streams
from netwatch.flows.transition import Doubt, FlowState
from netwatch.incidents.follower import MERGE_TIME, IncidentFollower
from netwatch.incidents.incident import Incident, Kind, Severity
from netwatch.incidents.sources.certificates import CertificateSource
from netwatch.incidents.sources.changes import Changes
from netwatch.incidents.sources.collector import MAX_GAP, MIN_GAP, CollectorSource
from netwatch.incidents.sources.faults import FaultSource
from netwatch.incidents.store import IncidentStore
from netwatch.lasting import LastingFacts
from netwatch.metrics.own import OwnMetrics
from netwatch.probes.certificates import CERTIFICATE_END
from netwatch.state.faults import open_faults
from netwatch.state_dir import StateDirectory
from netwatch.wiring import Parts
from tests.harness.builders import (
    ignored,
    make_check,
    make_checks,
    make_configuration,
    make_flow_inventory,
    make_inventory,
    make_parts,
    make_result,
    make_states,
)
from tests.harness.failing_network import Network, Watch, router, slots

FAULT = Network(parents=[0, 1, 1, 0], links=[], inside=[0, 1, 1, 1, 1])
"""Site 1 is a district with the communes 2 and 3; site 4 stands alone."""


class Followed:
    """A network that fails, and the incidents that are made of it."""

    def __init__(self, network: Network) -> None:
        self.network = network
        changes = Changes()
        self.watch = Watch(
            network, slots(network, [0.2, 0.9, 0.5, 0.7], [5.0]), by_rows=True, listener=changes
        )
        self.found: dict[tuple[str, str], dict[str, object]] = {}
        inventory = network.inventory()
        source = FaultSource(self.watch.table, changes, self.found, inventory)
        self.follower = IncidentFollower([source], IncidentStore(), inventory)

    def run(self, seconds: float) -> None:
        """Let time pass; what is at fault for certain has its incident at every beat."""
        for _ in range(int(seconds / 0.5)):
            self.watch.run(0.5)
            self.follower.tick(time.time())
            down = {str(each.root) for each in open_faults(self.watch.table)}
            assert down <= {each.cause for each in self.certain()}

    def certain(self) -> list[Incident]:
        return [each for each in self.follower if not each.is_suspected]


@pytest.fixture
def followed() -> Followed:
    followed = Followed(FAULT)
    followed.run(30)
    assert not followed.follower.open
    return followed


@pytest.fixture(autouse=True)
def whole() -> Iterator[None]:
    yield
    FAULT.cut.clear()
    FAULT.dead.clear()


def test_a_cut_is_an_incident_in_the_beat_in_which_its_cause_is_named(followed: Followed) -> None:
    FAULT.cut.add("s1-uplink")
    followed.run(60)
    (incident,) = followed.certain()
    assert (incident.kind, incident.cause, incident.carrier) == (
        Kind.LINE,
        "link:s1-uplink",
        "VNPT",
    )
    assert set(incident.behind) == {"s1", "s2", "s3"}
    FAULT.cut.clear()
    followed.run(60)
    assert not followed.follower.open
    assert [each.id for each in followed.follower.ended.values()] == [incident.id]
    assert {each.ended is not None for each in incident.behind.values()} == {True}


def test_a_suspicion_is_the_incident_that_it_becomes(followed: Followed) -> None:
    FAULT.cut.add("s1-uplink")
    seen: set[str] = set()
    for _ in range(120):
        followed.run(0.5)
        seen |= {each.id for each in followed.follower if "s1" in each.cause}
    (incident,) = followed.certain()
    assert seen == {incident.id}
    assert incident.confirmed is not None
    assert incident.most == len(incident.behind)
    assert incident.began <= incident.named <= incident.confirmed


def test_two_faults_are_two_incidents_and_each_has_its_own_sites(followed: Followed) -> None:
    FAULT.cut.add("s1-uplink")
    FAULT.dead.add(("s4", "codec-0"))
    followed.run(90)
    behind = {each.cause: set(each.behind) for each in followed.certain()}
    assert behind == {"link:s1-uplink": {"s1", "s2", "s3"}, "target:s4/codec-0": set()}
    severities = {each.cause: each.severity for each in followed.certain()}
    assert severities["target:s4/codec-0"] is Severity.WARNING


def test_what_was_cut_before_stays_its_own_incident_when_all_is_cut_above(
    followed: Followed,
) -> None:
    FAULT.cut.add("s2-uplink")
    followed.run(120)
    (first,) = followed.certain()
    first.began -= 2 * MERGE_TIME  # all of this takes a moment by the wall clock
    FAULT.cut.add("s1-uplink")
    followed.run(120)
    assert {each.cause for each in followed.certain()} == {"link:s2-uplink", "link:s1-uplink"}
    FAULT.cut.discard("s1-uplink")
    followed.run(120)
    assert [each.id for each in followed.certain()] == [first.id]


def test_a_ups_on_battery_makes_it_a_power_cut(followed: Followed) -> None:
    FAULT.cut.add("s4-uplink")
    followed.found[router(4)] = {"power": {"target": "s4/ups", "read": 1.0}}
    followed.run(60)
    (incident,) = followed.certain()
    assert (incident.kind, incident.cause) == (Kind.POWER, "link:s4-uplink")
    assert "Mất điện" in incident.title["vi"]


# The other sources, each by what it reads.


def parts_with(**inventory: Any) -> Any:
    made = make_inventory(**inventory)
    return make_parts(make_configuration(made, make_checks(made)))


def causes(parts: Any) -> dict[str, Kind]:
    parts.incidents.tick(time.time())
    return {each.cause: each.kind for each in parts.incidents}


def test_a_blind_collector_is_one_incident_and_ends_none() -> None:
    parts = parts_with(canaries=["hd-dc/core"])
    canary = make_check(site="hd-dc", target="core", address="127.1.0.1")
    for at in range(3):
        parts.collector.report(make_result(canary, Outcome.FAILURE, float(at)))
    assert causes(parts) == {"collector:state-dc": Kind.COLLECTOR}
    parts.collector.report(make_result(canary, Outcome.SUCCESS, 9.0))
    assert causes(parts) == {}


@pytest.mark.parametrize(
    ("away", "is_told"), [(MIN_GAP - 1, False), (3600.0, True), (MAX_GAP + 1, False), (-5, False)]
)
def test_a_time_without_the_daemon_is_told_when_it_is_long(away: float, is_told: bool) -> None:
    source = CollectorSource(make_states(make_inventory()), "state-dc", make_inventory())
    gap = source.gap(1e9, 1e9 + away)
    assert (gap is not None) is is_told
    follower = IncidentFollower([source], IncidentStore(), make_inventory())
    if gap is not None:
        follower.add_gap(gap, 1e9 + away)
        (incident,) = follower.ended.values()
        assert (incident.began, incident.ended) == (1e9, 1e9 + away)


def test_a_violated_flow_is_an_incident_until_it_is_known_to_be_blocked() -> None:
    inventory = make_flow_inventory("blocked", owner="Phòng ANTT")
    flow_check = make_check("tcp:443", flow="f", address="127.1.1.1", interval=15.0)
    parts = make_parts(make_configuration(inventory, [*make_checks(inventory), flow_check]))
    parts.collector.report(make_result(flow_check, Outcome.SUCCESS, time.monotonic()))
    assert causes(parts) == {"flow:f": Kind.VIOLATED}
    (incident,) = parts.incidents
    assert (incident.severity, incident.owner, incident.site) == (
        Severity.CRITICAL,
        "Phòng ANTT",
        "nam-sach",
    )
    status = parts.flows.flows["f"]
    status.state, status.doubt = FlowState.UNKNOWN, Doubt.NOT_MEASURED
    assert causes(parts) == {"flow:f": Kind.VIOLATED}
    status.state, status.doubt = FlowState.AS_EXPECTED, None
    assert causes(parts) == {}


def test_a_flow_that_is_broken_because_its_target_is_down_is_no_incident_of_its_own() -> None:
    inventory = make_flow_inventory("pass")
    flow_check = make_check("tcp:443", flow="f", address="127.1.1.1", interval=15.0)
    parts = make_parts(make_configuration(inventory, [*make_checks(inventory), flow_check]))
    parts.flows.flows["f"].state = FlowState.BROKEN
    parts.states.targets["nam-sach", "router"].state = State.UNREACHABLE
    assert causes(parts) == {}
    parts.states.targets["nam-sach", "router"].state = State.UP
    assert causes(parts) == {"flow:f": Kind.BROKEN}


def test_a_certificate_that_has_ended_is_an_incident_until_another_is_shown() -> None:
    now = time.time()
    check = make_check("tls:443")
    lasting = LastingFacts([CERTIFICATE_END], [check])
    source = CertificateSource(make_inventory(), lasting)
    follower = IncidentFollower([source], IncidentStore(), make_inventory())

    def shows(end: float) -> list[Kind]:
        fact = CERTIFICATE_END.sample(end)
        lasting.report(make_result(check, Outcome.SUCCESS, facts=(fact,)))
        follower.tick(time.time())
        return [each.kind for each in follower]

    assert shows(now + 3600) == []
    assert shows(now - 3600) == [Kind.CERTIFICATE]
    lasting.report(make_result(check, Outcome.FAILURE))
    follower.tick(time.time())
    assert len(follower.open) == 1
    assert shows(now + 3600) == []
    assert shows(now - 60) == [Kind.CERTIFICATE]
    lasting.watch([])
    follower.tick(time.time())
    (ended,) = follower.ended.values()
    assert ended.timeline[-1].text["en"] == "is not watched any more"


def test_a_daemon_that_was_away_for_an_hour_tells_of_it_when_it_starts() -> None:
    inventory = make_inventory()
    configuration = make_configuration(inventory, make_checks(inventory))
    kept = StateDirectory(incidents=IncidentStore(known_until=time.time() - 3600))
    how = Streams(), OwnMetrics("test"), ignored, kept
    parts = Parts(configuration, "state-dc", *how)
    (incident,) = parts.incidents.ended.values()
    assert (incident.kind, round(incident.seconds(0))) == (Kind.COLLECTOR, 3600)
    assert not parts.incidents.open

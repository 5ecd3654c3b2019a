"""How a room stands, by what the states was told."""

from __future__ import annotations

from typing import Any

import pytest

from netwatch.core.check import Check
from netwatch.core.facts import IN_CALL, MEDIA_LOSS, MEDIA_MOS, READY
from netwatch.core.result import Outcome, Sample
from netwatch.meetings.readiness import Finding, FindingKind, Readiness
from netwatch.meetings.rooms import Room, assess_rooms
from tests.harness.builders import make_check, make_inventory, make_result, make_states
from tests.harness.meetings import make_meeting

PING = make_check("icmp", target="codec", interval=10.0)
SIP = make_check("sip:5060/udp", target="codec", interval=60.0, timeout=4.0)
AUDIO = make_check("stamp:862/dscp46", kind="stamp", interval=60.0, timeout=4.0)
ROUTER = make_check("icmp")
CANARY = make_check("icmp", "hd-dc", target="core")
MEETING = make_meeting(endpoints=("nam-sach/codec",))


class Told:
    """A states, and a clock."""

    def __init__(self, canaries: tuple[str, ...] = ()) -> None:
        self.now = 100.0
        inventory = make_inventory(canaries=canaries)
        self.states = make_states(inventory, [PING, SIP, ROUTER, AUDIO, CANARY], self.now)

    def hear(self, check: Check, *facts: Sample, ok: bool = True, after: float = 1.0) -> None:
        self.now += after
        outcome = Outcome.SUCCESS if ok else Outcome.FAILURE
        self.states.report(
            make_result(check, outcome, due=self.now - 0.5, finished=self.now, facts=facts)
        )

    def room(self, **how: Any) -> Room:
        values: dict[str, Any] = {"others": {}, "in_meeting": False} | how
        return dict(assess_rooms(MEETING, self.states, self.now, **values))["nam-sach/codec"]

    def whats(self, **how: Any) -> list[FindingKind]:
        return [finding.kind for finding in self.room(**how).state.findings]


def told() -> Told:
    """Everything answered."""
    told = Told()
    told.hear(PING)
    told.hear(SIP, READY.sample(1))
    told.hear(AUDIO, MEDIA_LOSS.sample(0, "round-trip"), MEDIA_MOS.sample(4.3, "g711"))
    return told


def test_a_room_that_answers_everything_is_ready() -> None:
    room = told().room()
    assert (room.state.readiness, room.reachable, room.in_call) == (Readiness.READY, True, None)
    assert (room.loss, room.mos) == (0.0, 4.3)


def test_what_nobody_measured_is_unknown() -> None:
    room = Told().room()
    assert (room.state.readiness, room.reachable, room.loss) == (Readiness.UNKNOWN, None, None)
    assert {finding.kind for finding in room.state.findings} == {FindingKind.UNMEASURED}


def test_what_was_measured_too_long_ago_is_unknown() -> None:
    story = told()
    story.now += 3 * PING.interval + PING.timeout
    room = story.room()
    assert room.state.readiness is Readiness.UNKNOWN
    assert [(f.kind, f.probe) for f in room.state.findings] == [(FindingKind.UNMEASURED, "icmp")]
    story.now += 3 * SIP.interval
    assert story.room().reachable is None


def test_a_single_lost_echo_is_no_proof() -> None:
    story = told()
    story.hear(PING, ok=False)
    assert story.room().state.readiness is Readiness.READY
    story.hear(PING, ok=False)
    assert story.whats() == [FindingKind.UNREACHABLE]
    assert story.room().reachable is False


def test_two_checks_that_fail_after_one_another_are_proof() -> None:
    story = told()
    story.hear(PING, ok=False)
    story.hear(SIP, ok=False)
    assert story.whats() == [FindingKind.UNREACHABLE]


def test_what_answers_sip_is_not_called_unreachable() -> None:
    story = told()
    story.hear(PING, ok=False)
    story.hear(PING, ok=False)
    story.hear(SIP, READY.sample(1))
    assert story.room().state.readiness is Readiness.READY


def test_an_unreachable_room_names_what_is_at_fault() -> None:
    story = told()
    for _ in range(3):
        story.hear(PING, ok=False, after=PING.interval)
    for before in (CANARY, ROUTER):
        story.hear(before)
    (finding,) = story.room().state.findings
    assert finding.detail == "target:nam-sach/codec"


def test_a_blind_collector_calls_nothing_unreachable() -> None:
    story = Told(canaries=("hd-dc/core",))
    story.hear(PING)
    story.hear(SIP, READY.sample(1))
    story.hear(CANARY, ok=False)
    for _ in range(3):
        story.hear(PING, ok=False)
    room = story.room()
    assert (room.state.readiness, room.reachable) == (Readiness.UNKNOWN, None)


def test_losses_of_echoes_count_where_no_stream_is() -> None:
    story = Told()
    story.hear(SIP, READY.sample(1))
    for number in range(20):
        story.hear(PING, ok=number % 4 > 0)
    story.hear(PING)
    assert story.whats() == [FindingKind.POOR_LINE]
    assert story.room().loss == pytest.approx(5 / 21)


def test_a_call_is_a_risk_before_the_meeting_and_good_news_in_it() -> None:
    story = told()
    story.hear(SIP, READY.sample(0), IN_CALL.sample(1))
    assert story.whats() == [FindingKind.BUSY]
    room = story.room(in_meeting=True)
    assert (room.state.readiness, room.in_call) == (Readiness.READY, True)


def test_what_else_is_known_stands_against_it_too() -> None:
    twice = Finding(Readiness.AT_RISK, FindingKind.WANTED_TWICE, "calendar", "Họp khác")
    others = {"nam-sach/codec": [twice]}
    assert told().room(others=others).state.findings == (twice,)


def test_a_room_that_is_gone_from_the_inventory_is_unknown() -> None:
    gone = make_meeting(endpoints=("gone/codec",))
    found = dict(assess_rooms(gone, Told().states, 0.0, {}, in_meeting=False))
    assert found["gone/codec"].state.readiness is Readiness.UNKNOWN

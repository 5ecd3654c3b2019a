from __future__ import annotations

import pytest

from netwatch.core.result import Outcome, Reason, Result
from netwatch.flows.block import Block, block_of
from netwatch.flows.status import FlowStatus
from netwatch.flows.table import FlowTable
from netwatch.flows.transition import FlowState
from netwatch.state.target import Sighting
from tests.harness.builders import (
    make_check,
    make_checks,
    make_flow_inventory,
    make_inventory,
    make_result,
    make_states,
)

OK, LOST, INVALID = Outcome.SUCCESS, Outcome.FAILURE, Outcome.INVALID
INTERVAL = 15.0


class Scene:
    """One flow, and a control that is seen as the test says."""

    def __init__(self, expect: str, **more: str) -> None:
        self.asked: list[str] = []
        self.control: Sighting | None = None
        check = make_check("tcp:443", flow="f", interval=INTERVAL)
        self.table = FlowTable(make_flow_inventory(expect, **more), [check], self.witness)
        self.now = 0.0

    @property
    def status(self) -> FlowStatus:
        return self.table.flows["f"]

    def witness(self, target: str) -> Sighting | None:
        self.asked.append(target)
        return self.control

    def feed(
        self,
        *outcomes: Outcome,
        reason: Reason | None = None,
        vantage_ok: bool = True,
        control: bool | None = True,
    ) -> FlowState:
        """Results, one an interval; after each the control answers, or not, or is not measured."""
        for outcome in outcomes:
            self.now += INTERVAL
            changes = {} if reason is None else {"reason": reason}
            result = make_result(self.status.check, outcome, self.now, **changes)
            self.table.report(result, vantage_ok=vantage_ok)
            if control is not None:
                self.control = Sighting(control, self.now + 1)
            self.table.tick(self.now + 1)
        return self.status.state


@pytest.mark.parametrize(
    ("expect", "outcomes", "state"),
    [
        ("pass", [], FlowState.UNKNOWN),
        ("pass", [OK], FlowState.AS_EXPECTED),
        ("pass", [OK, LOST, LOST], FlowState.AS_EXPECTED),
        ("pass", [OK, LOST, LOST, LOST], FlowState.BROKEN),
        ("pass", [LOST, LOST, LOST, OK], FlowState.AS_EXPECTED),
        ("pass", [INVALID, INVALID, INVALID], FlowState.UNKNOWN),
        ("blocked", [LOST], FlowState.AS_EXPECTED),
        ("blocked", [INVALID], FlowState.UNKNOWN),
        ("blocked", [LOST, OK], FlowState.VIOLATED),
        ("blocked", [OK, LOST], FlowState.AS_EXPECTED),
    ],
)
def test_what_a_flow_does_is_held_against_what_is_expected(
    expect: str, outcomes: list[Outcome], state: FlowState
) -> None:
    assert Scene(expect).feed(*outcomes) is state


def test_every_passage_that_must_not_be_is_counted() -> None:
    scene = Scene("blocked")
    scene.feed(OK, LOST, OK, OK)
    assert scene.status.violations == 3


@pytest.mark.parametrize(
    "reason",
    [
        Reason.UNEXPECTED_ANSWER,
        Reason.PROTOCOL_ERROR,
        Reason.CERTIFICATE_EXPIRED,
        Reason.CERTIFICATE_INVALID,
        Reason.AUTHENTICATION,
    ],
)
def test_whoever_answers_at_all_was_reached(reason: Reason) -> None:
    scene = Scene("blocked")
    assert scene.feed(LOST, reason=reason) is FlowState.VIOLATED
    assert scene.status.violations == 1


@pytest.mark.parametrize(
    ("reason", "block"),
    [
        (Reason.TIMEOUT, Block.DROP),
        (Reason.PROHIBITED, Block.REJECT),
        (Reason.REFUSED, Block.REJECT),
        (Reason.RESET, Block.RESET),
        (Reason.SILENT, Block.SILENT),
        (Reason.TARPIT, Block.TARPIT),
        (Reason.OK, None),
    ],
)
def test_how_it_is_blocked_is_reported(reason: Reason, block: Block | None) -> None:
    scene = Scene("blocked")
    scene.feed(OK if reason is Reason.OK else LOST, reason=reason)
    assert scene.status.block is block


def test_every_reason_is_a_block_or_an_answer() -> None:
    answers = {reason for reason in Reason if block_of(reason) is None}
    assert answers == {
        Reason.OK,
        Reason.UNEXPECTED_ANSWER,
        Reason.PROTOCOL_ERROR,
        Reason.CERTIFICATE_EXPIRED,
        Reason.CERTIFICATE_INVALID,
        Reason.AUTHENTICATION,
        Reason.BAD_AGENT,
        Reason.NO_RESULT,
        Reason.LOCAL_ERROR,
    }


@pytest.mark.parametrize(
    ("by", "reason", "state"),
    [
        ("drop", Reason.TIMEOUT, FlowState.AS_EXPECTED),
        ("drop", Reason.REFUSED, FlowState.BROKEN),
        ("reject", Reason.PROHIBITED, FlowState.AS_EXPECTED),
        ("reject", Reason.REFUSED, FlowState.AS_EXPECTED),
        ("reject", Reason.TIMEOUT, FlowState.BROKEN),
        ("reject", Reason.TARPIT, FlowState.BROKEN),
    ],
)
def test_it_may_have_to_be_blocked_in_one_way(by: str, reason: Reason, state: FlowState) -> None:
    scene = Scene("blocked", by=by)
    assert scene.feed(LOST, LOST, LOST, reason=reason) is state
    assert scene.status.violations == 0


def test_a_block_is_believed_only_when_the_control_answered_after_it() -> None:
    scene = Scene("blocked")
    scene.control = Sighting(answered=True, due=INTERVAL - 1)
    scene.table.report(make_result(scene.status.check, LOST, INTERVAL), vantage_ok=True)
    scene.table.tick(INTERVAL)
    assert scene.status.state is FlowState.UNKNOWN, "that was before"
    scene.control = Sighting(answered=True, due=INTERVAL + 1)
    scene.table.tick(INTERVAL + 1)
    assert scene.status.state is FlowState.AS_EXPECTED
    assert set(scene.asked) == {"nam-sach/router"}


def test_another_target_may_be_the_control() -> None:
    scene = Scene("blocked", control="an-lam/router")
    assert scene.feed(LOST) is FlowState.AS_EXPECTED
    assert set(scene.asked) == {"an-lam/router"}


@pytest.mark.parametrize("control", [False, None])
def test_a_vantage_without_its_control_proves_nothing(control: bool | None) -> None:
    scene = Scene("blocked")
    assert scene.feed(LOST, LOST, LOST, control=control) is FlowState.UNKNOWN
    assert scene.status.block is None


def test_a_control_that_falls_silent_makes_the_flow_unknown() -> None:
    scene = Scene("blocked")
    scene.feed(LOST)
    assert scene.feed(LOST, control=False) is FlowState.AS_EXPECTED, "one echo may get lost"
    assert scene.feed(LOST, control=False) is FlowState.UNKNOWN
    assert scene.feed(LOST) is FlowState.AS_EXPECTED


def test_a_blind_vantage_proves_no_block() -> None:
    assert Scene("blocked").feed(LOST, LOST, vantage_ok=False) is FlowState.UNKNOWN


def test_a_blind_vantage_that_passes_has_seen_a_violation_all_the_same() -> None:
    scene = Scene("blocked")
    assert scene.feed(OK, vantage_ok=False, control=False) is FlowState.VIOLATED


def test_a_flow_that_is_no_longer_measured_is_unknown() -> None:
    scene = Scene("pass")
    scene.feed(OK)
    patience = scene.now + 3 * INTERVAL + 1
    assert scene.table.tick(patience) == []
    assert scene.status.state is FlowState.AS_EXPECTED
    assert scene.table.tick(patience + 0.1) == [scene.status.check]
    assert scene.status.state is FlowState.UNKNOWN


def test_violations_outlive_the_state_and_a_reload() -> None:
    scene = Scene("blocked")
    scene.feed(OK)
    scene.table.tick(scene.now + 1000)
    assert scene.status.state is FlowState.UNKNOWN
    scene.table.replace(make_flow_inventory("blocked"), [scene.status.check])
    assert scene.status.violations == 1


def test_the_state_table_says_how_the_control_was_seen() -> None:
    inventory = make_inventory()
    checks = make_checks(inventory)
    states = make_states(inventory, checks, 0.0)

    def sight(outcome: Outcome, at: float) -> Sighting | None:
        check = next(check for check in checks if check.id == "nam-sach/router/icmp")
        states.report(Result(check, at, at + 0.5, outcome, Reason.OK))
        return states.sighting("nam-sach/router")

    assert states.sighting("nam-sach/router") is None
    assert sight(OK, 5) == Sighting(answered=True, due=5)
    assert sight(LOST, 10) == Sighting(answered=False, due=10)
    assert sight(OK, 15) == Sighting(answered=True, due=15), "one loss is not an outage"
    assert sight(INVALID, 20) is None
    for at in (25, 30, 35):
        sight(LOST, at)
    assert sight(OK, 40) == Sighting(answered=False, due=40), "it has only begun to answer again"
    assert sight(OK, 45) == Sighting(answered=True, due=45)


@pytest.mark.parametrize("expect", ["pass", "blocked"])
def test_a_blind_collector_knows_no_flow(expect: str) -> None:
    scene = Scene(expect)
    assert scene.feed(OK if expect == "pass" else LOST) is FlowState.AS_EXPECTED
    scene.table.go_blind()
    assert scene.status.state is FlowState.UNKNOWN


def test_what_passed_a_forbidden_way_did_pass_though_the_collector_is_blind_now() -> None:
    scene = Scene("blocked")
    assert scene.feed(OK) is FlowState.VIOLATED
    scene.table.go_blind()
    assert scene.status.state is FlowState.VIOLATED

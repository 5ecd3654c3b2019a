from __future__ import annotations

import pytest

from netwatch.core.facts import (
    IN_CALL,
    MEDIA_LOSS,
    MEDIA_MOS,
    PERIPHERALS,
    READY,
    REGISTERED,
)
from netwatch.core.result import Outcome, Reason, Result, Sample
from netwatch.meetings.readiness import Readiness, room_state
from tests.harness.builders import make_check, make_result

PING = make_result(make_check("icmp", target="codec"), Outcome.SUCCESS)


def sip(outcome: Outcome = Outcome.SUCCESS, *facts: Sample, detail: str = "200 OK") -> Result:
    return make_result(
        make_check("sip:5060/udp", target="codec"), outcome, facts=facts, detail=detail
    )


def stream(loss: float, score: float) -> Result:
    facts = (MEDIA_LOSS.sample(loss, "round-trip"), MEDIA_MOS.sample(score, "g711-plc"))
    return make_result(make_check("stamp:862/dscp46"), Outcome.SUCCESS, facts=facts)


READY_SIP = sip(Outcome.SUCCESS, READY.sample(1))
GOOD_LINE = stream(0.0, 4.3)


def test_a_room_is_ready_when_something_says_so_and_nothing_speaks_against_it() -> None:
    state = room_state([PING, READY_SIP], [GOOD_LINE])
    assert (state.readiness, state.findings) == (Readiness.READY, ())


def test_a_room_that_only_answers_ping_is_not_called_ready() -> None:
    assert room_state([PING, sip()], []).readiness is Readiness.UNKNOWN
    assert room_state([], []).readiness is Readiness.UNKNOWN


@pytest.mark.parametrize(
    ("own", "line", "readiness", "what"),
    [
        (
            [make_result(PING.check, Outcome.FAILURE), sip(Outcome.FAILURE)],
            [],
            Readiness.NOT_READY,
            "unreachable",
        ),
        ([PING, sip(Outcome.FAILURE)], [GOOD_LINE], Readiness.NOT_READY, "failed"),
        ([PING, sip(Outcome.SUCCESS, READY.sample(0))], [], Readiness.NOT_READY, "not-ready"),
        (
            [PING, sip(Outcome.SUCCESS, READY.sample(0), IN_CALL.sample(1))],
            [],
            Readiness.AT_RISK,
            "busy",
        ),
        (
            [PING, READY_SIP, sip(Outcome.SUCCESS, PERIPHERALS.sample(0), REGISTERED.sample(0))],
            [],
            Readiness.NOT_READY,
            "not-registered",
        ),
        (
            [PING, READY_SIP, sip(Outcome.SUCCESS, PERIPHERALS.sample(0))],
            [],
            Readiness.AT_RISK,
            "peripheral",
        ),
        ([PING, READY_SIP], [stream(0.03, 4.2)], Readiness.AT_RISK, "poor-line"),
        ([PING, READY_SIP], [stream(0.0, 3.1)], Readiness.AT_RISK, "poor-line"),
        (
            [PING, make_result(READY_SIP.check, Outcome.INVALID, reason=Reason.LOCAL_ERROR)],
            [],
            Readiness.UNKNOWN,
            "unmeasured",
        ),
    ],
)
def test_what_stands_against_a_room(
    own: list[Result], line: list[Result], readiness: Readiness, what: str
) -> None:
    state = room_state(own, line)
    assert state.readiness is readiness
    assert state.findings[0].kind == what


def test_the_worst_finding_comes_first() -> None:
    state = room_state([PING, sip(Outcome.FAILURE)], [stream(0.5, 1.0)])
    assert [finding.kind for finding in state.findings] == ["failed", "poor-line"]


def test_a_reflector_that_is_silent_says_nothing_of_the_room() -> None:
    silent = make_result(GOOD_LINE.check, Outcome.FAILURE)
    assert room_state([PING, READY_SIP], [silent]).readiness is Readiness.READY

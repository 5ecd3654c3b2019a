"""Whether a room is ready for a meeting, from what was just measured. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from netwatch.core.facts import (
    IN_CALL,
    MEDIA_LOSS,
    MEDIA_MOS,
    PERIPHERALS,
    READY,
    REGISTERED,
)
from netwatch.core.result import Outcome, Result

MOST_LOSS = 0.01
"""Share of packets beyond which video suffers (Cisco's and Teams' limits for their own)."""

LEAST_MOS = 3.6
"""Below it many users are dissatisfied (ITU-T G.109: R below 70)."""


class Readiness(IntEnum):
    """The worse, the greater."""

    READY = 0
    UNKNOWN = 1
    """Nothing is wrong, and nothing says that a call would be taken."""
    AT_RISK = 2
    NOT_READY = 3


_NEEDED = (
    (READY, Readiness.NOT_READY, "not-ready"),
    (REGISTERED, Readiness.NOT_READY, "not-registered"),
    (PERIPHERALS, Readiness.AT_RISK, "peripheral"),
)
"""Facts, and what it comes to when one is 0."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that stands against a room.

    Attributes:
        what: ``unreachable``, ``failed``, ``not-ready``, ``not-registered``, ``busy``,
            ``peripheral``, ``poor-line`` or ``unmeasured``.
        probe: the check that found it.
        detail: why, in a word or a figure.
    """

    readiness: Readiness
    what: str
    probe: str
    detail: str


@dataclass(frozen=True, slots=True)
class RoomState:
    """How ready a room is, and all that stands against it, the worst first."""

    readiness: Readiness
    findings: tuple[Finding, ...]


def judge(own: Sequence[Result], line: Sequence[Result]) -> RoomState:
    """The state of an endpoint.

    Args:
        own: results of the endpoint's checks; the first one says whether it can be reached.
        line: results of its site's routers.
    """
    if own and own[0].outcome is Outcome.FAILURE:  # the rest follows from it
        found = _finding(Readiness.NOT_READY, "unreachable", own[0])
        return RoomState(found.readiness, (found,))
    findings = [finding for result in own if (finding := _own(result)) is not None]
    findings += [finding for result in line if (finding := _line(result)) is not None]
    findings.sort(key=lambda finding: -finding.readiness)
    if findings:
        return RoomState(findings[0].readiness, tuple(findings))
    proven = any(_fact(result, READY.name) == 1 for result in own)
    return RoomState(Readiness.READY if proven else Readiness.UNKNOWN, ())


def _own(result: Result) -> Finding | None:
    if result.outcome is Outcome.INVALID:
        return _finding(Readiness.UNKNOWN, "unmeasured", result)
    if _fact(result, IN_CALL.name) == 1:
        return _finding(Readiness.AT_RISK, "busy", result)
    if result.outcome is Outcome.FAILURE:
        return _finding(Readiness.NOT_READY, "failed", result)
    for fact, readiness, what in _NEEDED:
        if _fact(result, fact.name) == 0:
            return _finding(readiness, what, result)
    return None


def _finding(readiness: Readiness, what: str, result: Result) -> Finding:
    return Finding(readiness, what, result.check.probe, result.detail or str(result.reason))


def _line(result: Result) -> Finding | None:
    """Only what a stream of test packets says; a router that is silent itself may still forward."""
    loss, score = _fact(result, MEDIA_LOSS.name), _fact(result, MEDIA_MOS.name)
    if result.outcome is not Outcome.SUCCESS:
        return None
    if loss is not None and loss > MOST_LOSS:
        return Finding(Readiness.AT_RISK, "poor-line", result.check.probe, f"loss {loss:.1%}")
    if score is not None and score < LEAST_MOS:
        return Finding(Readiness.AT_RISK, "poor-line", result.check.probe, f"MOS {score:.1f}")
    return None


def _fact(result: Result, name: str) -> float | None:
    """The first value of a kind: of the round trip, where there are directions."""
    return next((fact.value for fact in result.facts if fact.name == name), None)

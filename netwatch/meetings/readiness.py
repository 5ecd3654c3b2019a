"""Whether a room is ready for a meeting, from what was just measured. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from netwatch.core.facts import (
    IN_CALL,
    MEDIA_LOSS,
    MEDIA_MOS,
    PERIPHERALS,
    READY,
    REGISTERED,
    Fact,
)
from netwatch.core.result import Outcome, Result

MAX_LOSS = 0.01
"""Share of packets beyond which video suffers (Cisco's and Teams' limits for their own)."""

MIN_MOS = 3.6
"""Below it many users are dissatisfied (ITU-T G.109: R below 70)."""


class Readiness(IntEnum):
    """How ready a room is for a call; the greater, the worse."""

    READY = 0
    UNKNOWN = 1
    """Nothing is wrong, and nothing says that a call would be taken."""
    AT_RISK = 2
    NOT_READY = 3

    @property
    def label(self) -> str:
        """The value of the ``readiness`` label."""
        return self.name.lower()


class FindingKind(StrEnum):
    """What stands against a room. A closed set, because it becomes a label value."""

    UNREACHABLE = "unreachable"
    FAILED = "failed"
    NOT_READY = "not-ready"
    """It said that it takes no call."""
    NOT_REGISTERED = "not-registered"
    """It is not known to the exchange or gatekeeper that calls go through."""
    BUSY = "busy"
    PERIPHERAL = "peripheral"
    """A camera, microphone or screen has a fault."""
    POOR_LINE = "poor-line"
    OVERLOAD = "overload"
    """A line on the way can't carry all the calls over it."""
    WANTED_TWICE = "wanted-twice"
    """Another meeting wants it at the same time."""
    UNMEASURED = "unmeasured"


_NEEDED = (
    (READY, Readiness.NOT_READY, FindingKind.NOT_READY),
    (REGISTERED, Readiness.NOT_READY, FindingKind.NOT_REGISTERED),
    (PERIPHERALS, Readiness.AT_RISK, FindingKind.PERIPHERAL),
)
"""Facts that must not be 0, with the readiness and the finding of a room of which one is."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that stands against a room.

    Attributes:
        probe: the check that found it; or ``calendar``, ``vantage``, or the id of a line.
        detail: a reason or a figure, for people.
    """

    readiness: Readiness
    kind: FindingKind
    probe: str
    detail: str


@dataclass(frozen=True, slots=True)
class RoomState:
    """How ready a room is, and all that stands against it, the worst first."""

    readiness: Readiness
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Silence:
    """Since when the first check of an endpoint has been failing.

    Attributes:
        since: monotonic seconds; an answer to any other check since then contradicts it.
        again: it failed more than once, so it was not a single echo that got lost.
    """

    since: float
    again: bool


def room_state(
    own: Sequence[Result],
    line: Sequence[Result],
    others: Sequence[Finding] = (),
    *,
    silence: Silence | None = None,
    in_meeting: bool = False,
) -> RoomState:
    """How ready an endpoint is, and what stands against it.

    Args:
        own: results of the endpoint's checks; the first one says whether it can be reached.
        line: results of its site's routers.
        others: findings besides those of the results.
        silence: earlier failures of the first check; None: it was measured once only.
        in_meeting: the meeting is under way, so that an endpoint in a call is no finding.
    """
    judged = own
    if own and own[0].outcome is Outcome.FAILURE:
        if _is_unreachable(own, silence):  # the rest follows from it
            found = _finding(Readiness.NOT_READY, FindingKind.UNREACHABLE, own[0])
            return RoomState(found.readiness, (found,))
        judged = own[1:]
    against = [*(_own(result, in_meeting) for result in judged), *map(_line, line), *others]
    findings = [finding for finding in against if finding is not None]
    findings.sort(key=lambda finding: -finding.readiness)
    if findings:
        return RoomState(findings[0].readiness, tuple(findings))
    proven = any(
        fact(result, READY) == 1 or (in_meeting and fact(result, IN_CALL) == 1) for result in own
    )
    return RoomState(Readiness.READY if proven else Readiness.UNKNOWN, ())


def _is_unreachable(own: Sequence[Result], silence: Silence | None) -> bool:
    """Nothing answered since the first check began to fail, and more than one question says so."""
    since = own[0].due if silence is None else silence.since
    later = [result.outcome for result in own[1:] if result.finished >= since]
    if Outcome.SUCCESS in later:
        return False
    return silence is None or silence.again or Outcome.FAILURE in later


def fact(result: Result, kind: Fact) -> float | None:
    """A result's value of a fact, of the round trip where it has directions; None without one."""
    return next((each.value for each in result.facts if each.name == kind.name), None)


def _own(result: Result, in_meeting: bool) -> Finding | None:
    if result.outcome is Outcome.INVALID:
        return _finding(Readiness.UNKNOWN, FindingKind.UNMEASURED, result)
    if fact(result, IN_CALL) == 1:
        return None if in_meeting else _finding(Readiness.AT_RISK, FindingKind.BUSY, result)
    if result.outcome is Outcome.FAILURE:
        return _finding(Readiness.NOT_READY, FindingKind.FAILED, result)
    for needed, readiness, kind in _NEEDED:
        if fact(result, needed) == 0:
            return _finding(readiness, kind, result)
    return None


def _finding(readiness: Readiness, kind: FindingKind, result: Result) -> Finding:
    return Finding(readiness, kind, result.check.probe, result.detail or str(result.reason))


def _line(result: Result) -> Finding | None:
    """Only what a stream of test packets says; a router that is silent itself may still forward."""
    loss, score = fact(result, MEDIA_LOSS), fact(result, MEDIA_MOS)
    if result.outcome is not Outcome.SUCCESS:
        return None
    if loss is not None and loss > MAX_LOSS:
        return poor_line(result.check.probe, f"loss {loss:.1%}")
    if score is not None and score < MIN_MOS:
        return poor_line(result.check.probe, f"MOS {score:.1f}")
    return None


def poor_line(probe: str, detail: str) -> Finding:
    """The finding that calls to a room suffer on its way."""
    return Finding(Readiness.AT_RISK, FindingKind.POOR_LINE, probe, detail)

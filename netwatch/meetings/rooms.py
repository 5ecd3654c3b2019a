"""How each room of a meeting stands now, by the last results in the state table. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from netwatch.core.facts import IN_CALL, MEDIA_LOSS, MEDIA_MOS, Fact
from netwatch.core.result import Outcome, Result
from netwatch.core.state import State
from netwatch.meetings.meeting import Meeting
from netwatch.meetings.readiness import (
    Finding,
    FindingKind,
    Readiness,
    RoomState,
    Silence,
    fact,
    poor_line,
    room_state,
)
from netwatch.state.attachment import Key, target_key
from netwatch.state.cause import BeyondLimit
from netwatch.state.check_status import CheckStatus
from netwatch.state.table import StateTable
from netwatch.state.target import TargetStatus

_BLIND = Finding(Readiness.UNKNOWN, FindingKind.UNMEASURED, "vantage", "the collector is blind")


@dataclass(frozen=True, slots=True)
class Room:
    """What is known of a meeting room at this moment; None is not known.

    Attributes:
        reachable: whether something there answered.
        in_call: whether it is in a call, as it said itself.
        loss: share of packets lost on the way to it, 0 to 1.
        mos: mean opinion score of the way to its site, 1 to 4.5.
    """

    state: RoomState
    reachable: bool | None = None
    in_call: bool | None = None
    loss: float | None = None
    mos: float | None = None


def assess_rooms(
    meeting: Meeting,
    states: StateTable,
    now: float,
    others: Mapping[str, Sequence[Finding]],
    *,
    in_meeting: bool,
) -> Iterator[tuple[str, Room]]:
    """Yields every room of a meeting with what is known of it, the MCU first.

    Args:
        meeting: whose rooms are assessed.
        states: what was measured.
        now: monotonic seconds; results that are too old by then say nothing.
        others: by room, what stands against it besides its own measurements.
        in_meeting: the meeting is under way.
    """
    if states.vantage.suspect:
        blind = Room(RoomState(Readiness.UNKNOWN, (_BLIND,)))
        yield from ((room, blind) for room in meeting.rooms)
        return
    sites = {room.partition("/")[0] for room in meeting.rooms}
    media: dict[str, list[Result]] = {site: [] for site in sites}
    for (site, _), device in states.targets.items():
        if site in sites:
            media[site] += [
                result
                for status in device.checks
                if status.check.params.traits.media_stream
                and (result := _fresh(status, now)) is not None
            ]
    for room in meeting.rooms:
        site, key = room.partition("/")[0], target_key(room)
        target = states.targets.get(key)
        gone = None if target is None else _gone(key, target, states)
        if gone is not None:
            yield room, gone
        else:
            yield room, _assess(target, media[site], now, others.get(room, ()), in_meeting)


def _gone(key: Key, target: TargetStatus, states: StateTable) -> Room | None:
    """A room that is known to be cut off, whatever its last results are; None when it isn't."""
    is_gone = target.state in {State.DOWN, State.UNREACHABLE}
    root = target.root if is_gone else states.doubts.gone_above(key)
    if root is None or target.primary is None:
        return None
    probe = target.primary.check.probe
    found = Finding(Readiness.NOT_READY, FindingKind.UNREACHABLE, probe, str(root))
    return Room(RoomState(Readiness.NOT_READY, (found,)), reachable=False)


def _assess(
    target: TargetStatus | None,
    media: list[Result],
    now: float,
    others: Sequence[Finding],
    in_meeting: bool,
) -> Room:
    if target is None:  # the inventory was replaced, and the meeting not yet
        return Room(RoomState(Readiness.UNKNOWN, tuple(others)))
    read = {status.check.probe: _fresh(status, now) for status in target.checks}
    own = [result for result in read.values() if result is not None]
    findings = [*others]
    findings += [
        Finding(Readiness.UNKNOWN, FindingKind.UNMEASURED, probe, "no result")
        for probe, result in read.items()
        if result is None
    ]
    if isinstance(target.cause, BeyondLimit) and target.primary is not None:
        findings.append(poor_line(target.primary.check.probe, str(target.cause)))
    if next(iter(read.values()), None) is None:  # whether it can be reached is not known
        own = [result for result in own if result.outcome is Outcome.SUCCESS]
    silence = _silence(target.primary)
    judged = room_state(own, media, findings, silence=silence, in_meeting=in_meeting)
    state = _with_cause(judged, target)
    losses, scores = _values(media, MEDIA_LOSS), _values(media, MEDIA_MOS)
    calls = _values(own, IN_CALL)
    echoes = target.primary.quality.loss_ratio if target.primary else None
    return Room(
        state=state,
        reachable=_reachable(own, state),
        in_call=max(calls) == 1 if calls else None,
        loss=max(losses, default=echoes),
        mos=min(scores, default=None),
    )


def _values(results: Sequence[Result], kind: Fact) -> list[float]:
    """The values of a fact, from the results that have it."""
    return [value for result in results if (value := fact(result, kind)) is not None]


def _fresh(status: CheckStatus, now: float) -> Result | None:
    """The last result; None when there is none, or it is too old to say anything."""
    last = status.last
    return last if last is not None and now - last.finished <= status.patience else None


def _silence(first: CheckStatus | None) -> Silence | None:
    """Since when the first check has been failing; None while it isn't."""
    if first is None or first.failing_since is None or first.last is None:
        return None
    since = first.failing_since - first.check.timeout
    return Silence(since, again=first.last.finished > first.failing_since)


def _reachable(own: Sequence[Result], state: RoomState) -> bool | None:
    """Whether the room could be reached; None when nothing that was measured tells."""
    if any(finding.kind is FindingKind.UNREACHABLE for finding in state.findings):
        return False
    return True if any(result.outcome is Outcome.SUCCESS for result in own) else None


def _with_cause(state: RoomState, target: TargetStatus) -> RoomState:
    """The same, but for a room that can't be reached with the root cause as the detail."""
    if target.root is None or not any(f.kind is FindingKind.UNREACHABLE for f in state.findings):
        return state
    (found,) = state.findings
    caused = Finding(found.readiness, found.kind, found.probe, str(target.root))
    return RoomState(state.readiness, (caused,))

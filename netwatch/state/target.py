"""The state of one target, from the results of its checks."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from netwatch.core.check import Check
from netwatch.core.result import Outcome, Result
from netwatch.core.state import REACHABLE, State
from netwatch.inventory.checks import CheckClass, Limits
from netwatch.state.cause import BeyondLimit, Cause, CutLine, FailedProbe, Figure, UnstablePath
from netwatch.state.check_status import CheckStatus
from netwatch.state.hysteresis import Hysteresis
from netwatch.state.maintenance import Work
from netwatch.state.quality import PathQuality
from netwatch.state.restored import RestoredState
from netwatch.state.root import Root, RootKind, RootVerdict


@dataclass(frozen=True, slots=True)
class Sighting:
    """The last valid result of a target's primary check.

    Attributes:
        answered: whether the target answered, and was hard up.
        due: monotonic time of the slot, seconds.
    """

    answered: bool
    due: float


class TargetStatus:
    """One target. Its first check says whether it is reachable, the others can only degrade it.

    Attributes:
        check_class: limits and hysteresis of the target's role and tier.
        checks: its checks; the first of them is the primary one.
        state: the hard state.
        since: unix time at which the state began; None while it never had one.
        cause: why it isn't up; None when it is, or when that is not known.
        verdict: the root cause of its silence; None while it answers, or that is not known.
        cut_line: id of a line to the target that is cut, while another one reaches it.
        unstable_path: its own ``site/target`` while the path to it is unstable; else None.
        work: the planned work that is under way at the target; None when there is none.
        is_excused: whether the root cause is a line that is being worked on.
        is_awaited: whether what it stands behind has just gone or come back, and nothing was heard
            of it since; it says nothing of its site meanwhile.
        restored: state and its begin (unix time) from the previous run; None once this run has one.
    """

    __slots__ = (
        "_degraded_until",
        "cause",
        "check_class",
        "checks",
        "cut_line",
        "is_awaited",
        "is_excused",
        "restored",
        "since",
        "state",
        "unstable_path",
        "verdict",
        "work",
    )

    def __init__(self, check_class: CheckClass) -> None:
        self.state = State.UNKNOWN
        self.since: float | None = None
        self.cause: Cause | None = None
        self.verdict: RootVerdict | None = None
        self.cut_line: str | None = None
        self.unstable_path: str | None = None
        self.work: Work | None = None
        self.is_excused = False
        self.is_awaited = False
        self.restored: tuple[State, float] | None = None
        self._degraded_until: float | None = None
        self.checks: tuple[CheckStatus, ...] = ()
        self.check_class = check_class

    def set_checks(
        self,
        check_class: CheckClass,
        checks: list[Check],
        create: Callable[[Check, Hysteresis], CheckStatus] = CheckStatus,
    ) -> None:
        """Watch these checks from now on; the history of those that were there before is kept.

        Args:
            check_class: the target's class.
            checks: all checks of the target.
            create: makes the status of a check that is new.
        """
        self.check_class = check_class
        statuses = []
        for check in checks:
            known = self.status_of(check.probe)
            if known is None or known.check.address != check.address:
                needed = Hysteresis(check_class.down_after, check_class.up_after)
                known = create(check, needed)
            known.check = check
            known.hysteresis.set_needed(check_class.down_after, check_class.up_after)
            statuses.append(known)
        self.checks = tuple(statuses)

    def status_of(self, probe: str) -> CheckStatus | None:
        """The status of one check, by the value of its ``probe`` label."""
        return next((status for status in self.checks if status.check.probe == probe), None)

    @property
    def primary(self) -> CheckStatus | None:
        """The check that decides whether the target is reachable."""
        return self.checks[0] if self.checks else None

    def explains(self, status: CheckStatus, result: Result) -> bool:
        """Whether a result of another check than the first fails only as the first one does."""
        primary = self.primary
        return (
            result.outcome is Outcome.FAILURE
            and primary is not None
            and primary is not status
            and primary.failing_since is not None
        )

    @property
    def root(self) -> Root | None:
        """The line or target that is at fault; None when the graph doesn't say."""
        if self.verdict is not None:
            is_told = not self.verdict.is_there or self.verdict.root.kind is RootKind.PATH
            return self.verdict.root if is_told else None
        match self.cause:
            case CutLine(line):
                return Root(RootKind.LINK, line)
            case UnstablePath(place):
                return Root(RootKind.PATH, place)
        return None

    def judge(self) -> bool:
        """Work out the state from the checks; returns whether it changed."""
        state, self.cause, since = self._judged()
        if state is self.state:
            return False
        if {state, self.state} == {State.DOWN, State.UNREACHABLE}:
            since = None  # it was silent before: only whose fault that is has changed
        self.since = begin(state, since, self.restored)
        self.state, self.restored = state, None
        return True

    def resume(self, restored: RestoredState, ago: float, now: float) -> bool:
        """Take over the state of the previous run; returns whether it is recent enough.

        Args:
            restored: what that run left in the journal.
            ago: seconds since that run ended.
            now: monotonic seconds.
        """
        self.restored = restored.state, restored.since
        primary = self.primary
        is_known = restored.state in {*REACHABLE, State.DOWN, State.UNREACHABLE}
        if primary is None or not is_known or ago > primary.patience:
            return False
        hard = restored.state in REACHABLE
        primary.hysteresis.resume(hard=hard, began=restored.since)
        primary.last_valid = now - ago
        primary.failing_since = None if hard else now - ago
        if restored.state is State.DEGRADED:
            # It takes each check some results to find out again what was wrong.
            slowest = max(status.patience for status in self.checks)
            self._degraded_until = now + slowest
        return True

    def settle(self, now: float) -> bool:
        """Drop a restored ``degraded`` when its time is up; returns whether none is left."""
        if self._degraded_until is not None and now < self._degraded_until:
            return False
        self._degraded_until = None
        return True

    @property
    def sighting(self) -> Sighting | None:
        """The last result of the primary check; None when it was invalid or there is none."""
        primary = self.primary
        last = primary.last if primary else None
        if primary is None or last is None or last.outcome is Outcome.INVALID:
            return None
        up = primary.hysteresis.hard is True
        return Sighting(up and last.outcome is Outcome.SUCCESS, last.due)

    def forget(self) -> None:
        """Back to unknown, e.g. while the collector is blind."""
        self._degraded_until = None
        for status in self.checks:
            status.forget()

    def _judged(self) -> tuple[State, Cause | None, float | None]:
        if self.work is not None:
            return State.MAINTENANCE, None, self.work.began
        return self._measured()

    def _measured(self) -> tuple[State, Cause | None, float | None]:
        primary = self.primary
        if primary is None or primary.hysteresis.hard is None:
            return State.UNKNOWN, None, None
        if not primary.hysteresis.hard:
            if self.verdict is None:  # nothing is called down before it is known whose fault it is
                return self.state, self.cause, self.since
            return (
                self._silenced_by(self.verdict),
                _failure(primary),
                primary.hysteresis.streak_began,
            )
        ways = self._cause_on_the_way()
        if ways is not None:
            return State.DEGRADED, ways, None
        for status in self.checks:
            if status.hysteresis.hard is False:
                return State.DEGRADED, _failure(status), status.hysteresis.streak_began
        cause = _beyond(primary.quality, self.check_class.limits)
        is_degraded = cause is not None or self._degraded_until is not None
        return (State.DEGRADED if is_degraded else State.UP), cause, None

    def _cause_on_the_way(self) -> Cause | None:
        """What is wrong with one of several lines to the target; None when nothing is known."""
        if self.cut_line is not None:
            return CutLine(self.cut_line)
        return None if self.unstable_path is None else UnstablePath(self.unstable_path)

    def _silenced_by(self, verdict: RootVerdict) -> State:
        """The state of a target that does not answer."""
        if verdict.is_there:
            return State.DEGRADED
        is_own = verdict.is_first and verdict.root.kind is not RootKind.PATH
        return State.DOWN if is_own and not self.is_excused else State.UNREACHABLE


def begin(state: State, since: float | None, restored: tuple[State, float] | None) -> float:
    """The unix time at which a state began.

    Args:
        state: the state that begins.
        since: unix time as this run knows it; None for now.
        restored: state and begin of the previous run, which go on if the state is the same.
    """
    if restored is not None and restored[0] is state:
        return restored[1]
    return since or time.time()


def _failure(status: CheckStatus) -> FailedProbe:
    return FailedProbe(status.check.probe, status.last_failure)


def _beyond(quality: PathQuality, limits: Limits) -> BeyondLimit | None:
    """The first measure that exceeds its limit; None when all are within, or too few are known."""
    if not quality.is_judged:
        return None
    figures = (
        (Figure.LOSS, quality.judged_loss_ratio, limits.loss),
        (Figure.ROUND_TRIP, quality.judged_round_trip(limits.rtt), limits.rtt),
        (Figure.JITTER, quality.judged_jitter(limits.jitter), limits.jitter),
    )
    for figure, value, limit in figures:
        if value is not None and value > limit:
            return BeyondLimit(figure, value)
    return None

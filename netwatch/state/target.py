"""The state of one target, from the results of its checks."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from math import inf

from netwatch.core.check import Check
from netwatch.core.result import Outcome, Reason, Result
from netwatch.core.state import REACHABLE, State
from netwatch.inventory.checks import CheckClass, Limits
from netwatch.state.cause import BeyondLimit, Cause, CutLine, FailedProbe, Figure
from netwatch.state.hysteresis import Hysteresis
from netwatch.state.maintenance import Work
from netwatch.state.quality import PathQuality
from netwatch.state.restored import RestoredState
from netwatch.state.root import Root, RootKind, RootVerdict

MAX_SILENT = 5
"""Failures by silence in a row until a reason that was told before them is forgotten."""

_TOLD_BY_ROUTERS = {
    Reason.HOST_UNREACHABLE,
    Reason.NETWORK_UNREACHABLE,
    Reason.PROHIBITED,
    Reason.TTL_EXCEEDED,
}
"""Reasons that a router on the way gives by ICMP (RFC 792, RFC 4443)."""

STALE_AFTER = 3
"""Intervals without a valid result until a check is unknown again."""

EARLY = 0.1
"""Intervals by which a failure may come early, and still belong to the next one. What is asked
outside its slots counts one failure an interval for ``down_after``: several may be one burst."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """The last valid result of a target's primary check.

    Attributes:
        answered: whether the target answered, and was hard up.
        due: monotonic time of the slot, seconds.
    """

    answered: bool
    due: float


@dataclass(slots=True)
class CheckStatus:
    """The history of one check, and what it says of the target.

    Attributes:
        check: what is measured, and how often.
        hysteresis: whether it succeeds.
        quality: loss, round trip and jitter of its results.
        last: the last result, valid or not; None before the first.
        last_valid: monotonic time of the last result that measured something, seconds.
        last_failure: reason of the last failure; OK while there was none.
        refusal: ``from ROUTER``, which told last why it fails; empty when none did, or it succeeds.
        failing_since: monotonic time at which the first of the last failures was known; None while
            the last valid result is a success.
        answered: monotonic time of the last slot that was answered before those failures; None
            when that is not known.
        is_asked: whether it was asked outside its slots since its last success.
    """

    check: Check
    hysteresis: Hysteresis
    quality: PathQuality = field(default_factory=PathQuality)
    last: Result | None = None
    last_valid: float | None = None
    last_failure: Reason = Reason.OK
    refusal: str = ""
    failing_since: float | None = None
    answered: float | None = None
    _told_ago: int = 0
    is_asked: bool = False
    _row: tuple[float, int] = (-inf, 0)

    def record(self, result: Result) -> None:
        """Take in one result."""
        if result.outcome is not Outcome.INVALID:
            is_counted = self.judge(result)
            if result.outcome is not Outcome.SUCCESS:
                if is_counted:
                    self.quality.loss()
            elif result.duration is not None:
                self.quality.reply(result.duration)
        self.last = result

    def judge(self, result: Result) -> bool:
        """Take in what a valid result means for the state, but not for ``quality``.

        Call it before the result becomes ``last``.

        Returns:
            Whether it counts for ``quality``: asked outside its slots, one failure an interval.
        """
        self.last_valid = result.finished
        good = result.outcome is Outcome.SUCCESS
        if self.is_outrun(result):
            return True
        was = self.hysteresis.hard
        is_counted = good or self._is_spaced(result.due)
        if is_counted:
            self.hysteresis.record(good=good, at=time.time())
        if good and was is False and self.hysteresis.hard:
            self.quality.forget()
        if good:
            self.failing_since, self.is_asked, self.refusal = None, False, ""
        else:
            if self.failing_since is None:
                self.failing_since = result.finished
                outcome, due = self.last_slot
                self.answered = due if outcome is Outcome.SUCCESS else None
                self.last_failure = result.reason
            self._note(result)
        return is_counted

    def _note(self, failure: Result) -> None:
        """Keep the reason of a failure; silence replaces what a router said only in the long run.

        A router that forwards in a circle, or has no route, says so seldom: it limits its errors.
        """
        self._told_ago += 1
        is_told = self.last_failure in _TOLD_BY_ROUTERS and self._told_ago <= MAX_SILENT
        if failure.reason is not Reason.TIMEOUT or not is_told:
            self.last_failure, self._told_ago = failure.reason, 0
        self.refusal = failure.detail if failure.reason in _TOLD_BY_ROUTERS else self.refusal

    def is_outrun(self, result: Result) -> bool:
        """Whether a later slot than that of a failure was answered before its time was up."""
        if result.outcome is Outcome.SUCCESS:
            return False
        outcome, due = self.last_slot
        return outcome is Outcome.SUCCESS and due > result.due

    def prove_down(self, since: float, *, is_inferred: bool) -> None:
        """Call it hard bad by other proof than ``down_after``.

        Args:
            since: monotonic time from which its silence was known, if no failure was before.
            is_inferred: whether one success undoes it.
        """
        self.hysteresis.prove_bad(time.time(), is_inferred=is_inferred)
        if self.failing_since is None:
            outcome, due = self.last_slot
            self.answered = due if outcome is Outcome.SUCCESS else None
            self.failing_since, self.last_failure = since, Reason.TIMEOUT

    def _is_spaced(self, due: float) -> bool:
        """Whether a failure is the first of its interval; they are counted from the row's first."""
        began, counted = self._row
        if self.failing_since is None or began == -inf:
            self._row = due, 0
            return True
        interval = int((due - began) / self.check.interval + EARLY)
        self._row = began, max(counted, interval)
        return interval > counted or not self.is_asked

    @property
    def last_slot(self) -> tuple[Outcome | None, float]:
        """Outcome of the last result, None before the first; and monotonic time of its slot."""
        return (self.last.outcome, self.last.due) if self.last else (None, -inf)

    @property
    def patience(self) -> float:
        """Seconds after which the last valid result is too old to count."""
        return STALE_AFTER * self.check.interval + self.check.timeout

    def expire(self, now: float) -> bool:
        """Become unknown when nothing was measured for too long; returns whether that happened."""
        if self.last_valid is None or now - self.last_valid <= self.patience:
            return False
        self.forget()
        return True

    def forget(self) -> None:
        """Back to unknown."""
        self.last_valid = self.failing_since = None
        self.hysteresis.forget()
        self.quality.forget()


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
        "verdict",
        "work",
    )

    def __init__(self, check_class: CheckClass) -> None:
        self.state = State.UNKNOWN
        self.since: float | None = None
        self.cause: Cause | None = None
        self.verdict: RootVerdict | None = None
        self.cut_line: str | None = None
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

    @property
    def root(self) -> Root | None:
        """The line or target that is at fault; None when the graph doesn't say."""
        if self.verdict is not None:
            return None if self.verdict.is_there else self.verdict.root
        match self.cause:
            case CutLine(line):
                return Root(RootKind.LINK, line)
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
        if self.cut_line is not None:
            return State.DEGRADED, CutLine(self.cut_line), None
        for status in self.checks:
            if status.hysteresis.hard is False:
                return State.DEGRADED, _failure(status), status.hysteresis.streak_began
        cause = _beyond(primary.quality, self.check_class.limits)
        is_degraded = cause is not None or self._degraded_until is not None
        return (State.DEGRADED if is_degraded else State.UP), cause, None

    def _silenced_by(self, verdict: RootVerdict) -> State:
        """The state of a target that does not answer."""
        if verdict.is_there:
            return State.DEGRADED
        return State.DOWN if verdict.is_first and not self.is_excused else State.UNREACHABLE


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
        (Figure.ROUND_TRIP, quality.round_trip, limits.rtt),
        (Figure.JITTER, quality.jitter, limits.jitter),
    )
    for figure, value, limit in figures:
        if value is not None and value > limit:
            return BeyondLimit(figure, value)
    return None

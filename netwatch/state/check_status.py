"""The history of one check of a target, and what it says of the target."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from math import inf

from netwatch.core.check import Check
from netwatch.core.result import Outcome, Reason, Result
from netwatch.state.hysteresis import Hysteresis
from netwatch.state.quality import PathQuality

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

    def set_aside(self, result: Result) -> None:
        """Take in a failure that says nothing of this check, because the target is silent anyway.

        When the target answers again it would be degraded until as many successes have come as
        this check needs, which may be minutes.
        """
        self.last, self.last_valid = result, result.finished

    def judge(self, result: Result) -> bool:
        """Take in what a valid result means for the state, but not for ``quality``.

        Call it before the result becomes ``last``.

        Returns:
            Whether it counts for ``quality``: asked outside its slots, one failure an interval.
        """
        known, self.last_valid = self.last_valid, result.finished
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
                self.answered = self._answer_before(known)
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
            self.answered = self._answer_before(self.last_valid)
            self.failing_since, self.last_failure = since, Reason.TIMEOUT

    def _answer_before(self, known: float | None) -> float | None:
        """When a check that begins to fail was answered last; of a former run: when that ended.

        Args:
            known: monotonic time of the last valid result, seconds.
        """
        outcome, due = self.last_slot
        if outcome is None and self.hysteresis.hard:
            return known
        return due if outcome is Outcome.SUCCESS else None

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

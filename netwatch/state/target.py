"""The state of one target, from the results of its checks."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from netwatch.core.check import Check
from netwatch.core.result import Outcome, Reason, Result
from netwatch.core.state import State
from netwatch.inventory.model import CheckClass, Limits
from netwatch.state.cause import BeyondLimit, Cause, FailedProbe, Figure
from netwatch.state.hysteresis import Hysteresis
from netwatch.state.quality import PathQuality

STALE_AFTER = 3
"""Intervals without a valid result until a check is unknown again."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """How a target was seen last, by the check that decides whether it is reachable.

    Attributes:
        answered: it did, and was not held to be down before.
        due: monotonic time of the slot, seconds.
    """

    answered: bool
    due: float


@dataclass(slots=True)
class CheckStatus:
    """One check's judged history.

    Attributes:
        last: the last result, valid or not; None before the first.
        last_valid: monotonic time of the last result that measured something, seconds.
        last_failure: why it failed last; meaningless while it never did.
    """

    check: Check
    hysteresis: Hysteresis
    quality: PathQuality = field(default_factory=PathQuality)
    last: Result | None = None
    last_valid: float | None = None
    last_failure: Reason = Reason.OK

    def record(self, result: Result) -> None:
        """Take in one result."""
        self.last = result
        if result.outcome is Outcome.INVALID:
            return
        self.last_valid = result.finished
        was = self.hysteresis.hard
        good = result.outcome is Outcome.SUCCESS
        self.hysteresis.record(good=good, at=time.time())
        if good and was is False and self.hysteresis.hard:
            self.quality.forget()
        if not good:
            self.last_failure = result.reason
        if good and result.duration is not None:
            self.quality.reply(result.duration)
        else:
            self.quality.loss()

    def expire(self, now: float) -> bool:
        """Become unknown when nothing was measured for too long; returns whether that happened."""
        patience = STALE_AFTER * self.check.interval + self.check.timeout
        if self.last_valid is None or now - self.last_valid <= patience:
            return False
        self.forget()
        return True

    def forget(self) -> None:
        """Back to unknown."""
        self.last_valid = None
        self.hysteresis.forget()
        self.quality.forget()


class TargetStatus:
    """One target: the first check of its class says whether it's reachable, the others degrade.

    Attributes:
        state: the hard state.
        since: unix time at which the state began; None while it never had one.
        cause: why it isn't up; None when it is, or when that is not known.
    """

    def __init__(self, check_class: CheckClass) -> None:
        self.state = State.UNKNOWN
        self.since: float | None = None
        self.cause: Cause | None = None
        self.checks: dict[str, CheckStatus] = {}
        self.check_class = check_class

    def set_checks(self, check_class: CheckClass, checks: list[Check]) -> None:
        """Watch these checks from now on; the history of those that were there before is kept."""
        self.check_class = check_class
        before, self.checks = self.checks, {}
        for check in checks:
            known = before.get(check.probe)
            if known is None or known.check.address != check.address:
                needed = Hysteresis(check_class.down_after, check_class.up_after)
                known = CheckStatus(check, needed)
            known.check = check
            known.hysteresis.set_needed(check_class.down_after, check_class.up_after)
            self.checks[check.probe] = known

    @property
    def primary(self) -> CheckStatus | None:
        """The check that decides whether the target is reachable."""
        return next(iter(self.checks.values()), None)

    def judge(self) -> bool:
        """Work out the state from the checks; returns whether it changed."""
        state, self.cause, since = self._judged()
        if state is self.state:
            return False
        self.state = state
        self.since = since or time.time()
        return True

    @property
    def sighting(self) -> Sighting | None:
        """How it was seen last; None when the last slot measured nothing."""
        primary = self.primary
        last = primary.last if primary else None
        if primary is None or last is None or last.outcome is Outcome.INVALID:
            return None
        up = primary.hysteresis.hard is True
        return Sighting(up and last.outcome is Outcome.SUCCESS, last.due)

    def forget(self) -> None:
        """Back to unknown, e.g. while the collector is blind."""
        for status in self.checks.values():
            status.forget()

    def _judged(self) -> tuple[State, Cause | None, float | None]:
        primary = self.primary
        if primary is None or primary.hysteresis.hard is None:
            return State.UNKNOWN, None, None
        if not primary.hysteresis.hard:
            return State.DOWN, _failure(primary), primary.hysteresis.streak_began
        for status in self.checks.values():
            if status.hysteresis.hard is False:
                return State.DEGRADED, _failure(status), status.hysteresis.streak_began
        cause = _beyond(primary.quality, self.check_class.limits)
        return (State.DEGRADED if cause else State.UP), cause, None


def _failure(status: CheckStatus) -> FailedProbe:
    return FailedProbe(status.check.probe, status.last_failure)


def _beyond(quality: PathQuality, limits: Limits) -> BeyondLimit | None:
    """The first figure that is beyond its limit."""
    if not quality.is_judged:
        return None
    figures = (
        (Figure.LOSS, quality.loss_ratio, limits.loss),
        (Figure.ROUND_TRIP, quality.round_trip, limits.rtt),
        (Figure.JITTER, quality.jitter, limits.jitter),
    )
    for figure, value, limit in figures:
        if value is not None and value > limit:
            return BeyondLimit(figure, value)
    return None

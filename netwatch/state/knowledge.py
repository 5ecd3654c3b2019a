"""What is known of a target, how recently, and how to ask for more."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import inf

from netwatch.core.check import Check
from netwatch.core.result import Outcome, Result
from netwatch.state.doors import VANTAGE, Key
from netwatch.state.target import CheckStatus, TargetStatus

MOMENT = 0.5
"""Seconds beyond its timeout that a result is waited for."""


class Knowledge:
    """Looks at the first check of each target, which decides whether it is reachable.

    Args:
        verify: begins a measurement now, outside its slot.

    Attributes:
        asked: how often that was done.
    """

    def __init__(self, verify: Callable[[Check], None]) -> None:
        self.asked = 0
        self._verify = verify
        self._asked: dict[Key, float] = {}
        self.targets: Mapping[Key, TargetStatus] = {}

    def is_silent(self, key: Key) -> bool:
        """Whether a target is hard down by its own results."""
        primary = self._primary(key)
        return primary is not None and primary.hysteresis.hard is False

    def is_unknown(self, key: Key) -> bool:
        """Whether nothing is known of a target."""
        primary = self._primary(key)
        return key != VANTAGE and (primary is None or primary.hysteresis.hard is None)

    def failing_since(self, key: Key) -> float | None:
        """When the present row of failures began, monotonic seconds.

        None when it is too short to say anything, as for a target that is about to come back.
        """
        primary = self._primary(key)
        if primary is None or not primary.hysteresis.is_failing:
            return None
        return primary.failing_since

    def answers_since(self, key: Key, moment: float) -> bool:
        """Whether the last result of a target is an answer to what was sent after ``moment``."""
        if key == VANTAGE:
            return True
        last = self._last(key)
        return last is not None and last.outcome is Outcome.SUCCESS and last.due > moment

    def fails_long_after(self, key: Key, moment: float) -> bool:
        """Whether a target was bad after ``moment`` in as many slots as it takes to call it so."""
        last = self._last(key)
        if last is None or last.outcome is not Outcome.FAILURE:
            return False
        slots = self.targets[key].check_class.down_after - 1
        return last.due >= moment + slots * last.check.interval

    def answers_past(self, key: Key, silent: Key, since: float) -> bool:
        """Whether a target answers while a silent one before it did not, before and after that.

        Answers before ``since`` (monotonic seconds) don't count.
        """
        primary, last, other = self._primary(silent), self._last(key), self._last(silent)
        if primary is None or primary.failing_since is None or last is None or other is None:
            return False
        answers = self.answers_since(key, max(since, primary.failing_since))
        return answers and other.outcome is Outcome.FAILURE and last.due < other.due

    def ask(self, key: Key, now: float) -> float:
        """Have a target measured at once; returns for how many seconds that may be inconclusive."""
        primary = self._primary(key)
        if primary is None:
            return 0.0
        answer = primary.check.timeout + MOMENT
        if now - self._asked.get(key, -inf) >= answer:
            self._asked[key] = now
            self.asked += 1
            self._verify(primary.check)
        # Asked again and again, each time up to a moment late, until it is hard one way or another.
        return (answer + MOMENT) * self.targets[key].check_class.down_after + MOMENT

    def _primary(self, key: Key) -> CheckStatus | None:
        target = self.targets.get(key)
        return target.primary if target else None

    def _last(self, key: Key) -> Result | None:
        primary = self._primary(key)
        return primary.last if primary else None

"""What the last results say of each target's reachability, and how to measure one at once."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf

from netwatch.core.measure_now import MeasureNow
from netwatch.core.result import Outcome
from netwatch.state.attachment import VANTAGE, Key
from netwatch.state.target import CheckStatus, TargetStatus

RESULT_MARGIN = 0.5
"""Seconds beyond its timeout after which a result must be there."""


class Reachability:
    """Looks at the first check of each target, which decides whether it is reachable.

    Args:
        measure_now: asked when it isn't known whether a target answers.

    Attributes:
        verifications: how often that was done.
        targets: the states of all targets.
    """

    def __init__(self, measure_now: MeasureNow) -> None:
        self.verifications = 0
        self._measure_now = measure_now
        self._verified_at: dict[Key, float] = {}
        self.targets: Mapping[Key, TargetStatus] = {}

    def is_silent(self, key: Key) -> bool:
        """Whether a target is hard down by its own results."""
        primary = self._primary(key)
        return primary is not None and primary.hysteresis.hard is False

    def is_unknown(self, key: Key) -> bool:
        """Whether the state of a target is unknown, by its own results."""
        primary = self._primary(key)
        return key != VANTAGE and (primary is None or primary.hysteresis.hard is None)

    def failing_since(self, key: Key) -> float | None:
        """When the first of the last failures of a target was known, monotonic seconds.

        None when they are too few to call it down, as of a target that is about to come back.
        """
        primary = self._primary(key)
        if primary is None or not primary.hysteresis.is_failing:
            return None
        return primary.failing_since

    def answers_since(self, key: Key, moment: float) -> bool:
        """Whether the last result of a target is an answer, in a slot after ``moment``."""
        if key == VANTAGE:
            return True
        outcome, due = self._last(key)
        return outcome is Outcome.SUCCESS and due > moment

    def may_answer(self, key: Key) -> bool:
        """Whether a target is hard up, or its last result is an answer."""
        primary = self._primary(key)
        if primary is None:
            return False
        return primary.hysteresis.hard is True or primary.last_slot[0] is Outcome.SUCCESS

    def fails_long_after(self, key: Key, moment: float) -> bool:
        """Whether a target failed after ``moment`` in as many slots as it takes to call it down."""
        primary = self._primary(key)
        if primary is None or primary.last_slot[0] is not Outcome.FAILURE:
            return False
        slots = self.targets[key].check_class.down_after - 1
        return primary.last_slot[1] >= moment + slots * primary.check.interval

    def silence(self, key: Key) -> tuple[float, float]:
        """When a target began to fail, and its last failed slot, monotonic seconds.

        An empty interval, from inf to -inf, while it answers.
        """
        primary = self._primary(key)
        if primary is None or primary.failing_since is None:
            return inf, -inf
        outcome, due = primary.last_slot
        return primary.failing_since, due if outcome is Outcome.FAILURE else -inf

    def answers_between(self, key: Key, begin: float, end: float) -> bool:
        """Whether the last result of a target is an answer, in a slot between these times."""
        outcome, due = self._last(key)
        return outcome is Outcome.SUCCESS and begin < due < end

    def verify(self, key: Key, now: float) -> float:
        """Have a target measured at once, unless that is under way already.

        Returns:
            Seconds after which its state must be known, even when it has to be measured as often
            as it takes to call it down.
        """
        primary = self._primary(key)
        if primary is None:
            return 0.0
        answer = primary.check.timeout + RESULT_MARGIN
        if now - self._verified_at.get(key, -inf) >= answer:
            self._verified_at[key] = now
            self.verifications += 1
            self._measure_now(primary.check)
        # It is measured again and again, each time up to a margin late, until its state is hard.
        return (answer + RESULT_MARGIN) * self.targets[key].check_class.down_after + RESULT_MARGIN

    def _primary(self, key: Key) -> CheckStatus | None:
        target = self.targets.get(key)
        return target.primary if target else None

    def _last(self, key: Key) -> tuple[Outcome | None, float]:
        """Outcome and slot (monotonic seconds) of the last result."""
        primary = self._primary(key)
        return primary.last_slot if primary else (None, -inf)

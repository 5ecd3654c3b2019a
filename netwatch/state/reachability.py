"""What is known of a target, how recently, and how to ask for more."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import inf

from netwatch.core.check import Check
from netwatch.core.result import Outcome
from netwatch.state.attachment import VANTAGE, Key
from netwatch.state.target import CheckStatus, TargetStatus

MOMENT = 0.5
"""Seconds beyond its timeout that a result is waited for."""


class Reachability:
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
        outcome, due = self._last(key)
        return outcome is Outcome.SUCCESS and due > moment

    def may_answer(self, key: Key) -> bool:
        """Whether a target is up, or answered last."""
        primary = self._primary(key)
        if primary is None:
            return False
        return primary.hysteresis.hard is True or primary.last_slot[0] is Outcome.SUCCESS

    def fails_long_after(self, key: Key, moment: float) -> bool:
        """Whether a target was bad after ``moment`` in as many slots as it takes to call it so."""
        primary = self._primary(key)
        if primary is None or primary.last_slot[0] is not Outcome.FAILURE:
            return False
        slots = self.targets[key].check_class.down_after - 1
        return primary.last_slot[1] >= moment + slots * primary.check.interval

    def silence(self, key: Key) -> tuple[float, float]:
        """When a target began to fail, and its last failed slot; from inf on while it answers."""
        primary = self._primary(key)
        if primary is None or primary.failing_since is None:
            return inf, -inf
        outcome, due = primary.last_slot
        return primary.failing_since, due if outcome is Outcome.FAILURE else -inf

    def answers_between(self, key: Key, begin: float, end: float) -> bool:
        """Whether the last result of a target is an answer to what was sent between these times."""
        outcome, due = self._last(key)
        return outcome is Outcome.SUCCESS and begin < due < end

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

    def _last(self, key: Key) -> tuple[Outcome | None, float]:
        """What the last result was, and of which slot."""
        primary = self._primary(key)
        return primary.last_slot if primary else (None, -inf)

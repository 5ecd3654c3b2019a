"""What the last results say of each target's reachability, and how to measure one at once."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf

from netwatch.core.measure_now import MeasureNow
from netwatch.core.result import Outcome, Reason
from netwatch.state.attachment import VANTAGE, Key
from netwatch.state.check_status import CheckStatus
from netwatch.state.target import TargetStatus

RESULT_MARGIN = 0.5
"""Seconds beyond its timeout after which a result must be there."""


MIN_FAILING_TIME = 0.4
"""Seconds from the first failure to one that is no ordinary loss: most bursts are over by then."""


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

    def says_nothing(self, key: Key) -> bool:
        """Whether a target is unknown, or nothing was heard of it since its door has gone."""
        target = self.targets.get(key)
        return self.is_unknown(key) or (target is not None and target.is_awaited)

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

    def answered_at(self, key: Key) -> float | None:
        """Slot of the last result of a target, if that is an answer; monotonic seconds."""
        outcome, due = self._last(key)
        return due if outcome is Outcome.SUCCESS else None

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

    def fall(self, key: Key) -> tuple[float, float]:
        """Between which moments a silent target fell silent: its last answer, its first failure.

        From -inf when the answer is not known, to -inf when it is not failing.
        """
        primary = self._primary(key)
        if primary is None or primary.failing_since is None:
            return -inf, -inf
        answered = primary.answered
        return -inf if answered is None else answered, primary.failing_since

    def last_answer(self, key: Key) -> float | None:
        """Slot of the last answer to any check of a target; None when it isn't measured."""
        primary = self._primary(key)
        if primary is None or primary.last_slot[0] is None:
            return None
        outcome, due = primary.last_slot
        known = [due if outcome is Outcome.SUCCESS else self.fall(key)[0]]
        for status in self.targets[key].checks[1:]:
            outcome, due = status.last_slot
            if outcome is Outcome.SUCCESS:
                known.append(due)
        return max(known)

    def is_there(self, key: Key) -> bool:
        """Whether another check of a silent target was answered since the first one failed."""
        primary = self._primary(key)
        if primary is None or primary.failing_since is None:
            return False
        return any(
            status.check.address == primary.check.address
            and status.last_slot[0] is Outcome.SUCCESS
            and status.last_slot[1] > primary.failing_since
            for status in self.targets[key].checks[1:]
        )

    def ask_others(self, key: Key) -> None:
        """Have the other checks of a target made at once."""
        for status in self.targets[key].checks[1:]:
            self.verifications += 1
            self._measure_now(status.check)

    def ask_for_interfaces(self, key: Key) -> None:
        """Have the state of a target's interfaces read at once, where that is measured."""
        for status in self.targets[key].checks if key in self.targets else ():
            if status.check.params.traits.reads_interfaces:
                self.verifications += 1
                self._measure_now(status.check)

    def is_failing(self, key: Key) -> bool:
        """Whether the last valid result of a target is a failure."""
        primary = self._primary(key)
        return primary is not None and primary.failing_since is not None

    def is_failing_on(self, key: Key, now: float) -> bool:
        """Whether the last result of a target is a failure, long after the first one."""
        primary = self._primary(key)
        return (
            primary is not None
            and primary.failing_since is not None
            and primary.failing_since < now - MIN_FAILING_TIME
            and primary.last_slot[0] is Outcome.FAILURE
        )

    def speaks_as(self, one: Key, other: Key) -> bool:
        """Whether two targets are measured by the same version of IP."""
        if VANTAGE in {one, other}:
            return True
        versions = {":" in self._address(key) for key in (one, other)}
        return len(versions) == 1

    def reason(self, key: Key) -> Reason:
        """Why a target does not answer."""
        primary = self._primary(key)
        return Reason.OK if primary is None else primary.last_failure

    def _address(self, key: Key) -> str:
        primary = self._primary(key)
        return "" if primary is None else primary.check.address

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
        asked = self._verified_at.get(key, -inf)
        outcome, due = primary.last_slot
        has_answered = outcome is Outcome.SUCCESS and due >= asked
        if has_answered or now - asked >= answer:
            self._verified_at[key] = now
            self.verifications += 1
            self._measure_now(primary.check)
        # It is measured again and again, each time up to a margin late, until its state is hard.
        its_class = self.targets[key].check_class
        results = max(its_class.down_after, 2 * its_class.confirm_losses)
        return (answer + RESULT_MARGIN) * results + RESULT_MARGIN

    def _primary(self, key: Key) -> CheckStatus | None:
        target = self.targets.get(key)
        return target.primary if target else None

    def _last(self, key: Key) -> tuple[Outcome | None, float]:
        """Outcome and slot (monotonic seconds) of the last result."""
        primary = self._primary(key)
        return primary.last_slot if primary else (None, -inf)

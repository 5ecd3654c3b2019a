"""Soft and hard states: a hard state changes only after several results in a row say so."""

from __future__ import annotations


class Hysteresis:
    """Whether one check succeeds, judged over several results.

    The first good result after ``unknown`` counts at once, because it proves that the target
    answers. To become hard bad takes ``down_after`` bad results in a row, to become hard good again
    ``up_after`` good ones.

    Attributes:
        hard: the hard state: True for good, False for bad, None for unknown.
        streak_began: time of the first of the last equal results, on the clock of the caller.
    """

    __slots__ = (
        "_down_after",
        "_is_inferred",
        "_last",
        "_streak",
        "_up_after",
        "hard",
        "streak_began",
    )

    hard: bool | None
    streak_began: float
    _last: bool | None
    _is_inferred: bool

    def __init__(self, down_after: int, up_after: int) -> None:
        self._down_after = down_after
        self._up_after = up_after
        self.forget()

    @property
    def is_settled(self) -> bool:
        """Whether another result like the last one would change nothing."""
        return self.hard is not None and self.hard is self._last

    @property
    def is_failing(self) -> bool:
        """Whether the last results are bad, and as many as the check needs to be hard bad."""
        return self._last is False and self._streak >= self._down_after

    def record(self, *, good: bool, at: float) -> bool:
        """Take in one result; returns whether the hard state changed."""
        if good is not self._last:
            self._last, self._streak, self.streak_began = good, 0, at
        self._streak += 1
        if good is self.hard:
            return False
        needed = self._down_after
        if good:
            needed = 1 if self.hard is None or self._is_inferred else self._up_after
        if self._streak < needed:
            return False
        self.hard, self._is_inferred = good, False
        return True

    def prove_bad(self, at: float, *, is_inferred: bool) -> None:
        """Become hard bad by other proof than ``down_after`` results in a row.

        Args:
            at: when it became bad, unless a row of bad results has begun before.
            is_inferred: whether that follows from something else; then one good result undoes it.
        """
        if self._last is not False:
            self._last, self._streak, self.streak_began = False, 0, at
        self._streak = max(self._streak, self._down_after)
        self.hard, self._is_inferred = False, is_inferred

    def resume(self, *, hard: bool, began: float) -> None:
        """Take over a hard state from before the daemon was restarted."""
        self.hard = self._last = hard
        self._is_inferred = False
        self._streak = self._down_after if not hard else self._up_after
        self.streak_began = began

    def forget(self) -> None:
        """Back to unknown, because what was measured is too old or doubtful."""
        self.hard = None
        self._last = None
        self._is_inferred = False
        self._streak = 0
        self.streak_began = 0.0

    def set_needed(self, down_after: int, up_after: int) -> None:
        """Use other thresholds from now on (the configuration was reloaded)."""
        self._down_after, self._up_after = down_after, up_after

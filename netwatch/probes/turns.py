"""Who may begin a conversation when not all can be open at one time.

Slots come in the same order in every interval. Were the first always served, the last would never
be measured; so whoever was refused comes before those who were not, the longest refused first.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass

from netwatch.core.check import Check


@dataclass(frozen=True, slots=True)
class _Refused:
    """When a refused check comes again, and when it should have come; monotonic seconds."""

    due: float
    gone: float


class Turns:
    """The conversations that are open, and the checks that were refused one.

    Args:
        allowed: says how many may be open; asked again when all are.
    """

    def __init__(self, allowed: Callable[[], int]) -> None:
        self._allowed = allowed
        self._limit = allowed()
        self._open = 0
        self._refused: dict[str, _Refused] = {}
        """By id of the check, the longest refused first."""

    def take(self, check: Check, due: float) -> bool:
        """Whether the slot ``due`` (monotonic seconds) may begin; if so, ``give_back`` ends it."""
        if self._open >= self._limit:
            self._limit = self._allowed()
        if self._is_free_for(check):
            self._refused.pop(check.id, None)
            self._open += 1
            return True
        again = due + check.interval
        self._refused[check.id] = _Refused(again, again + check.interval)
        return False

    def give_back(self) -> None:
        """A slot that had begun is over."""
        self._open -= 1

    def keep(self, checks: Collection[str]) -> None:
        """Forget the refused checks that are none of these, by id: they don't come again."""
        self._refused = {id_: each for id_, each in self._refused.items() if id_ in checks}

    def _is_free_for(self, check: Check) -> bool:
        """Whether a turn is left for those, too, who were refused before and come meanwhile."""
        free = self._limit - self._open
        now = time.monotonic()
        end = now + check.timeout
        for id_, other in [*self._refused.items()]:
            if free <= 0 or id_ == check.id:
                break
            if other.gone <= now:
                del self._refused[id_]
            free -= other.due <= end and now < other.gone
        return free > 0

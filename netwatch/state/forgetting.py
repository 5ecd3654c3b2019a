"""What a blind collector no longer knows, forgotten some at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Container, Iterable

from netwatch.state.attachment import Key

MAX_FORGOTTEN = 300
"""Targets that are forgotten at once, each of which is then judged: it takes some milliseconds."""


class Forgetting:
    """The targets that are still to be forgotten."""

    def __init__(self) -> None:
        self._left: deque[Key] = deque()

    def begin(self, keys: Iterable[Key]) -> None:
        """Have all these forgotten."""
        self._left = deque(keys)

    def some(self, known: Container[Key], *, is_blind: bool) -> list[Key]:
        """The next ones to be forgotten; none when that is done, or the collector sees again.

        Args:
            known: the targets that are still watched.
            is_blind: whether the collector still is.
        """
        if not is_blind:
            self._left.clear()
        some = (self._left.popleft() for _ in range(min(MAX_FORGOTTEN, len(self._left))))
        return [key for key in some if key in known]

"""Canaries: targets next to the collector, which tell "I am blind" from "everything is down"."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from netwatch.state.attachment import Key

BLIND_AFTER = 3
"""Failures in a row of every canary until the collector is called blind."""


class Canaries:
    """Counts the failures in a row of each canary."""

    def __init__(self) -> None:
        self._failures: dict[Key, int | None] = {}

    def watch(self, canaries: Iterable[Key]) -> None:
        """Use these canaries from now on; those that were there before keep their counts."""
        self._failures = {canary: self._failures.get(canary) for canary in canaries}

    def __contains__(self, key: Key) -> bool:
        """Whether a target is a canary."""
        return key in self._failures

    def rename(self, present: Callable[[Key], Key]) -> None:
        """Know the canaries by their present ids."""
        self._failures = {present(key): count for key, count in self._failures.items()}

    def record(self, key: Key, *, good: bool) -> None:
        """Count the result of a target; a target that is no canary is ignored."""
        if key in self._failures:
            self._failures[key] = 0 if good else (self._failures[key] or 0) + 1

    @property
    def suspect(self) -> bool:
        """Whether the last result of every canary is a failure, so that no other failure counts."""
        return self._all_failed(1)

    @property
    def blind(self) -> bool:
        """Whether every canary failed ``BLIND_AFTER`` times in a row or more."""
        return self._all_failed(BLIND_AFTER)

    @property
    def ok(self) -> bool | None:
        """Whether the collector is not blind; None before a canary was measured."""
        measured = any(count is not None for count in self._failures.values())
        return not self.blind if measured else None

    def _all_failed(self, times: int) -> bool:
        counts = self._failures.values()
        return bool(counts) and all((count or 0) >= times for count in counts)

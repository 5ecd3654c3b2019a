"""A token bucket: how often something may happen, in the long run and at once."""

from __future__ import annotations


class TokenBucket:
    """Limits how often something happens.

    Args:
        rate: how often a second in the long run.
        burst: how often at once, after a pause.
    """

    __slots__ = ("_at", "_burst", "_rate", "_tokens")

    def __init__(self, rate: float, burst: float) -> None:
        self._rate = rate
        self._burst = self._tokens = burst
        self._at: float | None = None

    def take(self, now: float) -> bool:
        """Take a token at monotonic time ``now``, seconds; returns whether there was one."""
        if self._at is not None:
            self._tokens = min(self._burst, self._tokens + (now - self._at) * self._rate)
        self._at = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True

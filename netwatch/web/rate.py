"""How often each source may ask: a token bucket each, so that nobody uses up another's."""

from __future__ import annotations

from collections import OrderedDict
from time import monotonic

from netwatch.web.config.grammar import RateLimit

MAX_SOURCES = 4096
"""Buckets that are kept; whoever has not asked for longest begins with a full one again."""


class RateLimiter:
    """One bucket a source."""

    def __init__(self) -> None:
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def allow(self, source: str, limit: RateLimit) -> bool:
        """Whether the source may ask now; if so, it has one request less."""
        if not limit.interval:
            return True
        now = monotonic()
        tokens, at = self._buckets.pop(source, (float(limit.burst), now))
        tokens = min(float(limit.burst), tokens + (now - at) / limit.interval)
        is_allowed = tokens >= 1
        self._buckets[source] = (tokens - is_allowed, now)
        if len(self._buckets) > MAX_SOURCES:
            self._buckets.popitem(last=False)
        return is_allowed

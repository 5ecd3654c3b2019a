"""What stands behind something that has just gone, or come back, is asked once, paced."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice

from netwatch.core.measure_now import MeasureNow
from netwatch.core.result import Outcome
from netwatch.core.token_bucket import TokenBucket
from netwatch.state.attachment import Key
from netwatch.state.target import TargetStatus

MAX_RATE, MAX_BURST = 100.0, 50.0
"""Questions a second in the long run, and at once. The slots of those that wait may come first."""

MAX_SILENT = 300
"""Targets that are looked at in one step, as each silent one is then judged."""


class Sweep:
    """The targets that are awaited.

    Args:
        measure_now: has a check measured at once.

    Attributes:
        awaited: those of which nothing was heard yet.
    """

    def __init__(self, measure_now: MeasureNow) -> None:
        self._measure = measure_now
        self.awaited: set[Key] = set()
        self._waiting: dict[Key, None] = {}
        self._new: dict[Key, None] = {}  # whose last result was not looked at yet
        self._targets: Mapping[Key, TargetStatus] = {}
        self._bucket = TokenBucket(MAX_RATE, MAX_BURST)

    @property
    def is_busy(self) -> bool:
        """Whether some are still to be asked."""
        return bool(self._waiting)

    def replace(self, targets: Mapping[Key, TargetStatus]) -> None:
        """Ask other targets from now on."""
        self._targets = targets
        self.awaited &= targets.keys()
        self._waiting = {key: None for key in self._waiting if key in targets}

    def clear(self) -> None:
        """Ask nobody, and await nothing."""
        for key in list(self.awaited):
            self.end(key)

    def begin(self, key: Key) -> None:
        """Await a target, and ask it when its turn comes."""
        self._targets[key].is_awaited = True
        self.awaited.add(key)
        self._waiting[key] = None
        self._new[key] = None

    def end(self, key: Key) -> None:
        """Await a target no longer: it was heard, or what it stands behind is as before."""
        self._targets[key].is_awaited = False
        self.awaited.discard(key)
        self._waiting.pop(key, None)

    def advance(self, now: float) -> list[Key]:
        """Ask those whose turn it is; returns the ones that were up, and are silent already."""
        looked_at = list(islice(self._new, MAX_SILENT))
        silent = [key for key in looked_at if key in self._waiting and self._has_failed(key)]
        for key in looked_at:
            del self._new[key]
        for key in silent:
            del self._waiting[key]
        for key in list(self._waiting):
            primary = self._targets[key].primary
            if primary is not None:
                if not self._bucket.take(now):
                    break
                self._measure(primary.check)
            del self._waiting[key]
        return silent

    def _has_failed(self, key: Key) -> bool:
        primary = self._targets[key].primary
        if primary is None or primary.hysteresis.hard is not True:
            return False
        return primary.last_slot[0] is Outcome.FAILURE

"""Slots: when each check is due.

Slot k of a check begins at ``phase + k * interval`` on the monotonic clock, where the phase comes
from a stable hash of the check's id. The load is flat, a restart does not change the rhythm, and
every collector agrees on it. The clock is aligned to UTC once, at start; later steps of the wall
clock change nothing.
"""

from __future__ import annotations

import hashlib
import time

_MAX_READING_TIME = 20_000
"""Nanoseconds within which both clocks must be read, or else they are read again."""


class SlotClock:
    """Monotonic time whose zero is aligned to UTC."""

    def __init__(self) -> None:
        self._utc_zero = time.time() - time.monotonic()

    def slot_start(self, interval: float, now: float) -> float:
        """Monotonic time at which the round of ``interval`` seconds that contains ``now`` began."""
        return now - (now + self._utc_zero) % interval

    def next_start(self, interval: float, now: float) -> float:
        """Monotonic time at which the round after the one that contains ``now`` begins."""
        return self.slot_start(interval, now) + interval


def wall_offset() -> int:
    """Nanoseconds by which Unix time is ahead of monotonic time.

    The clocks can't be read at the same moment, so they are read again when the readings took
    too long, three times at most.
    """
    for _ in range(3):
        before, wall, after = time.monotonic_ns(), time.time_ns(), time.monotonic_ns()
        if after - before < _MAX_READING_TIME:
            break
    return wall - (before + after) // 2


def phase(check_id: str, interval: float) -> float:
    """Seconds after the beginning of a round at which a check is due: 0 <= phase < interval."""
    digest = hashlib.blake2b(check_id.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64 * interval

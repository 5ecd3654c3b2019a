"""How far a counter of an interface has come between two polls.

The device's counter may have wrapped (32 bits), been reset by a restart, or jumped for a reason of
its own. None of this may look like traffic that the line can't carry, so a step that is more than
the line's speed allows counts as nothing: it was not measured.
"""

from __future__ import annotations

from dataclasses import dataclass

_WRAP_32 = 2.0**32
_MARGIN = 1.1
"""Counters of two polls are not read at the same moment within them."""


@dataclass(frozen=True, slots=True)
class Count:
    """One reading of one counter.

    Attributes:
        value: what the device said.
        narrow: the counter has 32 bits.
        restarts: how often the device was seen to restart; it counts from 0 after each.
        discontinuity: ifCounterDiscontinuityTime: another one means that the counter does not go
            on from where it was (RFC 2863).
    """

    value: float
    narrow: bool
    restarts: int = 0
    discontinuity: float = 0.0


def progress(before: Count, now: Count, most: float) -> float:
    """What was counted between two readings, at least 0 and at the most ``most``.

    Args:
        before: the reading before.
        now: the reading after it.
        most: what the line can have carried in between; infinite when its speed is not known.
    """
    if now.restarts != before.restarts:
        step = now.value
    elif now.narrow != before.narrow or now.discontinuity != before.discontinuity:
        return 0.0
    elif now.value >= before.value:
        step = now.value - before.value
    else:
        wrapped = now.value + _WRAP_32 - before.value
        # Without a known speed, half the range at the most is taken for a wrap.
        is_wrap = now.narrow and 0 <= wrapped <= min(most * _MARGIN, _WRAP_32 / 2)
        step = wrapped if is_wrap else now.value
    return min(step, most) if step <= most * _MARGIN else 0.0

"""What a counter of an interface counted between two polls.

The device's counter may have wrapped (32 bits), been reset by a restart, or jumped without one.
None of this may look like traffic that the line can't carry, so a step that is more than the
line's speed allows counts as 0: it was not measured.
"""

from __future__ import annotations

from dataclasses import dataclass

_WRAP_32 = 2.0**32
_SPEED_MARGIN = 1.1
"""Factor by which a step may exceed the line's speed: a counter is not read at the same moment
within each poll."""


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


def progress(before: Count, now: Count, max_step: float) -> float:
    """What was counted between two readings, 0 to ``max_step``.

    Args:
        before: the reading before.
        now: the reading after it.
        max_step: what the line can have carried in between; infinite when its speed is not known.
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
        is_wrap = now.narrow and 0 <= wrapped <= min(max_step * _SPEED_MARGIN, _WRAP_32 / 2)
        step = wrapped if is_wrap else now.value
    return min(step, max_step) if step <= max_step * _SPEED_MARGIN else 0.0

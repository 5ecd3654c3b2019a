"""Which echoes may be overdue, without a look at all that are open. Pure; no I/O."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]


class Deadlines:
    """Echoes in the order in which their time is up.

    Those of one timeout end in the order in which they were sent, so each timeout has a queue.
    """

    def __init__(self) -> None:
        self._queues: dict[int, deque[tuple[Integers, Integers]]] = {}

    def add(self, numbers: Integers, sent: Integers, timeouts: Integers) -> None:
        """Echoes were sent, one after the other.

        Args:
            numbers: which.
            sent: when, nanoseconds.
            timeouts: of each, nanoseconds.
        """
        ends, first = sent + timeouts, timeouts[:1].tolist()
        is_mixed = not (timeouts == timeouts[:1]).all()
        for timeout in set(timeouts.tolist()) if is_mixed else first:
            is_its = timeouts == timeout if is_mixed else slice(None)
            queue = self._queues.setdefault(timeout, deque())
            queue.append((numbers[is_its], ends[is_its]))

    def passed(self, now: int) -> Integers:
        """The echoes whose time is up; they are named only once."""
        found = [np.zeros(0, np.int64)]
        for queue in self._queues.values():
            while queue and queue[0][1][0] <= now:
                numbers, ends = queue.popleft()
                count = int(ends.searchsorted(now, side="right"))
                found.append(numbers[:count])
                if count < len(numbers):
                    queue.appendleft((numbers[count:], ends[count:]))
        return np.concatenate(found)

    def first(self, is_open: Callable[[Integers], NDArray[np.bool_]]) -> int | None:
        """When the time of the first open echo is up, nanoseconds; None: there is none.

        Those before it are not named any more.

        Args:
            is_open: which of some echoes are open.
        """
        ends = [end for queue in self._queues.values() if (end := _first(queue, is_open))]
        return min(ends, default=None)


def _first(
    queue: deque[tuple[Integers, Integers]], is_open: Callable[[Integers], NDArray[np.bool_]]
) -> int | None:
    while queue:
        numbers, ends = queue.popleft()
        still = is_open(numbers)
        if still.any():
            start = int(still.argmax())
            queue.appendleft((numbers[start:], ends[start:]))
            return int(ends[start])
    return None

"""Which echoes may be overdue, without a look at all that are open. Pure; no I/O."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from netwatch.probes.icmp.replies import Integers


class Deadlines:
    """Echoes in the order in which they time out.

    Those of one timeout end in the order in which they were sent, so each timeout has a queue.
    """

    def __init__(self) -> None:
        self._queues: dict[int, deque[tuple[Integers, Integers]]] = {}

    def add(self, numbers: Integers, sent: Integers, timeouts: Integers) -> None:
        """Add echoes that were sent one after the other.

        Args:
            numbers: of the echoes.
            sent: monotonic time of each, nanoseconds.
            timeouts: of each, nanoseconds.
        """
        ends, first = sent + timeouts, timeouts[:1].tolist()
        is_mixed = not (timeouts == timeouts[:1]).all()
        for timeout in set(timeouts.tolist()) if is_mixed else first:
            is_its = timeouts == timeout if is_mixed else slice(None)
            queue = self._queues.setdefault(timeout, deque())
            queue.append((numbers[is_its], ends[is_its]))

    def passed(self, now: int) -> Integers:
        """Take out and return the numbers of the echoes that have timed out.

        Args:
            now: monotonic time, nanoseconds.
        """
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
        """Monotonic nanoseconds at which the first open echo times out; None without one.

        Takes out the echoes before it, which are closed already.

        Args:
            is_open: says for numbers of echoes which are open.
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

"""Paces many streams with one timer, and reads their answers now and then.

Waking up costs more than a packet, so streams begin together at few moments, and nothing wakes
this process for an answer: the kernel stamps what arrives and keeps it.
"""

from __future__ import annotations

import asyncio
import heapq
import socket
import time
from dataclasses import dataclass

from netwatch.net.stamped import open_stamped
from netwatch.probes.stamp.stream import Account, Stream, new_buffer

TICK = 5_000_000
"""Nanoseconds between two looks at what is due: as fine as packets can be spaced."""

BEGIN = 4 * TICK
"""Nanoseconds between two moments at which streams may begin, so that their packets share the
wake-ups. Each keeps its place among them, so that waiting for the others is no jitter."""

TOGETHER = 25
"""Packets that are sent between two readings of their answers; the socket has room for more."""

LAST = 100_000_000
"""Nanoseconds between two readings when all packets are sent."""


@dataclass(frozen=True, slots=True)
class _StreamRun:
    """A stream under way, and the monotonic nanoseconds at which it ends.

    One that was cancelled is closed, so that its next step fails; nothing is asked before.
    """

    stream: Stream
    deadline: int
    ended: asyncio.Future[None]

    def end(self) -> None:
        """All is sent and answered, or the time is up."""
        if not self.ended.done():
            self.ended.set_result(None)

    def fail(self, error: Exception) -> None:
        """Nothing more can be done."""
        if not self.ended.done():
            self.ended.set_exception(error)


@dataclass(frozen=True, slots=True)
class _Cohort:
    """Streams in step: what comes next of them is due at the same moment.

    Attributes:
        due: monotonic nanoseconds.
        gap: nanoseconds between two packets; 0 where all are sent, and answers are awaited.
    """

    due: int
    gap: int
    courses: list[_StreamRun]


class Pacer:
    """Runs streams, as many as there are."""

    def __init__(self) -> None:
        self._buffer = new_buffer()
        self._ranks: dict[int, list[_Cohort]] = {}
        self._ticks: list[int] = []
        self._timer: asyncio.TimerHandle | None = None
        # The kernel begins to stamp a moment after the first socket wants it; what came before is
        # stamped when it is read, which is too late. This one wants it all the time.
        self._stamped = open_stamped(socket.AF_INET, 0)

    async def run(self, stream: Stream, gap: float, deadline: float) -> Account:
        """Send and receive until all is answered or the deadline has come; close the stream.

        Args:
            stream: nothing of it was sent yet.
            gap: seconds between two packets.
            deadline: monotonic seconds.

        Raises:
            OSError: what ICMP said, e.g. ConnectionRefusedError where nothing reflects.
        """
        loop = asyncio.get_running_loop()
        course = _StreamRun(stream, round(deadline * 1e9), loop.create_future())
        begin = -(-time.monotonic_ns() // BEGIN) * BEGIN
        self._plan(begin, round(gap * 1e9), [course])
        self._wake(loop)
        try:
            await course.ended
        finally:
            account = stream.close()
        return account

    def close(self) -> None:
        """Run nothing any more."""
        if self._timer is not None:
            self._timer.cancel()
        self._stamped.close()

    def _plan(self, due: int, gap: int, courses: list[_StreamRun]) -> None:
        """Let them have their turn at the first tick when they are due."""
        if not courses:
            return
        tick = -(-due // TICK)
        if tick not in self._ranks:
            self._ranks[tick] = []
            heapq.heappush(self._ticks, tick)
        for rank in self._ranks[tick]:
            if (rank.due, rank.gap) == (due, gap):
                rank.courses.extend(courses)
                return
        self._ranks[tick].append(_Cohort(due, gap, courses))

    def _wake(self, loop: asyncio.AbstractEventLoop) -> None:
        """Have the timer ring at the first tick of all."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None
        if self._ticks:
            self._timer = loop.call_at(self._ticks[0] * TICK / 1e9, self._ring, loop)

    def _ring(self, loop: asyncio.AbstractEventLoop) -> None:
        now = time.monotonic_ns()
        while self._ticks and self._ticks[0] * TICK <= now:
            for rank in self._ranks.pop(heapq.heappop(self._ticks)):
                if rank.gap:
                    self._send(rank, now)
                else:
                    self._await_answers(rank, now)
        self._wake(loop)

    def _send(self, rank: _Cohort, now: int) -> None:
        """Send the next packet of each stream."""
        # Late packets move the rest of the stream: a burst would be no call.
        due = max(rank.due, now - TICK) + rank.gap
        sending, waiting = [], []
        for course in rank.courses:
            try:
                unsent = course.stream.send()
                if not unsent % TOGETHER:
                    course.stream.receive(self._buffer)
            except Exception as error:  # noqa: BLE001 (its own task tells; others go on)
                course.fail(error)
                continue
            if not unsent:
                waiting.append(course)
            elif due <= course.deadline:
                sending.append(course)
            else:
                course.end()
        self._plan(due, rank.gap, sending)
        self._plan_waiting(waiting, now)

    def _await_answers(self, rank: _Cohort, now: int) -> None:
        """See whether all is answered."""
        waiting = []
        for course in rank.courses:
            try:
                course.stream.receive(self._buffer)
            except Exception as error:  # noqa: BLE001 (its own task tells; others go on)
                course.fail(error)
                continue
            if course.stream.is_complete or now >= course.deadline:
                course.end()
            else:
                waiting.append(course)
        self._plan_waiting(waiting, now)

    def _plan_waiting(self, courses: list[_StreamRun], now: int) -> None:
        for course in courses:
            self._plan(min(now + LAST, course.deadline), 0, [course])

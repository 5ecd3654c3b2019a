"""Paces many streams with one timer, and reads their answers now and then.

Waking up costs more than a packet, and the kernel stamps what arrives and keeps it; so nothing
wakes this process for an answer, and answers are read many at a time.
"""

from __future__ import annotations

import asyncio
import heapq
import select
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from netwatch.probes.stamp.stream import Account, Stream

TICK = 0.005
"""Seconds between two looks at what is due: as fine as packets can be spaced."""

READ = 0.1
"""Seconds between two readings of answers; the socket has room for those of seconds."""


@dataclass(slots=True, order=True)
class _Course:
    """A stream under way, in the order of what is due next.

    Attributes:
        due: monotonic seconds of the next packet; of the deadline when all are sent.
        gap: seconds between two packets.
        deadline: monotonic seconds at which it ends.
    """

    due: float
    stream: Stream = field(compare=False)
    gap: float = field(compare=False)
    deadline: float = field(compare=False)
    ended: asyncio.Future[Account] = field(compare=False)


class Pacer:
    """Runs streams, as many as there are."""

    def __init__(self) -> None:
        self._epoll = select.epoll()
        self._courses: dict[int, _Course] = {}
        self._queue: list[_Course] = []
        self._next_reading = 0.0
        self._timer: asyncio.Handle | None = None

    async def run(self, stream: Stream, gap: float, deadline: float) -> Account:
        """Send and receive until all is answered or the deadline has come.

        Raises:
            OSError: what ICMP said, e.g. ConnectionRefusedError where nothing reflects.
        """
        loop = asyncio.get_running_loop()
        number = stream.fileno()
        course = _Course(time.monotonic(), stream, gap, deadline, loop.create_future())
        self._courses[number] = course
        heapq.heappush(self._queue, course)
        self._epoll.register(number, select.EPOLLIN)
        if self._timer is None:
            self._timer = loop.call_soon(self._tick, loop)
        try:
            return await course.ended
        finally:
            self._leave(number, course)  # where it was cancelled
            stream.close()

    def close(self) -> None:
        """Run nothing any more."""
        if self._timer is not None:
            self._timer.cancel()
        self._epoll.close()

    def _tick(self, loop: asyncio.AbstractEventLoop) -> None:
        now = time.monotonic()
        if now >= self._next_reading:
            self._next_reading = now + READ
            for number, _ in self._epoll.poll(0, max(1, len(self._courses))):
                self._read(self._courses[number])
        while self._queue and self._queue[0].due <= now:
            self._advance(heapq.heappop(self._queue), now)
        self._timer = None
        if self._courses:
            self._timer = loop.call_at(loop.time() + TICK, self._tick, loop)

    def _advance(self, course: _Course, now: float) -> None:
        """Do what is due of a stream, unless it has ended meanwhile."""
        if course.ended.done():
            return
        stream = course.stream
        if now >= course.deadline:
            self._read(course)
            self._end(course)
            return
        self._do(course, stream.send)
        # Late packets move the rest of the stream: a burst would be no call.
        following = max(course.due, now - TICK) + course.gap
        course.due = course.deadline if stream.is_sent else min(following, course.deadline)
        heapq.heappush(self._queue, course)

    def _read(self, course: _Course) -> None:
        self._do(course, course.stream.receive)
        if course.stream.is_complete:
            self._end(course)

    def _do(self, course: _Course, step: Callable[[], None]) -> None:
        try:
            step()
        except OSError as error:
            if not course.ended.done():
                course.ended.set_exception(error)
            self._leave(course.stream.fileno(), course)

    def _end(self, course: _Course) -> None:
        if not course.ended.done():
            course.ended.set_result(course.stream.account)
        self._leave(course.stream.fileno(), course)

    def _leave(self, number: int, course: _Course) -> None:
        """Read it no more; its number may be another stream's soon."""
        if self._courses.get(number) is course:
            self._epoll.unregister(number)
            del self._courses[number]

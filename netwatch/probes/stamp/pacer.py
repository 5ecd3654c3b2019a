"""Paces many streams with one timer, and reads their answers as it goes.

Waking up costs more than a packet, and the kernel stamps what arrives; so nothing wakes this
process for an answer. At each tick it sends what is due, and reads what has come since the last.
"""

from __future__ import annotations

import asyncio
import select
import time
from collections.abc import Callable
from dataclasses import dataclass

from netwatch.probes.stamp.stream import Account, Stream

TICK = 0.005
"""Seconds between two looks at the streams: as fine as packets can be spaced."""


@dataclass(slots=True)
class _Course:
    """A stream under way.

    Attributes:
        due: monotonic seconds of the next packet.
        gap: seconds between two packets.
        deadline: monotonic seconds at which it ends.
    """

    stream: Stream
    due: float
    gap: float
    deadline: float
    ended: asyncio.Future[Account]


class Pacer:
    """Runs streams, as many as there are."""

    def __init__(self) -> None:
        self._epoll = select.epoll()
        self._courses: dict[int, _Course] = {}
        self._timer: asyncio.Handle | None = None

    async def run(self, stream: Stream, gap: float, deadline: float) -> Account:
        """Send and receive until all is answered or the deadline has come.

        Raises:
            OSError: what ICMP said, e.g. ConnectionRefusedError where nothing reflects.
        """
        loop = asyncio.get_running_loop()
        number = stream.fileno()
        course = _Course(stream, time.monotonic(), gap, deadline, loop.create_future())
        self._courses[number] = course
        self._epoll.register(number, select.EPOLLIN)
        if self._timer is None:
            self._timer = loop.call_soon(self._tick, loop)
        try:
            return await course.ended
        finally:
            if number in self._courses:  # cancelled
                self._leave(number)
            stream.close()

    def close(self) -> None:
        """Run nothing any more."""
        if self._timer is not None:
            self._timer.cancel()
        self._epoll.close()

    def _tick(self, loop: asyncio.AbstractEventLoop) -> None:
        now = time.monotonic()
        for number, _ in self._epoll.poll(0, max(1, len(self._courses))):
            self._do(number, self._courses[number].stream.receive)
        for number, course in list(self._courses.items()):
            if course.due <= now and not course.stream.is_sent:
                # Late packets move the rest of the stream: a burst would be no call.
                course.due = max(course.due, now - TICK) + course.gap
                self._do(number, course.stream.send)
            if course.stream.is_complete or now >= course.deadline:
                self._end(number)
        self._timer = None
        if self._courses:
            self._timer = loop.call_at(loop.time() + TICK, self._tick, loop)

    def _do(self, number: int, step: Callable[[], None]) -> None:
        try:
            step()
        except OSError as error:
            course = self._leave(number)
            if not course.ended.done():
                course.ended.set_exception(error)

    def _end(self, number: int) -> None:
        if number not in self._courses:
            return
        course = self._leave(number)
        if not course.ended.done():
            course.ended.set_result(course.stream.account)

    def _leave(self, number: int) -> _Course:
        self._epoll.unregister(number)
        return self._courses.pop(number)

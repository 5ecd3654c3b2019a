"""Sends the packets of many streams by one timer, and reads their answers now and then.

A wake-up costs more than a packet. So streams start together at few moments, and no answer wakes
this process up: the kernel stamps what arrives and holds it.
"""

from __future__ import annotations

import asyncio
import heapq
import socket
import time
from dataclasses import dataclass

from netwatch.net.stamped import open_stamped
from netwatch.probes.stamp.stream import Stream, StreamReport, new_buffer

TICK_INTERVAL = 5_000_000
"""Nanoseconds between two ticks, at which due packets are sent: the smallest gap of a stream."""

START_INTERVAL = 4 * TICK_INTERVAL
"""Nanoseconds between two moments at which streams may start, so that their packets share the
wake-ups. Streams that started together keep their order, so a packet always waits equally long for
those before it, and this is no jitter."""

PACKETS_PER_READ = 25
"""Packets of a stream that are sent between two reads of its socket, which holds more answers."""

FINAL_READ_INTERVAL = 100_000_000
"""Nanoseconds between two reads of a socket when all packets of its stream are sent."""


@dataclass(frozen=True, slots=True)
class _StreamRun:
    """A stream under way.

    When the task that waits for it is cancelled, the stream is closed, and the run ends with the
    error of its next step. No flag is checked, which would cost every packet.

    Attributes:
        stream: its socket and what came.
        deadline: monotonic nanoseconds at which it ends at the latest.
        ended: done when it has ended, or failed.
    """

    stream: Stream
    deadline: int
    ended: asyncio.Future[None]

    def end(self) -> None:
        """Wake up who waits: all is sent and answered, or the deadline has come."""
        if not self.ended.done():
            self.ended.set_result(None)

    def fail(self, error: Exception) -> None:
        """Raise this error where the end is waited for."""
        if not self.ended.done():
            self.ended.set_exception(error)


@dataclass(frozen=True, slots=True)
class _Cohort:
    """Streams in step: their next step is due at the same moment.

    Attributes:
        due: of that step, monotonic nanoseconds.
        gap: nanoseconds between two packets; 0 when all are sent and only answers are awaited.
        runs: the streams.
    """

    due: int
    gap: int
    runs: list[_StreamRun]


class Pacer:
    """Runs any number of streams side by side."""

    def __init__(self) -> None:
        self._buffer = new_buffer()
        self._cohorts: dict[int, list[_Cohort]] = {}
        self._ticks: list[int] = []
        self._timer: asyncio.TimerHandle | None = None
        # The kernel begins to stamp a moment after the first socket asks for it; what came before
        # is stamped when it is read, which is too late. This socket asks for it all the time.
        self._stamped = open_stamped(socket.AF_INET, 0)

    async def run(self, stream: Stream, gap: float, deadline: float) -> StreamReport:
        """Send and receive until all is answered or the deadline has come; close the stream.

        Args:
            stream: nothing of it was sent yet.
            gap: seconds between two packets.
            deadline: monotonic seconds.

        Returns:
            What became of its packets.

        Raises:
            OSError: an ICMP error came, e.g. ConnectionRefusedError where no reflector listens.
        """
        loop = asyncio.get_running_loop()
        run = _StreamRun(stream, round(deadline * 1e9), loop.create_future())
        start = -(-time.monotonic_ns() // START_INTERVAL) * START_INTERVAL
        self._schedule(start, round(gap * 1e9), [run])
        self._set_timer(loop)
        try:
            await run.ended
        finally:
            report = stream.close()
        return report

    def close(self) -> None:
        """Stop the timer; streams under way are never ended."""
        if self._timer is not None:
            self._timer.cancel()
        self._stamped.close()

    def _schedule(self, due: int, gap: int, runs: list[_StreamRun]) -> None:
        """Have the next step of these streams made at the first tick from ``due`` on.

        Args:
            due: monotonic nanoseconds.
            gap: as in ``_Cohort``.
            runs: the streams.
        """
        if not runs:
            return
        tick = -(-due // TICK_INTERVAL)
        if tick not in self._cohorts:
            self._cohorts[tick] = []
            heapq.heappush(self._ticks, tick)
        for cohort in self._cohorts[tick]:
            if (cohort.due, cohort.gap) == (due, gap):
                cohort.runs.extend(runs)
                return
        self._cohorts[tick].append(_Cohort(due, gap, runs))

    def _set_timer(self, loop: asyncio.AbstractEventLoop) -> None:
        """Set the timer to the first tick at which anything is due."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None
        if self._ticks:
            self._timer = loop.call_at(self._ticks[0] * TICK_INTERVAL / 1e9, self._on_timer, loop)

    def _on_timer(self, loop: asyncio.AbstractEventLoop) -> None:
        now = time.monotonic_ns()
        while self._ticks and self._ticks[0] * TICK_INTERVAL <= now:
            for cohort in self._cohorts.pop(heapq.heappop(self._ticks)):
                if cohort.gap:
                    self._send(cohort, now)
                else:
                    self._await_answers(cohort, now)
        self._set_timer(loop)

    def _send(self, cohort: _Cohort, now: int) -> None:
        """Send the next packet of each stream."""
        # A late packet moves the rest of the stream: to catch up by a burst would be unlike a call.
        due = max(cohort.due, now - TICK_INTERVAL) + cohort.gap
        sending, waiting = [], []
        for run in cohort.runs:
            try:
                unsent = run.stream.send()
                if not unsent % PACKETS_PER_READ:
                    run.stream.receive(self._buffer)
            except Exception as error:  # noqa: BLE001 (raised where its own task waits; others go on)
                run.fail(error)
                continue
            if not unsent:
                waiting.append(run)
            elif due <= run.deadline:
                sending.append(run)
            else:
                run.end()
        self._schedule(due, cohort.gap, sending)
        self._schedule_waiting(waiting, now)

    def _await_answers(self, cohort: _Cohort, now: int) -> None:
        """Read what came, and end the streams that are complete or at their deadline."""
        waiting = []
        for run in cohort.runs:
            try:
                run.stream.receive(self._buffer)
            except Exception as error:  # noqa: BLE001 (raised where its own task waits; others go on)
                run.fail(error)
                continue
            if run.stream.is_complete or now >= run.deadline:
                run.end()
            else:
                waiting.append(run)
        self._schedule_waiting(waiting, now)

    def _schedule_waiting(self, runs: list[_StreamRun], now: int) -> None:
        for run in runs:
            self._schedule(min(now + FINAL_READ_INTERVAL, run.deadline), 0, [run])

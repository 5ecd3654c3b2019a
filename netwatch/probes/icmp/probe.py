"""The ICMP probe: sends thousands of echoes through one socket, and reports each of them."""

from __future__ import annotations

import asyncio
import os
import time

import numpy as np

from netwatch.core.check import Check
from netwatch.core.echo import LATE_AFTER, LOCAL_ERROR, EchoResults, EchoSink, Seconds
from netwatch.core.errors import StartError
from netwatch.core.result import Sink
from netwatch.core.streams import Rows, Streams
from netwatch.probes.icmp.batch import MAX_BATCH, Batch
from netwatch.probes.icmp.echoes import Echoes
from netwatch.probes.icmp.params import IcmpParams
from netwatch.probes.icmp.receiver import EchoReceiver
from netwatch.probes.icmp.reporter import Reporter
from netwatch.probes.icmp.streams import (
    BatchKey,
    Destinations,
    SocketKey,
    StreamTable,
    batch_of,
    destination_of,
)
from netwatch.probes.icmp.transport import EchoSocket

LAUNCH_POLL_INTERVAL = 0.03
"""Seconds since the last look for replies after which a launch begins with another one."""

MIN_POLL_INTERVAL = 0.1
"""Seconds between two looks for replies, at the least, when nothing is launched."""

SINGLE_POLL_INTERVAL = 0.05
"""Seconds after a single echo at which its reply is looked for: somebody waits for it."""

LATE_POLL_MARGIN = 0.01
"""Seconds after a single echo is late at which that is looked for."""

MAX_POLL_INTERVAL = 0.5
"""Seconds between two looks for replies, at the most, as long as echoes are remembered."""

FORGET_INTERVAL = 0.25
"""Seconds between two times at which old echoes are forgotten."""


class IcmpProbe:
    """Sends echoes, and reports what became of each.

    Nothing wakes it up for a reply. It reads the sockets now and then: the kernel stamps when each
    reply came, so reading many at once costs less and changes no round trip.

    Args:
        sink: gets the results of single echoes; those of streams go to the sink of ``watch``.
    """

    def __init__(self, sink: Sink) -> None:
        self._reporter = Reporter(sink)
        self._streams = StreamTable()
        self._echoes = Echoes()
        self._receiver = EchoReceiver(self._echoes, self._reporter)
        self._sockets: dict[SocketKey, EchoSocket] = {}
        self._batches: dict[BatchKey, Batch] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._polled = self._forgot = 0.0
        self._late_at = 0.0  # when the last single echo is late
        self._sent_since = 0

    async def open(self) -> None:
        """Open the IPv4 socket; others are opened when a check first needs them.

        Raises:
            StartError: ICMP is not permitted on this machine.
        """
        self._socket(SocketKey(4, 0, None))

    async def close(self) -> None:
        """Close all sockets; open echoes are dropped."""
        self._cancel_timer()
        for sock in self._sockets.values():
            sock.close()
        self._sockets.clear()
        self._batches.clear()

    def watch(self, streams: Streams, sink: EchoSink) -> None:
        """Know these streams from now on, in place of those known before.

        Open echoes of rows that changed hands are dropped without a result.

        Args:
            streams: says which row each check has.
            sink: gets what becomes of their echoes.
        """
        self._echoes.drop(streams.changed)
        self._reporter.free_single_rows(self._echoes.used_rows())
        self._streams.watch(streams)
        self._reporter.echo_sink = sink

    def launch(self, check: Check[IcmpParams], due: float) -> None:
        """Send one echo now: of its stream if the check is one, else a single one.

        Args:
            check: what to send.
            due: monotonic time of its slot, seconds.
        """
        stream = self._streams.row(check)
        row = np.array([self._reporter.single_row(check) if stream is None else stream])
        self._poll_if_due()
        self._send(batch_of(check), row, np.array([due]), destination_of(check))
        self._late_at = time.monotonic() + LATE_AFTER + LATE_POLL_MARGIN
        self._poll_within(SINGLE_POLL_INTERVAL)

    def launch_streams(self, rows: Rows, due: Seconds) -> None:
        """Send an echo of each of these streams.

        Args:
            rows: of the streams.
            due: monotonic time of each one's slot, seconds.
        """
        self._poll_if_due()
        for key, places in self._streams.by_batch(rows):
            for start in range(0, len(places), MAX_BATCH):
                part = places[start : start + MAX_BATCH]
                self._send(key, rows[part], due[part], self._streams.destinations(rows[part]))
        timeout = self._streams.shortest_timeout
        self._poll_within(max(MIN_POLL_INTERVAL, min(MAX_POLL_INTERVAL, timeout)))

    def _send(self, key: BatchKey, rows: Rows, due: Seconds, to: Destinations) -> None:
        try:
            batch = self._batch(key)
        except (OSError, StartError) as error:
            detail = os.strerror(error.errno or 0) if isinstance(error, OSError) else str(error)
            self._unsent(rows, due, dict.fromkeys(range(len(rows)), detail))
            return
        numbers, tokens = self._echoes.reserve(len(rows))
        stamps, failed = batch.send(numbers, tokens, to.addresses)
        sent = np.array(stamps)
        if failed:
            places = np.array(list(failed))
            self._unsent(rows[places], due[places], dict(enumerate(failed.values())))
            went = np.setdiff1d(np.arange(len(rows)), places)
            numbers, rows, due, sent, to = (
                numbers[went],
                rows[went],
                due[went],
                sent[went],
                to.at(went),
            )
        self._echoes.add(numbers, rows, due, to, key.size, sent)
        self._reporter.sent(rows)
        self._sent_since += len(rows)
        if self._sent_since > batch.socket.room // 2:
            self._poll()

    def _unsent(self, rows: Rows, due: Seconds, details: dict[int, str]) -> None:
        """Report echoes that never left this machine, which says nothing about their targets.

        Args:
            rows: of the echoes.
            due: monotonic time of each one's slot, seconds.
            details: why, by place in ``rows``: no route, no buffer, no socket.
        """
        reasons, now = np.full(len(rows), LOCAL_ERROR, np.uint8), time.monotonic()
        self._reporter.settled(EchoResults(rows, reasons, due, now, sent=False, details=details))

    def _batch(self, key: BatchKey) -> Batch:
        batch = self._batches.get(key)
        if batch is None:
            batch = self._batches[key] = Batch(self._socket(key.socket), key.size)
        return batch

    def _socket(self, key: SocketKey) -> EchoSocket:
        sock = self._sockets.get(key)
        if sock is None:
            sock = self._sockets[key] = EchoSocket(*key)
        return sock

    def _poll_if_due(self) -> None:
        if len(self._echoes) and time.monotonic() - self._polled > LAUNCH_POLL_INTERVAL:
            self._poll()

    def _poll(self) -> None:
        self._polled, self._sent_since = time.monotonic(), 0
        self._receiver.read(self._sockets.values())
        if self._polled - self._forgot > FORGET_INTERVAL:
            self._forgot = self._polled
            self._echoes.forget(time.monotonic_ns())
        self._cancel_timer()
        if self._echoes.remembered:
            self._poll_within(self._next_poll_delay())

    def _next_poll_delay(self) -> float:
        """Seconds until the sockets must be read again if nothing is launched meanwhile."""
        end = self._echoes.first_overdue()
        if end is None:
            return MAX_POLL_INTERVAL
        if self._late_at > self._polled:
            return max(SINGLE_POLL_INTERVAL, self._late_at - self._polled)
        return min(MAX_POLL_INTERVAL, max(MIN_POLL_INTERVAL, end / 1e9 - time.monotonic()))

    def _poll_within(self, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        if self._timer is None or self._timer.when() > loop.time() + seconds:
            self._cancel_timer()
            self._timer = loop.call_later(seconds, self._poll)

    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

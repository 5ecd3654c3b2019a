"""The ICMP probe: thousands of echoes on one socket, each accounted for."""

from __future__ import annotations

import asyncio
import os
import time

import numpy as np

from netwatch.core.check import Check
from netwatch.core.echo import LOCAL_ERROR, EchoResults, EchoSink, Seconds
from netwatch.core.errors import StartError
from netwatch.core.result import Sink
from netwatch.core.streams import Rows, Streams
from netwatch.probes.icmp.batch import BATCH, Batch
from netwatch.probes.icmp.echoes import Echoes
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

POLL = 0.03
"""Seconds after which a launch looks for replies first."""

SOON = 0.1
"""Seconds after which they are looked for when nothing is launched: when an echo is overdue,"""

SINGLE = 0.05
"""when somebody waits for a single echo,"""

LATEST_POLL = 0.5
"""and otherwise."""

FORGET = 0.25
"""Seconds between two times of forgetting old echoes."""


class IcmpProbe:
    """Sends echoes and reports each one's fate.

    Replies are not waited for but looked for: the kernel notes when they came, so reading many
    at once costs less and changes no round trip.
    """

    def __init__(self, sink: Sink) -> None:
        self._reporter = Reporter(sink)
        self._streams = StreamTable()
        self._echoes = Echoes()
        self._receiver = EchoReceiver(self._echoes, self._reporter)
        self._sockets: dict[SocketKey, EchoSocket] = {}
        self._lanes: dict[BatchKey, Batch] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._polled = self._forgot = 0.0
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
        self._lanes.clear()

    def watch(self, streams: Streams, sink: EchoSink) -> None:
        """Send for these streams when told to, and report them to ``sink``."""
        self._echoes.drop(streams.changed)
        self._streams.watch(streams)
        self._reporter.echo_sink = sink

    def launch(self, check: Check, due: float) -> None:
        """Send one echo now: one more of its stream, or one whose result is reported by itself."""
        stream = self._streams.row(check)
        row = np.array([self._reporter.guest(check) if stream is None else stream])
        self._poll_if_due()
        self._send(batch_of(check), row, np.array([due]), destination_of(check))
        self._poll_within(SINGLE)

    def launch_streams(self, rows: Rows, due: Seconds) -> None:
        """Send an echo of each of these streams."""
        self._poll_if_due()
        for key, places in self._streams.by_lane(rows):
            for start in range(0, len(places), BATCH):
                part = places[start : start + BATCH]
                self._send(key, rows[part], due[part], self._streams.destinations(rows[part]))
        self._poll_within(max(SOON, min(LATEST_POLL, self._streams.shortest_timeout)))

    def _send(self, key: BatchKey, rows: Rows, due: Seconds, to: Destinations) -> None:
        try:
            lane = self._lane(key)
        except (OSError, StartError) as error:
            told = os.strerror(error.errno or 0) if isinstance(error, OSError) else str(error)
            self._unsent(rows, due, dict.fromkeys(range(len(rows)), told))
            return
        numbers, tokens = self._echoes.reserve(len(rows))
        stamps, failed = lane.send(numbers, tokens, to.addresses)
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
        if self._sent_since > lane.socket.room // 2:
            self._poll()

    def _unsent(self, rows: Rows, due: Seconds, details: dict[int, str]) -> None:
        """No route, no buffer, no socket: it says nothing about the targets."""
        reasons, now = np.full(len(rows), LOCAL_ERROR, np.uint8), time.monotonic()
        self._reporter.settled(EchoResults(rows, reasons, due, now, sent=False, details=details))

    def _lane(self, key: BatchKey) -> Batch:
        lane = self._lanes.get(key)
        if lane is None:
            lane = self._lanes[key] = Batch(self._socket(key.socket), key.size)
        return lane

    def _socket(self, key: SocketKey) -> EchoSocket:
        sock = self._sockets.get(key)
        if sock is None:
            sock = self._sockets[key] = EchoSocket(*key)
        return sock

    def _poll_if_due(self) -> None:
        if len(self._echoes) and time.monotonic() - self._polled > POLL:
            self._poll()

    def _poll(self) -> None:
        self._polled, self._sent_since = time.monotonic(), 0
        self._receiver.read(self._sockets.values())
        if self._polled - self._forgot > FORGET:
            self._forgot = self._polled
            self._echoes.forget(time.monotonic_ns())
        self._cancel_timer()
        if self._echoes.remembered:
            self._poll_within(self._patience())

    def _patience(self) -> float:
        """Seconds until replies must be looked for, if nothing is launched meanwhile."""
        end = self._echoes.first_overdue()
        if end is None:
            return LATEST_POLL
        return min(LATEST_POLL, max(SOON, end / 1e9 - time.monotonic()))

    def _poll_within(self, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        if self._timer is None or self._timer.when() > loop.time() + seconds:
            self._cancel_timer()
            self._timer = loop.call_later(seconds, self._poll)

    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

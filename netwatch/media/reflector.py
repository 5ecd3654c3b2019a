"""A STAMP Session-Reflector (RFC 8762, section 4.3): answers test packets of allowed senders.

It can't be used to attack others: only allowed sources get an answer, an answer is exactly as long
as the packet it answers, and the answers a second are limited.
"""

from __future__ import annotations

import asyncio
import socket
import time
from collections import OrderedDict
from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address

from netwatch.media.clock import clock_error
from netwatch.media.stamp import MAX_PACKET_SIZE, error_estimate, parse_request, reflect, to_stamp
from netwatch.net.stamped import Datagram, mark_received, receive, send_marked

DEFAULT_RATE = 5000
"""Answers a second unless ``--rate`` says otherwise: a hundred calls at once."""

MAX_BATCH = 256
"""Datagrams that are read in one go, before other work of the event loop gets its turn."""

MAX_SESSIONS = 1024
"""Sessions that have a packet count at one time; beyond them, the one that was silent longest is
forgotten. Also the source addresses whose permission is remembered."""

SESSION_TIMEOUT = 30.0
"""Seconds of silence after which the packet count of a session begins anew."""

CLOCK_CHECK_INTERVAL = 10.0
"""Seconds between two reads of the clock's possible error."""

Session = tuple[str, int, int]
"""Address and port of a sender, and its SSID (RFC 8972, section 3)."""


class Reflector:
    """Reflects at one address, from ``open`` to ``close``.

    Args:
        allowed: networks whose test packets are answered.
        rate: answers a second, at the most.

    Attributes:
        reflected: packets that were answered.
        refused: packets that were not: no test packet, not allowed, or beyond the rate.
    """

    def __init__(
        self, allowed: Sequence[IPv4Network | IPv6Network], rate: float = DEFAULT_RATE
    ) -> None:
        self._allowed = tuple(allowed)
        self._rate = rate
        self._tokens = rate
        self._filled = 0.0
        self._counts: OrderedDict[Session, tuple[int, float]] = OrderedDict()
        self._known: dict[str, bool] = {}
        self._socket: socket.socket | None = None
        self._error = 0
        self._clock_read = -CLOCK_CHECK_INTERVAL
        self.reflected = 0
        self.refused = 0

    def open(self, sock: socket.socket) -> None:
        """Reflect at a bound socket that ``netwatch.net.stamped.mark_received`` has prepared."""
        self._socket = sock
        asyncio.get_running_loop().add_reader(sock, self._drain, sock)

    def close(self) -> None:
        """Stop answering, and close the socket."""
        if self._socket is not None:
            asyncio.get_running_loop().remove_reader(self._socket)
            self._socket.close()
            self._socket = None

    def answer(self, question: Datagram, now: float) -> tuple[bytes, int] | None:
        """The answer to a datagram, and the DSCP to send it with; None when it gets no answer.

        Args:
            question: any datagram at all.
            now: monotonic seconds.
        """
        request = parse_request(question.data)
        if request is None or len(question.data) > MAX_PACKET_SIZE:
            return None
        if not self._may_ask(question.source[0]) or not self._has_token(now):
            return None
        if now - self._clock_read >= CLOCK_CHECK_INTERVAL:
            self._error, self._clock_read = error_estimate(clock_error()), now
        dscp = question.tos >> 2 if request.wanted is None else request.wanted
        data = reflect(
            question.data,
            sequence=self._count((*question.source, request.session), now),
            received=to_stamp(question.arrived),
            answered=to_stamp(time.time_ns()),
            error=self._error,
            ttl=question.ttl,
            tos=question.tos,
        )
        return data, dscp

    def _drain(self, sock: socket.socket) -> None:
        now = time.monotonic()
        for _ in range(MAX_BATCH):
            try:
                question = receive(sock)
            except BlockingIOError:
                return
            except OSError:
                continue  # what ICMP said of an earlier answer: its sender is gone
            found = self.answer(question, now)
            if found is None:
                self.refused += 1
                continue
            try:
                send_marked(sock, found[0], question.source, found[1])
                self.reflected += 1
            except OSError:
                self.refused += 1  # no buffer, no way back: lost, as on any line

    def _may_ask(self, source: str) -> bool:
        known = self._known.get(source)
        if known is None:
            address = ip_address(source)
            if len(self._known) >= MAX_SESSIONS:
                self._known.clear()
            known = self._known[source] = any(address in network for network in self._allowed)
        return known

    def _has_token(self, now: float) -> bool:
        """A bucket that holds what may be answered in one second."""
        self._tokens = min(self._rate, self._tokens + (now - self._filled) * self._rate)
        self._filled = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True

    def _count(self, session: Session, now: float) -> int:
        """How many packets of a sender came before this one: so it learns which way lost them."""
        count, last = self._counts.pop(session, (0, now))
        if now - last > SESSION_TIMEOUT:
            count = 0
        self._counts[session] = count + 1, now
        if len(self._counts) > MAX_SESSIONS:
            self._counts.popitem(last=False)
        return count


def bind(address: str, port: int) -> socket.socket:
    """A socket for a reflector.

    Raises:
        OSError: the kernel refuses.
    """
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_DGRAM)
    mark_received(sock)
    try:
        sock.bind((address, port))
    except OSError:
        sock.close()
        raise
    return sock

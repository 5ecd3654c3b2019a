"""One connection from its acceptance to its end."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Callable, Coroutine
from enum import Enum, auto
from typing import Any

_SEND_BUFFER = 128 * 1024
"""Octets that the kernel buffers for a client that doesn't read; left alone it takes 4 MB."""

_TCP_INFO_OCTETS = 128
_BYTES_ACKED_OFFSET = 120
"""Where ``tcpi_bytes_acked`` stands in ``struct tcp_info`` (linux/tcp.h, since Linux 4.1)."""


class ExchangePhase(Enum):
    """What is waited for: the client's request, our answer, or that the client takes it."""

    REQUEST = auto()
    ANSWER = auto()
    SENDING = auto()


class ClientConnection:
    """A connection, and what its client has done with it so far.

    Args:
        sock: accepted, and not yet in use.
        source: what is counted as one client.
        is_loopback: whether the client is on this machine.
        now: monotonic seconds.

    Attributes:
        source, is_loopback: the same.
        is_known: whether the client is on this machine, or has logged in.
        phase: what is waited for.
        accepted: when it was accepted, monotonic seconds.
        progressed: when the client last did what was waited for, monotonic seconds.
    """

    def __init__(self, sock: socket.socket, source: str, is_loopback: bool, now: float) -> None:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)
        self.sock = sock
        self.source = source
        self.is_loopback = self.is_known = is_loopback
        self.phase = ExchangePhase.REQUEST
        self.accepted = self.progressed = now
        self._taken = 0
        self._transport: asyncio.Transport | None = None
        self._opening: asyncio.Task[None] | None = None

    def open_on_data(self, open_: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Open it, and agree on TLS, as soon as the client says something; until then it is cheap.

        Args:
            open_: does that; it is cancelled if the connection is cut before.
        """
        loop, descriptor = asyncio.get_running_loop(), self.sock.fileno()

        def begin() -> None:
            loop.remove_reader(descriptor)
            self._opening = loop.create_task(open_())
            self._opening.add_done_callback(self._close_unless_open)

        loop.add_reader(descriptor, begin)

    @property
    def is_open(self) -> bool:
        """Whether TLS is agreed on, so that the request can come."""
        return self._transport is not None

    def opened(self, transport: asyncio.Transport) -> None:
        """Remember that the request can come now, over this transport."""
        self._transport = transport

    def enter(self, phase: ExchangePhase, now: float) -> None:
        """The client has done what was waited for until now."""
        self.phase = phase
        self.progressed = now

    def watch_reading(self, now: float, octets: int) -> None:
        """Note progress if the client has taken as many octets as these since the last time."""
        taken = self._octets_taken()
        if taken - self._taken >= octets:
            self._taken = taken
            self.progressed = now

    def has_unread(self) -> bool:
        """Whether octets of the client wait to be read, as a request does that has just come."""
        try:
            return bool(self.sock.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT))
        except OSError:  # nothing is there, or the client has gone
            return False

    def cut(self) -> None:
        """End it at once. What is not read yet would else stay in the kernel for minutes."""
        if self.sock.fileno() == -1:
            return
        reset_on_close(self.sock)
        if self._transport is not None:
            self._transport.abort()
        elif self._opening is not None:
            self._opening.cancel()
        else:
            asyncio.get_running_loop().remove_reader(self.sock.fileno())
            self.sock.close()

    def _octets_taken(self) -> int:
        """Octets that the client's kernel has acknowledged."""
        if self.sock.fileno() == -1:
            return self._taken
        info = self.sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _TCP_INFO_OCTETS)
        return int(struct.unpack_from("=Q", info, _BYTES_ACKED_OFFSET)[0])

    def _close_unless_open(self, _opening: asyncio.Task[None]) -> None:
        if self._transport is None:
            self.sock.close()


def reset_on_close(sock: socket.socket) -> None:
    """Have the kernel forget a connection when its socket is closed."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

"""The other end of one measurement: connections to it, the time it has, and how far they came."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from netwatch.core.result import Reason
from netwatch.net.connection import Connection
from netwatch.net.errors import NetworkError, explain, explained
from netwatch.net.icmp import Refusal
from netwatch.net.sockets import MAX_OCTETS, MIN_WINDOW, TcpSocket

MAX_STALL = 0.05
"""Seconds by which the end of the time may be noticed late and still be believed."""

LINE_OCTETS = 4096
"""Octets of the longest line of a connection that is told no other number."""


class Peer:
    """An address that is spoken to, over one connection or several; made by ``speak_to``.

    Attributes:
        address: IPv4 or IPv6 address.
    """

    def __init__(self, address: str, max_octets: int = MAX_OCTETS) -> None:
        self.address = address
        self._max_octets = max_octets
        self._sockets: list[TcpSocket] = []
        self._connections: list[Connection] = []
        self._ends: list[Callable[[], None]] = []
        self._heard = ""
        self._has_answered = False

    def socket(self) -> TcpSocket:
        """A new socket for this address. Whoever asks for it closes it."""
        sock = TcpSocket(self.address, self._max_octets)
        self._sockets.append(sock)
        return sock

    async def reach(self, port: int) -> TcpSocket:
        """Connect to a TCP port, and say nothing yet; the socket is closed with this peer.

        Raises:
            NetworkError: there is no connection, or one that takes no octet.
        """
        with explained(self.refusal):
            sock = self.socket()
            self._ends.append(sock.close)
            await asyncio.get_running_loop().sock_connect(sock, (self.address, port))
        sock.examine()
        if sock.window < MIN_WINDOW:
            raise _tarpit(sock)
        return sock

    async def open_stream(self, sock: TcpSocket, max_line: int = LINE_OCTETS) -> Connection:
        """Speak over a socket of ``reach``.

        Args:
            sock: is connected.
            max_line: octets up to which ``Connection.read_until`` looks for an end.
        """
        reader, writer = await asyncio.open_connection(sock=sock, limit=max_line)
        connection = Connection(sock, reader, writer)
        self._connections.append(connection)
        self._ends.append(connection.abort)
        return connection

    async def connect(self, port: int, max_line: int = LINE_OCTETS) -> Connection:
        """Connect and speak: ``reach`` and ``open_stream`` in one."""
        return await self.open_stream(await self.reach(port), max_line)

    def note_answer(self, words: str = "") -> None:
        """An answer came, by whatever transport, and more is asked for.

        Args:
            words: stand before the reason when what follows fails.
        """
        self._has_answered, self._heard = True, words

    @property
    def has_answered(self) -> bool:
        """Whether anything that the service sent came over: proof that the way is open."""
        return self._has_answered or any(sock.taken for sock in self._sockets)

    @property
    def certificate_end(self) -> float | None:
        """When the certificates that were shown last end to be valid, Unix seconds; else None."""
        ends = (each.certificate_end for each in reversed(self._connections))
        return next((end for end in ends if end is not None), None)

    def refusal(self) -> Refusal | None:
        """What ICMP said of the last connection; None when it said nothing."""
        for sock in self._sockets:
            sock.examine()
        return self._sockets[-1].refusal if self._sockets else None

    def in_context(self, error: NetworkError) -> NetworkError:
        """An error with how far it had come before, as ``note_answer`` was told."""
        return error.after(self._heard) if self._heard else error

    def silence(self) -> NetworkError:
        """What the time being up means, by how far the last connection came."""
        if not self._sockets:
            return NetworkError(Reason.TIMEOUT)
        last = self._sockets[-1]
        last.examine()
        if last.refusal is not None:
            return explain(TimeoutError(), last.refusal)
        if not last.connected:
            return NetworkError(Reason.TIMEOUT)
        if last.window < MIN_WINDOW:
            return _tarpit(last)
        if last.received:
            return NetworkError(Reason.TARPIT, f"{last.received} octets until the time was up")
        return NetworkError(Reason.SILENT)

    def close(self) -> None:
        """End all connections, without waiting for anything."""
        for end in reversed(self._ends):
            end()


@asynccontextmanager
async def speak_to(
    address: str, seconds: float, max_octets: int = MAX_OCTETS
) -> AsyncIterator[Peer]:
    """A peer whose connections end with the block, whatever happens.

    Args:
        address: IPv4 or IPv6 address.
        seconds: that the block may take.
        max_octets: that may come in over one connection.

    Raises:
        NetworkError: something went wrong within, or the time was up. ``LOCAL_ERROR`` also when
            that was noticed late: the answer may have been there in time.
    """
    peer = Peer(address, max_octets)
    end = time.monotonic() + seconds
    try:
        async with asyncio.timeout(seconds) as deadline:
            with explained(peer.refusal):
                yield peer
    except NetworkError as error:
        raise peer.in_context(error) from None
    except (TimeoutError, asyncio.CancelledError):
        # Cancelled and late at once: the caller's own limit, which is a moment later, was reached
        # in the same turn of the loop. What is known of the peer is then still worth telling.
        if not deadline.expired():
            raise
        if time.monotonic() - end > MAX_STALL:
            raise NetworkError(Reason.LOCAL_ERROR, "event loop stalled") from None
        raise peer.in_context(peer.silence()) from None
    finally:
        peer.close()


def _tarpit(sock: TcpSocket) -> NetworkError:
    return NetworkError(Reason.TARPIT, f"a window of {sock.window}")

"""A TCP socket that tells apart what firewalls do, and that no peer can overfill.

A refusal has many shapes: ICMP of several codes, a reset, a window of zero, plain silence. The
kernel knows which one it was, but says it only as ``No route to host`` or not at all; so it is
asked, at the latest before the socket is closed.
"""

from __future__ import annotations

import socket
import struct
from ipaddress import ip_address
from typing import Any

from netwatch.net.errors import TooMuchError
from netwatch.net.icmp import Refusal, keep_icmp_errors, refusal_of

MAX_OCTETS = 256 * 1024
"""Octets that may come in over one socket; no check needs more, and an endless answer ends."""

MIN_WINDOW = 64
"""Octets of window under which nobody could be served: so small is only a tarpit's."""

_TCP_INFO_SIZE = 232
_CONNECTED = {1, 4, 5, 8}
"""States in which the handshake is over: ESTABLISHED, FIN_WAIT1, FIN_WAIT2, CLOSE_WAIT."""
_BYTES_RECEIVED = struct.Struct("=128xQ")  # tcpi_bytes_received, linux/tcp.h
_SEND_WINDOW = struct.Struct("=228xI")  # tcpi_snd_wnd, since Linux 5.4


def family_of(address: str) -> socket.AddressFamily:
    """The family of an address in text form."""
    return socket.AF_INET6 if ip_address(address).version == 6 else socket.AF_INET


class TcpSocket(socket.socket):
    """A TCP socket to one address, not connected yet, that does not block.

    Attributes:
        connected: the handshake was seen to be over.
        received: octets that the peer sent; an end of the connection counts as one.
        taken: octets of them that were read.
        window: octets that the peer is ready to take.
        refusal: what an ICMP message said of the connection, and who sent it.
    """

    def __init__(self, address: str, max_octets: int = MAX_OCTETS) -> None:
        super().__init__(family_of(address), socket.SOCK_STREAM)
        self.connected = False
        self.received = 0
        self.taken = 0
        self.window = 0
        self.refusal: Refusal | None = None
        self._max_octets = max_octets
        self.setblocking(False)
        keep_icmp_errors(self)

    def close(self) -> None:
        """Ask for what is not known later, and close."""
        self.examine()
        super().close()

    def examine(self) -> None:
        """Bring the attributes up to date; of a closed socket they stay as they were."""
        if self.fileno() == -1:
            return
        info = self.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _TCP_INFO_SIZE)
        self.connected = self.connected or info[0] in _CONNECTED
        (self.received,) = _BYTES_RECEIVED.unpack_from(info)
        (self.window,) = _SEND_WINDOW.unpack_from(info)
        self.refusal = self.refusal or refusal_of(self)

    def recv(self, size: int, flags: int = 0) -> bytes:
        """Read, as far as ``max_octets`` go.

        Raises:
            TooMuchError: the peer sends more than that.
            OSError: as of any socket.
        """
        data = super().recv(self._allowed(size), flags)
        self.taken += len(data)
        return data

    def recv_into(self, buffer: Any, nbytes: int = 0, flags: int = 0) -> int:
        """Read into a buffer; raises as ``recv`` does."""
        count = super().recv_into(buffer, self._allowed(nbytes or len(buffer)), flags)
        self.taken += count
        return count

    def send(self, data: Any, flags: int = 0) -> int:
        """Send; what goes to a peer that has hung up is lost without a word.

        What it said before, e.g. why, is still to be read, and the end comes with that. asyncio
        would throw it away when sending fails.
        """
        try:
            return super().send(data, flags)
        except (ConnectionResetError, BrokenPipeError):
            return len(data)

    def _allowed(self, size: int) -> int:
        octets_left = self._max_octets - self.taken
        if octets_left <= 0:
            raise TooMuchError
        return min(size, octets_left)

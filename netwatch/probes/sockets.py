"""A TCP socket that tells apart what firewalls do, and that no peer can overfill.

A refusal has many shapes: ICMP of several codes, a reset, a window of zero, plain silence. The
kernel knows which one it was, but says it only as ``No route to host`` or not at all; so it is
asked, before the socket is closed by whoever holds it.
"""

from __future__ import annotations

import errno
import socket
import struct
from ipaddress import ip_address
from typing import Any

from netwatch.core.result import Outcome, Reason
from netwatch.net.icmp import keep_icmp_errors, refusal_of
from netwatch.probes.tasks import Measured

BUDGET = 256 * 1024
"""Octets that one conversation may bring in; no check needs more, and an endless answer ends."""

NO_WINDOW = 64
"""Octets of window under which nobody could be served: so small is only a tarpit's."""

_TCP_INFO_SIZE = 232
_CONNECTED = {1, 4, 5, 8}
"""States in which the handshake is over: ESTABLISHED, FIN_WAIT1, FIN_WAIT2, CLOSE_WAIT."""
_BYTES_RECEIVED = struct.Struct("=128xQ")  # tcpi_bytes_received, linux/tcp.h
_SEND_WINDOW = struct.Struct("=228xI")  # tcpi_snd_wnd, since Linux 5.4

_REMOTE_ERRORS = {
    errno.ECONNREFUSED: Reason.REFUSED,
    errno.ECONNRESET: Reason.RESET,
    errno.EPIPE: Reason.RESET,
    errno.EHOSTUNREACH: Reason.HOST_UNREACHABLE,
    errno.EACCES: Reason.PROHIBITED,
    errno.ETIMEDOUT: Reason.TIMEOUT,
}
_LOCAL_ERRORS = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM, errno.EADDRNOTAVAIL}
_LOCAL_ERRORS |= {errno.EPERM, errno.ENETUNREACH, errno.ENETDOWN, errno.EAFNOSUPPORT}
"""This machine has no route, no buffer, no descriptor: it says nothing about the target."""


def family_of(address: str) -> socket.AddressFamily:
    """The family of an address in text form."""
    return socket.AF_INET6 if ip_address(address).version == 6 else socket.AF_INET


class ProbeSocket(socket.socket):
    """A TCP socket for one conversation.

    Attributes:
        connected: the handshake was seen to be over.
        received: octets that the peer sent.
        window: octets that the peer is ready to take.
        refusal: what an ICMP message said of the connection, and who sent it.
    """

    def __init__(self, address: str, budget: int = BUDGET) -> None:
        super().__init__(family_of(address), socket.SOCK_STREAM)
        self.connected = False
        self.received = 0
        self.window = 0
        self.refusal: tuple[Reason, str] | None = None
        self._budget = budget
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
        """Read, as far as the budget goes.

        Raises:
            OSError: also (``EMSGSIZE``) when the peer sent more than a conversation needs.
        """
        data = super().recv(self._allowed(size), flags)
        self._budget -= len(data)
        return data

    def recv_into(self, buffer: Any, nbytes: int = 0, flags: int = 0) -> int:
        """Read into a buffer, as far as the budget goes; raises as ``recv`` does."""
        count = super().recv_into(buffer, self._allowed(nbytes or len(buffer)), flags)
        self._budget -= count
        return count

    def _allowed(self, size: int) -> int:
        if self._budget <= 0:
            raise OSError(errno.EMSGSIZE, "more came than is taken")
        return min(size, self._budget)


def failed(error: OSError, refusal: tuple[Reason, str] | None = None) -> Measured:
    """What an error of a socket says about the target, or about this machine."""
    if refusal is not None:
        reason, router = refusal
        return Measured(Outcome.FAILURE, reason, detail=f"from {router}" if router else "")
    detail = error.strerror or ""
    if error.errno in _LOCAL_ERRORS:
        return Measured(Outcome.INVALID, Reason.LOCAL_ERROR, detail=detail)
    reason = _REMOTE_ERRORS.get(error.errno or 0, Reason.PROTOCOL_ERROR)
    if error.errno is None and isinstance(error, ConnectionError):
        reason = Reason.RESET  # asyncio's own words for a peer that went away
    return Measured(Outcome.FAILURE, reason, detail=detail)

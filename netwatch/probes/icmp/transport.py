"""ICMP sockets with the kernel's own receive time stamps (socket(7), icmp(7), raw(7), ip(7)).

A datagram ICMP socket needs no privilege where ``net.ipv4.ping_group_range`` allows it, and the
kernel gives it only its own replies. A raw socket is the fallback.
"""

from __future__ import annotations

import errno
import os
import secrets
import socket
import struct
import time
from collections.abc import Iterator
from dataclasses import dataclass

from netwatch.core.errors import StartError
from netwatch.probes.icmp.packet import Refusal, parse_error, parse_quoted_echo, reason_of

_SO_RXQ_OVFL = 40
_SO_TIMESTAMPNS = 35
_SO_RCVBUFFORCE = 33
_IP_RECVERR = 11
_IPV6_RECVERR = 25
_SOL_RAW = 255
_ICMP_FILTER = 1
_ICMP6_FILTER = 1
"""Constants of Linux that Python 3.11 does not name."""

_BUFFER = 4 << 20
_LONGEST = 2048
_ANCILLARY = 256

_TIMESPEC = struct.Struct("@qq")
_EXTENDED_ERROR = struct.Struct("@IBBBBII")
_FROM_ROUTER = {2, 3}  # SO_EE_ORIGIN_ICMP, SO_EE_ORIGIN_ICMP6

_V4_WANTED = {0, 3, 11, 12}
_V6_WANTED = {1, 2, 3, 4, 129}

_PERMISSION = (
    "ICMP is not permitted; allow it with: sysctl -w net.ipv4.ping_group_range='0 2147483647' "
    "(systemd/60-netwatch.conf keeps it), or give the process CAP_NET_RAW"
)


@dataclass(frozen=True, slots=True)
class Received:
    """One ICMP message.

    Attributes:
        address: who sent it.
        arrived: monotonic seconds at which the kernel received it; None where it did not say.
    """

    message: bytes
    address: str
    arrived: float | None


@dataclass(frozen=True, slots=True)
class RouterError:
    """An ICMP error, and the router that sent it."""

    refusal: Refusal
    router: str


class EchoSocket:
    """One socket for all targets of an address family and a traffic class.

    Attributes:
        identifier: of the echoes sent here; on a datagram socket the kernel writes its own.
        overflows: messages that the kernel dropped because this socket was read too slowly.

    Raises:
        StartError: neither kind of socket is permitted.
    """

    def __init__(self, version: int, dscp: int) -> None:
        self.version = version
        self.identifier = secrets.randbelow(1 << 16)
        self.overflows = 0
        self._socket, self._is_raw = _open(version)
        self._socket.setblocking(False)
        _set_options(self._socket, version, dscp, is_raw=self._is_raw)

    def fileno(self) -> int:
        """For the event loop."""
        return self._socket.fileno()

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()

    def send(self, packet: bytes, address: str) -> None:
        """Hand a packet to the kernel.

        Raises:
            OSError: the kernel did not take it.
        """
        for _ in range(8):
            try:
                self._socket.sendto(packet, (address, 0))
            except OSError as error:
                # An ICMP error about another target waits on the socket, and is told only once.
                if error.errno not in _PENDING:
                    raise
                last = error
            else:
                return
        raise last

    def receive(self, most: int) -> list[Received]:
        """What came, at most so many messages."""
        found: list[Received] = []
        # Wall clock and monotonic clock are read together, and once for all that waits.
        offset = time.time() - time.monotonic()
        for _ in range(most):
            try:
                data, ancillary, _, source = self._socket.recvmsg(_LONGEST, _ANCILLARY)
            except BlockingIOError:
                break
            except OSError as error:
                if error.errno not in _PENDING:
                    raise
                continue
            found.append(Received(self._message(data), source[0], self._arrival(ancillary, offset)))
        return found

    def errors(self, most: int) -> Iterator[RouterError]:
        """The ICMP errors that the kernel matched to this socket, at most so many."""
        for _ in range(most):
            try:
                data, ancillary, _, destination = self._socket.recvmsg(
                    _LONGEST, _ANCILLARY, socket.MSG_ERRQUEUE
                )
            except OSError:
                return
            for _, kind, value in ancillary:
                if kind in (_IP_RECVERR, _IPV6_RECVERR):
                    error = self._explain(data, value, destination[0])
                    if error is not None:
                        yield error

    def is_of_another_program(self, received: Received) -> bool:
        """A raw socket is shown every reply that reaches the machine."""
        identifier = received.message[4:6]
        return self._is_raw and identifier != self.identifier.to_bytes(2, "big")

    def refusal(self, received: Received) -> RouterError | None:
        """The error in a message that a raw socket received; None for anything else."""
        refusal = parse_error(self.version, received.message) if self._is_raw else None
        if refusal is None or refusal.identifier != self.identifier:
            return None
        return RouterError(refusal, received.address)

    def _message(self, data: bytes) -> bytes:
        """The ICMP message; a raw IPv4 socket shows the IP header before it."""
        if not self._is_raw or self.version == 6 or not data:
            return data
        return data[(data[0] & 0x0F) * 4 :]

    def _arrival(self, ancillary: list[tuple[int, int, bytes]], offset: float) -> float | None:
        arrived = None
        for level, kind, value in ancillary:
            if level != socket.SOL_SOCKET:
                continue
            if kind == _SO_TIMESTAMPNS and len(value) >= _TIMESPEC.size:
                seconds, nanoseconds = _TIMESPEC.unpack_from(value)
                arrived = seconds + nanoseconds / 1e9 - offset
            elif kind == _SO_RXQ_OVFL and len(value) >= 4:
                self.overflows = int.from_bytes(value[:4], "little")
        return arrived

    def _explain(self, quoted: bytes, value: bytes, destination: str) -> RouterError | None:
        if len(value) < _EXTENDED_ERROR.size:
            return None
        _, origin, kind, code, _, _, _ = _EXTENDED_ERROR.unpack_from(value)
        echo = parse_quoted_echo(self.version, quoted)
        reason = reason_of(self.version, kind, code)
        if origin not in _FROM_ROUTER or echo is None or reason is None:
            return None
        return RouterError(Refusal(reason, *echo, destination), _offender(value))


_PENDING = {
    errno.EHOSTUNREACH,
    errno.ENETUNREACH,
    errno.ECONNREFUSED,
    errno.EACCES,
    errno.EPROTO,
    errno.EOPNOTSUPP,
    errno.ENOPROTOOPT,
    errno.EHOSTDOWN,
    errno.ENONET,
    errno.EMSGSIZE,
}
"""What the kernel makes of ICMP errors (icmp_err_convert, icmpv6_err_convert)."""


def _open(version: int) -> tuple[socket.socket, bool]:
    family = socket.AF_INET if version == 4 else socket.AF_INET6
    protocol = socket.IPPROTO_ICMP if version == 4 else socket.IPPROTO_ICMPV6
    for kind in (socket.SOCK_DGRAM, socket.SOCK_RAW):
        try:
            return socket.socket(family, kind, protocol), kind == socket.SOCK_RAW
        except PermissionError:
            continue
        except OSError as error:
            raise StartError(f"ICMPv{version}: {os.strerror(error.errno or 0)}") from error
    raise StartError(_PERMISSION)


def _set_options(sock: socket.socket, version: int, dscp: int, *, is_raw: bool) -> None:
    try:
        sock.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, _BUFFER)
    except PermissionError:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
    sock.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
    sock.setsockopt(socket.SOL_SOCKET, _SO_RXQ_OVFL, 1)
    if version == 4:
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_TOS, dscp << 2)
        sock.setsockopt(socket.IPPROTO_IP, _IP_RECVERR, 1)
        if is_raw:
            blocked = ~sum(1 << kind for kind in _V4_WANTED) & 0xFFFFFFFF
            sock.setsockopt(_SOL_RAW, _ICMP_FILTER, struct.pack("@I", blocked))
    else:
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_TCLASS, dscp << 2)
        sock.setsockopt(socket.IPPROTO_IPV6, _IPV6_RECVERR, 1)
        if is_raw:
            words = [0xFFFFFFFF] * 8
            for kind in _V6_WANTED:
                words[kind >> 5] &= ~(1 << (kind & 31))
            sock.setsockopt(socket.IPPROTO_ICMPV6, _ICMP6_FILTER, struct.pack("@8I", *words))


def _offender(value: bytes) -> str:
    """The address behind the extended error: a sockaddr_in or sockaddr_in6."""
    address = value[_EXTENDED_ERROR.size :]
    family = int.from_bytes(address[:2], "little") if len(address) >= 2 else 0
    if family == socket.AF_INET and len(address) >= 8:
        return socket.inet_ntop(socket.AF_INET, address[4:8])
    if family == socket.AF_INET6 and len(address) >= 24:
        return socket.inet_ntop(socket.AF_INET6, address[8:24])
    return ""

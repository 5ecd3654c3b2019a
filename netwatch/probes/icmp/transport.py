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
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from netwatch.core.errors import StartError
from netwatch.core.result import Reason
from netwatch.probes.icmp.packet import REPLY, is_too_big, parse_quoted_echo, reason_of
from netwatch.probes.icmp.replies import Mail, read_replies
from netwatch.probes.mailbox import SO_TIMESTAMPNS, Mailbox, drops

_SO_SNDBUFFORCE = 32
_SO_RCVBUFFORCE = 33
_IP_RECVERR = 11
_IP_RECVTTL = 12
_IPV6_RECVERR = 25
_IPV6_RECVHOPLIMIT = 51
_SOL_RAW = 255
_ICMP_FILTER = 1
_ICMP6_FILTER = 1
"""Constants of Linux that Python 3.11 does not name."""

_BUFFER = 4 << 20
_PER_MESSAGE = 2560
"""Octets of the buffer that the kernel may charge for one short message (its skb's truesize)."""

_MAX_QUOTED_OCTETS = 2048
_ANCILLARY = 256

_EXTENDED_ERROR = struct.Struct("@IBBBBII")
_FROM_ROUTER = {2, 3}  # SO_EE_ORIGIN_ICMP, SO_EE_ORIGIN_ICMP6

_PERMISSION = (
    "ICMP is not permitted; allow it with: sysctl -w net.ipv4.ping_group_range='0 2147483647' "
    "(systemd/60-netwatch.conf keeps it), or give the process CAP_NET_RAW"
)

Address = tuple[bytes, int]
"""Text of an address and a port, which means nothing here, as a socket takes them."""


@dataclass(frozen=True, slots=True)
class RouterError:
    """An ICMP error that quotes one of our echoes.

    Attributes:
        sequence: number of the quoted echo.
        token: of the quoted echo; empty when the router quoted too little.
        destination: address the echo was sent to.
        router: address of who says so.
        path_mtu: octets that a packet may have; None where that is not the trouble.
    """

    reason: Reason
    sequence: int
    token: bytes
    destination: str
    router: str
    path_mtu: int | None


class EchoSocket:
    """One socket for all echoes of an address family, a traffic class and a source address.

    Attributes:
        version: of the Internet protocol.
        identifier: of the echoes sent here; on a datagram socket the kernel writes its own.
        room: short messages for which the receive buffer has room, at the least.
        needs_checksums: the kernel does not make them.

    Raises:
        StartError: neither kind of socket is permitted.
        OSError: ``source`` is no address of this machine.
    """

    def __init__(self, version: int, dscp: int, source: str | None) -> None:
        self.version = version
        self.identifier = secrets.randbelow(1 << 16)
        self._socket, self._is_raw = _open(version)
        self.needs_checksums = self._is_raw and version == 4
        try:
            _set_options(self._socket, version, dscp, is_raw=self._is_raw)
            if source is not None:
                self._socket.bind((source, 0))
        except OSError:
            self._socket.close()
            raise
        self._descriptor = self._socket.fileno()
        buffer = self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF)
        self.room = buffer // _PER_MESSAGE

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()

    def send(
        self, packets: Iterable[memoryview], addresses: Iterable[Address]
    ) -> tuple[list[int], dict[int, str]]:
        """Hand packets to the kernel, one after the other.

        Returns:
            Monotonic nanoseconds just before each was handed over; and what went wrong, by place,
            with those that the kernel did not take.
        """
        stamps: list[int] = []
        failed: dict[int, str] = {}
        send, clock = self._socket.sendto, time.monotonic_ns
        for packet, address in zip(packets, addresses, strict=False):
            stamps.append(clock())
            try:
                send(packet, address)
            except OSError as error:
                if not self._send_again(packet, address, error, stamps):
                    failed[len(stamps) - 1] = os.strerror(error.errno or 0)
        return stamps, failed

    def receive(self, mailbox: Mailbox) -> tuple[int, Mail | None]:
        """How many messages came, as many as the mailbox holds, and what is in them."""
        count = 0
        for _ in range(_ATTEMPTS):
            try:
                count = mailbox.receive(self._descriptor)
            except OSError as error:
                if error.errno not in _PENDING:
                    raise
            else:
                break
        if not count:
            return 0, None
        own = self.identifier if self._is_raw else None
        return count, read_replies(self.version, mailbox, count, own)

    def overflows(self) -> int:
        """Messages that the kernel dropped because this socket was read too slowly."""
        return drops(self._socket)

    def errors(self, most: int) -> Iterator[RouterError]:
        """The ICMP errors that the kernel matched to this socket, at most so many."""
        for _ in range(most):
            try:
                quoted, ancillary, _, destination = self._socket.recvmsg(
                    _MAX_QUOTED_OCTETS, _ANCILLARY, socket.MSG_ERRQUEUE
                )
            except OSError:
                return
            for _, kind, value in ancillary:
                if kind in (_IP_RECVERR, _IPV6_RECVERR):
                    error = self._explain(quoted, value, destination[0])
                    if error is not None:
                        yield error

    def _send_again(
        self, packet: memoryview, address: Address, error: OSError, stamps: list[int]
    ) -> bool:
        """An ICMP error about another target waits on the socket, and is told only once."""
        for _ in range(_ATTEMPTS):
            if error.errno not in _PENDING:
                return False
            stamps[-1] = time.monotonic_ns()
            try:
                self._socket.sendto(packet, address)
            except OSError as another:
                error = another
            else:
                return True
        return False

    def _explain(self, quoted: bytes, value: bytes, destination: str) -> RouterError | None:
        if len(value) < _EXTENDED_ERROR.size:
            return None
        _, origin, kind, code, _, info, _ = _EXTENDED_ERROR.unpack_from(value)
        echo = parse_quoted_echo(self.version, quoted)
        reason = reason_of(self.version, kind, code)
        if origin not in _FROM_ROUTER or echo is None or reason is None:
            return None
        identifier, sequence, token = echo
        if self._is_raw and identifier != self.identifier:
            return None
        path_mtu = info if is_too_big(self.version, kind, code) and info else None
        return RouterError(reason, sequence, token, destination, _offender(value), path_mtu)


_ATTEMPTS = 8
"""Calls until a socket that has one error after the other is left for later."""

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
    sock.setblocking(False)
    for force, polite in ((_SO_RCVBUFFORCE, socket.SO_RCVBUF), (_SO_SNDBUFFORCE, socket.SO_SNDBUF)):
        try:
            sock.setsockopt(socket.SOL_SOCKET, force, _BUFFER)
        except PermissionError:
            sock.setsockopt(socket.SOL_SOCKET, polite, _BUFFER)
    sock.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
    if version == 4:
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_TOS, dscp << 2)
        sock.setsockopt(socket.IPPROTO_IP, _IP_RECVERR, 1)
        sock.setsockopt(socket.IPPROTO_IP, _IP_RECVTTL, 1)
        if is_raw:
            blocked = ~(1 << REPLY[4]) & 0xFFFFFFFF
            sock.setsockopt(_SOL_RAW, _ICMP_FILTER, struct.pack("@I", blocked))
    else:
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_TCLASS, dscp << 2)
        sock.setsockopt(socket.IPPROTO_IPV6, _IPV6_RECVERR, 1)
        sock.setsockopt(socket.IPPROTO_IPV6, _IPV6_RECVHOPLIMIT, 1)
        if is_raw:
            words = [0xFFFFFFFF] * 8
            words[REPLY[6] >> 5] &= ~(1 << (REPLY[6] & 31))
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

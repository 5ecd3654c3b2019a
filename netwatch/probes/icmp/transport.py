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
from netwatch.net.icmp import IcmpError, icmp_error_in, is_too_big, keep_icmp_errors, reason_of
from netwatch.net.recvmmsg import SO_TIMESTAMPNS, MessageBuffer, drops
from netwatch.probes.icmp.packet import REPLY, parse_quoted_echo
from netwatch.probes.icmp.replies import ReceivedReplies, read_replies

_SO_SNDBUFFORCE = 32
_SO_RCVBUFFORCE = 33
_IP_RECVTTL = 12
_IPV6_RECVHOPLIMIT = 51
_SOL_RAW = 255
_ICMP_FILTER = 1
_ICMP6_FILTER = 1
"""Constants of Linux that Python 3.11 does not name."""

_BUFFER_SIZE = 4 << 20
"""Octets of each socket's send and receive buffer."""
_MAX_MESSAGE_CHARGE = 2560
"""Octets of the receive buffer that the kernel may charge for one short message (skb truesize)."""

_MAX_QUOTED_SIZE = 2048
"""Octets of a quoted packet that are read."""

_ANCILLARY_SIZE = 256
"""Octets of ancillary data of an error that are read."""

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
        room: short messages that the receive buffer holds, at the least.
        needs_checksums: True where we write the checksums of echoes, because the kernel does not.

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
        self.room = buffer // _MAX_MESSAGE_CHARGE

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()

    def send(
        self, packets: Iterable[memoryview], addresses: Iterable[Address]
    ) -> tuple[list[int], dict[int, str]]:
        """Hand packets to the kernel, one after the other.

        Returns:
            Monotonic nanoseconds just before each was handed over; and by place, why the kernel
            did not take a packet.
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

    def receive(self, buffer: MessageBuffer) -> tuple[int, ReceivedReplies | None]:
        """Read what waits on the socket, as many messages as the buffer holds.

        Returns:
            How many messages there were, and the echo replies among them; None without messages.

        Raises:
            OSError: nothing can be read now. ICMP errors that wait on the socket are passed over,
                as long as they don't come faster than they are read.
        """
        count = self._receive(buffer)
        if not count:
            return 0, None
        own = self.identifier if self._is_raw else None
        return count, read_replies(self.version, buffer, count, own)

    def _receive(self, buffer: MessageBuffer) -> int:
        for _ in range(_MAX_ATTEMPTS - 1):
            try:
                return buffer.receive(self._descriptor)
            except OSError as error:
                if error.errno not in _PENDING:
                    raise
        return buffer.receive(self._descriptor)

    def overflows(self) -> int:
        """Messages that the kernel dropped because this socket was read too slowly."""
        return drops(self._socket)

    def errors(self, most: int) -> Iterator[RouterError]:
        """The ICMP errors that the kernel matched to this socket (IP_RECVERR, ip(7)).

        Args:
            most: messages of the error queue that are read.
        """
        for _ in range(most):
            try:
                quoted, ancillary, _, destination = self._socket.recvmsg(
                    _MAX_QUOTED_SIZE, _ANCILLARY_SIZE, socket.MSG_ERRQUEUE
                )
            except OSError:
                return
            error = icmp_error_in(ancillary)
            told = self._explain(quoted, error, destination[0]) if error is not None else None
            if told is not None:
                yield told

    def _send_again(
        self, packet: memoryview, address: Address, error: OSError, stamps: list[int]
    ) -> bool:
        """Send once more when only an ICMP error about an earlier echo was in the way.

        The kernel reports such an error by failing the next call on the socket, whichever target
        that is for.

        Args:
            packet: what was not sent.
            address: where it goes.
            error: what the kernel said.
            stamps: send times; the last one is set anew.

        Returns:
            Whether the kernel took it.
        """
        for _ in range(_MAX_ATTEMPTS):
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

    def _explain(self, quoted: bytes, error: IcmpError, destination: str) -> RouterError | None:
        echo = parse_quoted_echo(self.version, quoted)
        reason = reason_of(error.version, error.kind, error.code)
        if echo is None or reason is None:
            return None
        identifier, sequence, token = echo
        if self._is_raw and identifier != self.identifier:
            return None
        is_too_long = is_too_big(error.version, error.kind, error.code)
        path_mtu = error.info if is_too_long and error.info else None
        return RouterError(reason, sequence, token, destination, error.sender, path_mtu)


_MAX_ATTEMPTS = 8
"""Calls that are made on a socket that has one pending error after the other."""

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
    errno.EREMOTEIO,
}
"""Numbers of errors that the kernel makes of ICMP messages: of errors (its icmp_err_convert,
icmpv6_err_convert), and on datagram sockets of redirects and source quenches too (its ping_err)."""


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
            sock.setsockopt(socket.SOL_SOCKET, force, _BUFFER_SIZE)
        except PermissionError:
            sock.setsockopt(socket.SOL_SOCKET, polite, _BUFFER_SIZE)
    sock.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
    keep_icmp_errors(sock)
    if version == 4:
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_TOS, dscp << 2)
        sock.setsockopt(socket.IPPROTO_IP, _IP_RECVTTL, 1)
        if is_raw:
            blocked = ~(1 << REPLY[4]) & 0xFFFFFFFF
            sock.setsockopt(_SOL_RAW, _ICMP_FILTER, struct.pack("@I", blocked))
    else:
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_TCLASS, dscp << 2)
        sock.setsockopt(socket.IPPROTO_IPV6, _IPV6_RECVHOPLIMIT, 1)
        if is_raw:
            words = [0xFFFFFFFF] * 8
            words[REPLY[6] >> 5] &= ~(1 << (REPLY[6] & 31))
            sock.setsockopt(socket.IPPROTO_ICMPV6, _ICMP6_FILTER, struct.pack("@8I", *words))

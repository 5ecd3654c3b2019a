"""UDP sockets that know when, and in which traffic class, the kernel received a datagram."""

from __future__ import annotations

import socket
import struct
import time
from typing import NamedTuple

_SO_TIMESTAMPNS = 35
_IP_RECVTTL = 12
_IPV6_HOPLIMIT = 52
"""Constants of Linux that Python 3.11 does not name."""

_TIMESPEC = struct.Struct("@qq")
_MAX_OCTETS = 2048
"""Octets that are read of a datagram; the longest test packet has 1 472."""
_MAX_ANCILLARY_OCTETS = 256
"""Octets of what the kernel says of one datagram: time stamp, class and time to live."""
_RECEIVE_BUFFER_OCTETS = 1 << 20
"""Octets that may wait in the kernel; it counts each datagram with some overhead."""


class Datagram(NamedTuple):
    """A datagram, and how it came.

    Attributes:
        arrived: nanoseconds since 1970 by the kernel's clock; ours where it doesn't say.
        tos: traffic class, DSCP and ECN.
        ttl: time to live, or hop limit; 0 where the kernel doesn't say.
    """

    data: bytes
    source: tuple[str, int]
    arrived: int
    tos: int
    ttl: int


def open_stamped(family: socket.AddressFamily, dscp: int) -> socket.socket:
    """A UDP socket of which the kernel says when each datagram came, and in which traffic class.

    Args:
        family: of its addresses.
        dscp: of all that it sends, 0 to 63.
    """
    sock = socket.socket(family, socket.SOCK_DGRAM)
    _stamp(sock)
    level, kind = _sent_class(sock)
    sock.setsockopt(level, kind, dscp << 2)
    return sock


def mark_received(sock: socket.socket) -> None:
    """Have the kernel tell of each datagram of a UDP socket when and how it came."""
    _stamp(sock)
    if sock.family == socket.AF_INET6:
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_RECVHOPLIMIT, 1)
    else:
        sock.setsockopt(socket.IPPROTO_IP, _IP_RECVTTL, 1)


def _stamp(sock: socket.socket) -> None:
    sock.setblocking(False)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER_OCTETS)
    sock.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
    if sock.family == socket.AF_INET6:
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_RECVTCLASS, 1)
    else:
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_RECVTOS, 1)


def receive(sock: socket.socket) -> Datagram:
    """The next datagram.

    Raises:
        OSError: BlockingIOError when there is none; others tell what ICMP said.
    """
    data, ancillary, _, source = sock.recvmsg(_MAX_OCTETS, _MAX_ANCILLARY_OCTETS)
    arrived, tos, ttl = 0, 0, 0
    for level, kind, value in ancillary:
        if (level, kind) == (socket.SOL_SOCKET, _SO_TIMESTAMPNS):
            seconds, nanoseconds = _TIMESPEC.unpack_from(value)
            arrived = seconds * 1_000_000_000 + nanoseconds
        elif (level, kind) in _TRAFFIC_CLASS:
            tos = value[0]
        elif (level, kind) in _TIME_TO_LIVE:
            ttl = value[0]
    return Datagram(data, source[:2], arrived or time.time_ns(), tos, ttl)


_TRAFFIC_CLASS = {
    (socket.IPPROTO_IP, socket.IP_TOS),
    (socket.IPPROTO_IPV6, socket.IPV6_TCLASS),
}
_TIME_TO_LIVE = {
    (socket.IPPROTO_IP, socket.IP_TTL),
    (socket.IPPROTO_IPV6, _IPV6_HOPLIMIT),
}


def send_marked(sock: socket.socket, data: bytes, destination: tuple[str, int], dscp: int) -> None:
    """Send in a traffic class of its own.

    Raises:
        OSError: the kernel did not take it.
    """
    mark = (*_sent_class(sock), struct.pack("@i", dscp << 2))
    sock.sendmsg([data], [mark], 0, destination)


def _sent_class(sock: socket.socket) -> tuple[int, int]:
    """Level and name of what marks a packet."""
    if sock.family == socket.AF_INET6:
        return socket.IPPROTO_IPV6, socket.IPV6_TCLASS
    return socket.IPPROTO_IP, socket.IP_TOS

"""UDP sockets that know when, and in which traffic class, the kernel received a datagram."""

from __future__ import annotations

import socket
import struct
import sys
import time
from typing import NamedTuple

_SO_RXQ_OVFL = 40
_SO_TIMESTAMPNS = 35
_IP_RECVTTL = 12
_IPV6_HOPLIMIT = 52
"""Constants of Linux that Python 3.11 does not name."""

_TIMESPEC = struct.Struct("@qq")
_LONGEST = 2048
_ANCILLARY = 256
_BUFFER = 1 << 20


class Datagram(NamedTuple):
    """What came, and how.

    Attributes:
        arrived: nanoseconds since 1970 by the kernel's clock; ours where it doesn't say.
        tos: traffic class, DSCP and ECN.
        ttl: time to live, or hop limit; 0 where the kernel doesn't say.
        dropped: datagrams that the kernel had to drop on this socket so far.
    """

    data: bytes
    source: tuple[str, int]
    arrived: int
    tos: int
    ttl: int
    dropped: int


def open_socket(family: socket.AddressFamily, dscp: int = 0) -> socket.socket:
    """A socket whose datagrams are stamped; ``dscp`` marks what it sends."""
    sock = socket.socket(family, socket.SOCK_DGRAM)
    mark_received(sock)
    if family == socket.AF_INET6:
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_TCLASS, dscp << 2)
    else:
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_TOS, dscp << 2)
    return sock


def mark_received(sock: socket.socket) -> None:
    """Have the kernel tell of each datagram of a UDP socket when and how it came."""
    sock.setblocking(False)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
    sock.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
    sock.setsockopt(socket.SOL_SOCKET, _SO_RXQ_OVFL, 1)
    if sock.family == socket.AF_INET6:
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_RECVTCLASS, 1)
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_RECVHOPLIMIT, 1)
    else:
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_RECVTOS, 1)
        sock.setsockopt(socket.IPPROTO_IP, _IP_RECVTTL, 1)


def receive(sock: socket.socket) -> Datagram:
    """The next datagram.

    Raises:
        OSError: BlockingIOError when there is none; others tell what ICMP said.
    """
    data, ancillary, _, source = sock.recvmsg(_LONGEST, _ANCILLARY)
    arrived, tos, ttl, dropped = 0, 0, 0, 0
    for level, kind, value in ancillary:
        if level == socket.SOL_SOCKET:
            if kind == _SO_TIMESTAMPNS:
                seconds, nanoseconds = _TIMESPEC.unpack_from(value)
                arrived = seconds * 1_000_000_000 + nanoseconds
            elif kind == _SO_RXQ_OVFL:
                dropped = int.from_bytes(value, sys.byteorder)
        elif (level, kind) in _TRAFFIC_CLASS:
            tos = value[0]
        elif (level, kind) in _TIME_TO_LIVE:
            ttl = value[0]
    return Datagram(data, source[:2], arrived or time.time_ns(), tos, ttl, dropped)


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
    six = sock.family == socket.AF_INET6
    level, kind = (
        (socket.IPPROTO_IPV6, socket.IPV6_TCLASS) if six else (socket.IPPROTO_IP, socket.IP_TOS)
    )
    sock.sendmsg([data], [(level, kind, struct.pack("@i", dscp << 2))], 0, destination)

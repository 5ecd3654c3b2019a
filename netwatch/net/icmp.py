"""What ICMP errors mean (RFC 792, RFC 4443), and how the kernel is asked for them.

Of an error that concerns a TCP or UDP socket the kernel says no more than ``No route to host``.
With IP_RECVERR it keeps the error itself, and the address of who sent it.
"""

from __future__ import annotations

import socket
import struct
import sys
from collections.abc import Iterable
from ipaddress import ip_address
from typing import NamedTuple

from netwatch.core.result import Reason

_V4_UNREACHABLE = {0: Reason.NETWORK_UNREACHABLE, 6: Reason.NETWORK_UNREACHABLE}
_V4_UNREACHABLE |= {2: Reason.REFUSED, 3: Reason.REFUSED, 4: Reason.PROTOCOL_ERROR}
_V4_UNREACHABLE |= {9: Reason.PROHIBITED, 10: Reason.PROHIBITED, 13: Reason.PROHIBITED}
_V6_UNREACHABLE = {0: Reason.NETWORK_UNREACHABLE, 4: Reason.REFUSED}
_V6_UNREACHABLE |= {1: Reason.PROHIBITED, 5: Reason.PROHIBITED, 6: Reason.PROHIBITED}

_PORT_UNREACHABLE = {(4, 3, 3), (6, 1, 4)}

_IP_RECVERR, _IPV6_RECVERR = 11, 25  # linux/in.h, linux/in6.h
_EXTENDED_ERROR = struct.Struct("=IBBBBII")  # sock_extended_err, linux/errqueue.h
_VERSIONS = {2: 4, 3: 6}
"""Version of IP by the origin of an error: SO_EE_ORIGIN_ICMP, SO_EE_ORIGIN_ICMP6."""


class IcmpError(NamedTuple):
    """An ICMP error, as the kernel keeps it for a socket.

    Attributes:
        version: 4 or 6, of IP.
        kind: the type of the message.
        code: its code.
        info: the path's longest packet in octets, where the message tells it; else 0.
        sender: address of the router or host that sent it; empty where the kernel doesn't know.
    """

    version: int
    kind: int
    code: int
    info: int
    sender: str


class Refusal(NamedTuple):
    """What an ICMP error said of a socket.

    Attributes:
        reason: what it means.
        sender: address of the router or host that sent it; empty where the kernel doesn't know.
    """

    reason: Reason
    sender: str


def reason_of(version: int, kind: int, code: int) -> Reason | None:
    """What an ICMP error means; None when the message is no error.

    Args:
        version: 4 or 6, of IP.
        kind: the type of the message.
        code: its code.
    """
    if (version, kind) in {(4, 3), (6, 1)}:
        reasons = _V4_UNREACHABLE if version == 4 else _V6_UNREACHABLE
        return reasons.get(code, Reason.HOST_UNREACHABLE)
    if (version, kind) in {(4, 11), (6, 3)}:
        return Reason.TTL_EXCEEDED
    if (version, kind) in {(4, 12), (6, 4), (6, 2)}:
        return Reason.PROTOCOL_ERROR  # parameter problem, packet too big
    return None


def is_too_big(version: int, kind: int, code: int) -> bool:
    """Whether an error says that the path takes shorter packets only (RFC 1191, RFC 8201)."""
    return (version, kind, code) == (4, 3, 4) or (version, kind) == (6, 2)


def keep_icmp_errors(sock: socket.socket) -> None:
    """Have the kernel keep ICMP errors that concern a socket of TCP, UDP or ICMP."""
    if sock.family == socket.AF_INET6:
        sock.setsockopt(socket.IPPROTO_IPV6, _IPV6_RECVERR, 1)
    else:
        sock.setsockopt(socket.IPPROTO_IP, _IP_RECVERR, 1)


def icmp_error_in(ancillary: Iterable[tuple[int, int, bytes]]) -> IcmpError | None:
    """The ICMP error in what came beside a message of a socket's error queue; else None.

    Args:
        ancillary: as ``socket.recvmsg`` returns it for ``MSG_ERRQUEUE``.
    """
    for _, name, data in ancillary:
        if name not in {_IP_RECVERR, _IPV6_RECVERR} or len(data) < _EXTENDED_ERROR.size:
            continue
        _, origin, kind, code, _, info, _ = _EXTENDED_ERROR.unpack_from(data)
        if origin in _VERSIONS:
            return IcmpError(_VERSIONS[origin], kind, code, info, _sender(data))
    return None


def refusal_of(sock: socket.socket) -> Refusal | None:
    """The oldest ICMP error that the kernel keeps for a TCP or UDP socket; None without one."""
    try:
        _, ancillary, _, _ = sock.recvmsg(1, 512, socket.MSG_ERRQUEUE | socket.MSG_DONTWAIT)
    except OSError:
        return None  # the queue is empty
    error = icmp_error_in(ancillary)
    if error is None:
        return None
    reason = reason_of(error.version, error.kind, error.code)
    if error[:3] in _PORT_UNREACHABLE and not _is_by_host(sock, error.sender):
        reason = Reason.PROHIBITED
    return Refusal(reason, error.sender) if reason else None


def _is_by_host(sock: socket.socket, sender: str) -> bool:
    """Whether it is the host that says that nothing listens at a port, and no firewall.

    A host refuses TCP by a reset, and UDP by an ICMP message from the address that was asked.
    """
    if sock.type == socket.SOCK_STREAM:
        return False
    try:
        peer = sock.getpeername()[0]
    except OSError:
        return True  # it is not connected, so nobody knows better
    return not sender or ip_address(sender) == ip_address(peer.partition("%")[0])


def _sender(data: bytes) -> str:
    """Who sent the ICMP message: the sockaddr_in or sockaddr_in6 that follows the error."""
    address = data[_EXTENDED_ERROR.size :]
    family = int.from_bytes(address[:2], sys.byteorder)
    if family == socket.AF_INET and len(address) >= 8:
        return socket.inet_ntop(socket.AF_INET, address[4:8])
    if family == socket.AF_INET6 and len(address) >= 24:
        return socket.inet_ntop(socket.AF_INET6, address[8:24])
    return ""

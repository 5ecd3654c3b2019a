"""Echo messages and the errors that answer them (RFC 792, RFC 4443). Pure: bytes in, values out."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address

from netwatch.core.result import Reason

TOKEN_SIZE = 16
"""Octets at the start of the payload by which an echo is known. Random: nobody can guess it."""

HEADER = struct.Struct("!BBHHH")
"""Type, code, checksum, identifier, sequence number."""

_PROTOCOL = {4: 1, 6: 58}
_REQUEST = {4: 8, 6: 128}
_REPLY = {4: 0, 6: 129}

_V4_UNREACHABLE = {0: Reason.NETWORK_UNREACHABLE, 6: Reason.NETWORK_UNREACHABLE}
_V4_UNREACHABLE |= {2: Reason.REFUSED, 3: Reason.REFUSED}
_V4_UNREACHABLE |= {9: Reason.PROHIBITED, 10: Reason.PROHIBITED, 13: Reason.PROHIBITED}
_V6_UNREACHABLE = {0: Reason.NETWORK_UNREACHABLE, 4: Reason.REFUSED}
_V6_UNREACHABLE |= {1: Reason.PROHIBITED, 5: Reason.PROHIBITED, 6: Reason.PROHIBITED}

_IPV4_HEADER = 20
_IPV6_HEADER = 40


@dataclass(frozen=True, slots=True)
class Reply:
    """An echo reply."""

    token: bytes


@dataclass(frozen=True, slots=True)
class Refusal:
    """An ICMP error that quotes one of our echoes.

    Attributes:
        identifier: of the quoted echo.
        sequence: of the quoted echo.
        token: of the quoted echo; empty when the router quoted too little.
        destination: address the echo was sent to.
    """

    reason: Reason
    identifier: int
    sequence: int
    token: bytes
    destination: str


def build_request(version: int, identifier: int, sequence: int, token: bytes, size: int) -> bytes:
    """An echo request whose payload is the token, padded to ``size`` octets.

    The checksum of ICMPv6 covers addresses, so the kernel makes it; here it is left 0.
    """
    payload = token.ljust(size, b"\0")
    header = HEADER.pack(_REQUEST[version], 0, 0, identifier, sequence)
    if version == 4:
        header = HEADER.pack(8, 0, checksum(header + payload), identifier, sequence)
    return header + payload


def parse_reply(version: int, message: bytes) -> Reply | None:
    """The echo reply in an ICMP message; None for anything else."""
    if len(message) < HEADER.size + TOKEN_SIZE or message[0] != _REPLY[version] or message[1]:
        return None
    return Reply(message[HEADER.size : HEADER.size + TOKEN_SIZE])


def parse_error(version: int, message: bytes) -> Refusal | None:
    """The error in an ICMP message that quotes an echo request; None for anything else."""
    if len(message) < HEADER.size:
        return None
    reason = reason_of(version, message[0], message[1])
    quoted = message[HEADER.size :]
    if reason is None or not quoted or quoted[0] >> 4 != version:
        return None
    start = (quoted[0] & 0x0F) * 4 if version == 4 else _IPV6_HEADER
    if start < _IPV4_HEADER or len(quoted) < start:
        return None
    if version == 4:
        protocol, destination = quoted[9], str(IPv4Address(quoted[16:20]))
    else:
        protocol, destination = quoted[6], str(IPv6Address(quoted[24:40]))
    echo = parse_quoted_echo(version, quoted[start:])
    if protocol != _PROTOCOL[version] or echo is None:
        return None
    return Refusal(reason, *echo, destination)


def parse_quoted_echo(version: int, quoted: bytes) -> tuple[int, int, bytes] | None:
    """Identifier, sequence and token of the echo request that an error quotes.

    Routers may quote no more than the header (RFC 792); then the token is empty.
    """
    if len(quoted) < HEADER.size or quoted[0] != _REQUEST[version]:
        return None
    _, _, _, identifier, sequence = HEADER.unpack_from(quoted)
    token = quoted[HEADER.size : HEADER.size + TOKEN_SIZE]
    return identifier, sequence, token if len(token) == TOKEN_SIZE else b""


def reason_of(version: int, kind: int, code: int) -> Reason | None:
    """What an ICMP error means for the echo; None when the message is no error."""
    if (version, kind) in {(4, 3), (6, 1)}:
        reasons = _V4_UNREACHABLE if version == 4 else _V6_UNREACHABLE
        return reasons.get(code, Reason.HOST_UNREACHABLE)
    if (version, kind) in {(4, 11), (6, 3)}:
        return Reason.TTL_EXCEEDED
    if (version, kind) in {(4, 12), (6, 4), (6, 2)}:
        return Reason.PROTOCOL_ERROR  # parameter problem, packet too big
    return None


def checksum(message: bytes) -> int:
    """The Internet checksum (RFC 1071)."""
    if len(message) % 2:
        message += b"\0"
    total: int = sum(struct.unpack(f"!{len(message) // 2}H", message))
    total = (total >> 16) + (total & 0xFFFF)
    return ~(total + (total >> 16)) & 0xFFFF

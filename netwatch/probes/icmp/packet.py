"""Echo messages, and those that errors quote (RFC 792, RFC 4443). Pure; no I/O."""

from __future__ import annotations

import socket
import struct

import numpy as np
from numpy.typing import NDArray

TOKEN_SIZE = 16
"""Octets at the start of the payload by which an echo is known; nobody can guess them."""

HEADER = struct.Struct("!BBHHH")
"""Type, code, checksum, identifier, sequence number."""

TOKEN_END = HEADER.size + TOKEN_SIZE
"""Octets from the begin of an echo message to the end of its token; only padding follows."""

REPLY = {4: 0, 6: 129}
"""ICMP type of an echo reply by IP version (RFC 792, RFC 4443)."""

_REQUEST = {4: 8, 6: 128}

Octets = NDArray[np.uint8]


def blank_requests(version: int, identifier: int, size: int, count: int) -> Octets:
    """Echo requests, one a row, without sequence number, token and checksum.

    Args:
        version: of the Internet protocol.
        identifier: of all of them.
        size: octets of payload.
        count: how many.
    """
    requests = np.zeros((count, HEADER.size + size), np.uint8)
    header = HEADER.pack(_REQUEST[version], 0, 0, identifier, 0)
    requests[:, : HEADER.size] = np.frombuffer(header, np.uint8)
    return requests


def fill_requests(requests: Octets, numbers: Octets, tokens: Octets, *, sums: bool) -> None:
    """Write sequence numbers, tokens and checksums into requests.

    Args:
        requests: as ``blank_requests`` makes them.
        numbers: sequence numbers in network order, two octets a row.
        tokens: ``TOKEN_SIZE`` octets a row.
        sums: write checksums; the kernel makes that of ICMPv6, which covers addresses, and those
            of all that a datagram socket sends.
    """
    requests[:, 6:8] = numbers
    requests[:, HEADER.size : TOKEN_END] = tokens
    if sums:
        requests[:, 2:4] = 0
        requests[:, 2:4] = checksums(requests[:, :TOKEN_END])


def checksums(messages: Octets) -> Octets:
    """The Internet checksum (RFC 1071) of each row, two octets in network order.

    Rows must have an even number of octets. A checksum of their first octets is that of the whole
    when only zeros follow.
    """
    words = np.ascontiguousarray(messages).view(">u2")
    totals = words.sum(axis=1, dtype=np.uint32)
    totals = (totals >> 16) + (totals & 0xFFFF)
    totals += totals >> 16
    result: Octets = (~totals & 0xFFFF).astype(">u2").view(np.uint8).reshape(-1, 2)
    return result


def parse_quoted_echo(version: int, quoted: bytes) -> tuple[int, int, bytes] | None:
    """Identifier, sequence number and token of the echo request that an ICMP error quotes.

    Routers may quote no more than the header (RFC 792); then the token is empty.

    Returns:
        None when what is quoted is no echo request.
    """
    if len(quoted) < HEADER.size or quoted[0] != _REQUEST[version]:
        return None
    _, _, _, identifier, sequence = HEADER.unpack_from(quoted)
    token = quoted[HEADER.size : TOKEN_END]
    return identifier, sequence, token if len(token) == TOKEN_SIZE else b""


def address_words(address: str) -> tuple[int, int]:
    """An address as two words of 64 bits, good for comparing only; the first is 0 for IPv4."""
    if ":" in address:
        high, low = struct.unpack("@QQ", socket.inet_pton(socket.AF_INET6, address))
        return high, low
    return 0, struct.unpack("@I", socket.inet_aton(address))[0]

"""What the wire reads of an Ethernet frame. Pure; short and malformed frames have no address."""

from __future__ import annotations

import socket

from netwatch.lab.world import ICMP

_ETHERNET = 14
"""Octets of an Ethernet header."""

_IPV4, _IPV6 = b"\x08\x00", b"\x86\xdd"
_FRAGMENT_OFFSET = 0x1FFF
"""The bits of the fragment offset in an IPv4 header (RFC 791)."""

_REQUESTS = {1: 8, 58: 128}
_REPLIES = {1: 0, 58: 129}
"""Type of an echo message by IP protocol (RFC 792, RFC 4443)."""


def destination(frame: bytes) -> bytes:
    """Address that the packet goes to, packed; empty when it is no IP packet."""
    kind = frame[12:14]
    if kind == _IPV4:
        return frame[30:34]
    return frame[38:54] if kind == _IPV6 else b""


def source(frame: bytes) -> bytes:
    """Address that the packet comes from, packed; empty when it is no IP packet."""
    kind = frame[12:14]
    if kind == _IPV4:
        return frame[26:30]
    return frame[22:38] if kind == _IPV6 else b""


def service(frame: bytes) -> tuple[int, int]:
    """Protocol and destination port; port 0 for ICMP and for what has none to see.

    The frame must be one that has a destination.
    """
    protocol, start = _payload(frame)
    if start is None:
        return protocol, 0
    if protocol in (ICMP, socket.IPPROTO_ICMPV6):
        return ICMP, 0
    return protocol, int.from_bytes(frame[start + 2 : start + 4], "big")


def echo_request(frame: bytes) -> bytes | None:
    """Device address, identifier and sequence number of an echo request, packed.

    The reply to it gives the same octets. None for any other frame.
    """
    return _echo(frame, _REQUESTS, destination(frame))


def echo_reply(frame: bytes) -> bytes | None:
    """Device address, identifier and sequence number of an echo reply; see ``echo_request``."""
    return _echo(frame, _REPLIES, source(frame))


def _echo(frame: bytes, types: dict[int, int], device: bytes) -> bytes | None:
    if len(device) < 4:
        return None
    protocol, start = _payload(frame)
    if start is None or len(frame) < start + 8 or frame[start] != types.get(protocol):
        return None
    return device + frame[start + 4 : start + 8]


def _payload(frame: bytes) -> tuple[int, int | None]:
    """Protocol, and where its header begins; None in a fragment that is not the first."""
    if frame[12:14] == _IPV6:
        return frame[20], _ETHERNET + 40
    if int.from_bytes(frame[20:22], "big") & _FRAGMENT_OFFSET:
        return frame[23], None
    return frame[23], _ETHERNET + 4 * (frame[14] & 0x0F)

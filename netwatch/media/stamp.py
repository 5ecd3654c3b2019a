"""STAMP test packets, unauthenticated (RFC 8762), with two extensions (RFC 8972). Pure; no I/O.

Padding makes a packet as large as those of a call. The Class of Service TLV brings back with which
DSCP the packet arrived at the reflector.
"""

from __future__ import annotations

import secrets
import struct
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

PORT = 862
"""UDP port of a reflector (RFC 8762, section 4.1)."""

BASE_SIZE = 44
"""Octets of a test packet without extensions, the same in both directions."""

MIN_PACKET_SIZE = BASE_SIZE + 8 + 4
"""Octets of a test packet with a Class of Service TLV and an empty padding."""

MAX_PACKET_SIZE = 1472
"""Octets of a test packet whose UDP datagram still fits an Ethernet frame."""

MIN_ANSWER_SIZE = 36
"""Octets of the shortest answer that is taken: some reflectors (TWAMP Light, RFC 5357) leave out
what follows our own time stamp."""

_SENT = struct.Struct("!IQHH28x")
_REFLECTED = struct.Struct("!IQHHQIQH2xB3x")
_HEAD = struct.Struct("!IQHHQIQ")  # a reflected packet as far as it must be there
_TLV = struct.Struct("!BBH")
PADDING, CLASS_OF_SERVICE = 1, 4
UNRECOGNIZED, MALFORMED = 0x80, 0x40
_KNOWN = {PADDING, CLASS_OF_SERVICE}
_FILLER = secrets.token_bytes(MAX_PACKET_SIZE)  # RFC 8972, section 4.1: padding should be random

NTP_TO_UNIX: Final = 2_208_988_800
"""Seconds from 1900, where NTP's era 0 begins (RFC 5905), to 1970."""
PTP = 0x4000
"""The bit Z of an Error Estimate field: the time stamps beside it are those of PTPv2."""

NO_STAMP: Final = -(1 << 62)
"""Instead of a time stamp that can't be one: more than a second of nanoseconds."""

_NTP_TO_UNIX_NS: Final = NTP_TO_UNIX * 1_000_000_000


class Reflected(NamedTuple):
    """An answer of a reflector, decoded.

    Attributes:
        sequence: the reflector's own count, or ours again when it keeps none.
        sent_sequence, sent_stamp: of our packet, as we wrote them.
        received, answered: the reflector's clock on receipt and on answering, ns since 1970; by
            PTP's scale, which has no leap seconds, where it keeps that. May be ``NO_STAMP``.
        error: seconds by which its clock may be wrong; None when it isn't synchronized to UTC.
        dscp: with which DSCP our packet reached it; None where it doesn't say.
    """

    sequence: int
    sent_sequence: int
    sent_stamp: int
    received: int
    answered: int
    error: float | None
    dscp: int | None


@dataclass(frozen=True, slots=True)
class Request:
    """A test packet, as a reflector sees it.

    Attributes:
        sequence: number of the packet.
        stamp: NTP time stamp of the sender.
        error: the sender's Error Estimate field.
        session: the SSID (RFC 8972, section 3).
        wanted: the DSCP that the answer should have; None: the one that the packet had.
    """

    sequence: int
    stamp: int
    error: int
    session: int
    wanted: int | None


def to_stamp(ns: int) -> int:
    """NTP time stamp (RFC 5905) of nanoseconds since 1970."""
    return (ns + _NTP_TO_UNIX_NS << 32) // 1_000_000_000 & 0xFFFFFFFF_FFFFFFFF


def from_stamp(stamp: int) -> int:
    """Nanoseconds since 1970 of an NTP time stamp of the era that ends in 2036."""
    return ((stamp >> 32) - NTP_TO_UNIX) * 1_000_000_000 + (
        (stamp & 0xFFFFFFFF) * 1_000_000_000 >> 32
    )


def from_ptp(stamp: int) -> int:
    """Nanoseconds since 1970, by PTP's scale, of a truncated PTPv2 time stamp (RFC 8186)."""
    seconds, ns = stamp >> 32, stamp & 0xFFFFFFFF
    return seconds * 1_000_000_000 + ns if ns < 1_000_000_000 else NO_STAMP


def error_estimate(seconds: float | None) -> int:
    """The Error Estimate field (RFC 4656, section 4.1.2) for a clock.

    Args:
        seconds: by which it may be wrong; None when it isn't synchronized.
    """
    units = max(1, min(int((seconds or 1.0) * 2**32) + 1, 255 << 40))
    scale = max(0, units.bit_length() - 8)
    return (0x8000 if seconds is not None else 0) | scale << 8 | -(-units >> scale) & 0xFF


@lru_cache(maxsize=64)
def possible_error(field: int) -> float | None:
    """Seconds that an Error Estimate field stands for; None when the clock isn't synchronized."""
    is_synchronized, is_ntp = bool(field & 0x8000), not field & PTP
    if not is_synchronized or not is_ntp or not field & 0xFF:
        return None
    return float((field & 0xFF) * 2.0 ** ((field >> 8 & 0x3F) - 32))


def extensions(size: int, dscp: int) -> bytes:
    """What follows the first 44 octets of a test packet of ``size`` octets.

    Args:
        size: octets of the whole packet, ``MIN_PACKET_SIZE`` to ``MAX_PACKET_SIZE``.
        dscp: that the answer is to be sent with.
    """
    padding = size - MIN_PACKET_SIZE
    return (
        _TLV.pack(UNRECOGNIZED, CLASS_OF_SERVICE, 4)
        + (dscp << 26).to_bytes(4, "big")
        + _TLV.pack(UNRECOGNIZED, PADDING, padding)
        + _FILLER[:padding]
    )


def request(sequence: int, stamp: int, error: int, session: int) -> bytes:
    """The first 44 octets of a test packet; arguments as the attributes of ``Request``."""
    return _SENT.pack(sequence, stamp, error, session)


def parse_request(data: bytes) -> Request | None:
    """A test packet, decoded; None when the data are too short to be one."""
    if len(data) < BASE_SIZE:
        return None
    sequence, stamp, error, session = _SENT.unpack_from(data)
    wanted = next(
        (data[at + 4] >> 2 for at, kind, length in _tlvs(data) if _is_class(kind, length)), None
    )
    return Request(sequence, stamp, error, session, wanted)


def reflect(  # noqa: PLR0913 -- a test packet has these fields
    data: bytes, *, sequence: int, received: int, answered: int, error: int, ttl: int, tos: int
) -> bytes:
    """The answer to a test packet, exactly as long (RFC 8762, section 4.3; RFC 8972, section 4).

    Args:
        data: the test packet; ``parse_request`` took it.
        sequence: of this answer.
        received: time stamp of its receipt.
        answered: time stamp of this answer.
        error: the Error Estimate field of this clock.
        ttl: of the test packet as it came.
        tos: its traffic class as it came: DSCP and ECN.
    """
    sent_sequence, stamp, sent_error, session = _SENT.unpack_from(data)
    answer = bytearray(data)
    _REFLECTED.pack_into(
        answer,
        0,
        sequence,
        answered,
        error,
        session,
        received,
        sent_sequence,
        stamp,
        sent_error,
        ttl,
    )
    end = BASE_SIZE
    for at, kind, length in _tlvs(data):
        answer[at] = 0 if kind in _KNOWN else UNRECOGNIZED
        if _is_class(kind, length):
            seen = (data[at + 4] >> 2) << 10 | (tos >> 2) << 4 | (tos & 3) << 2
            answer[at + 4 : at + 8] = seen.to_bytes(2, "big") + b"\0\0"
        end = at + _TLV.size + length
    if end < len(data):
        answer[end] |= MALFORMED
    return bytes(answer)


def parse_reflected(data: bytes) -> Reflected | None:
    """An answer, decoded; None when the data are shorter than ``MIN_ANSWER_SIZE``."""
    if len(data) < MIN_ANSWER_SIZE:
        return None
    sequence, answered, error, _, received, sent_sequence, sent_stamp = _HEAD.unpack_from(data)
    dscp = None
    for at, kind, length in _tlvs(data):
        if _is_class(kind, length) and not data[at] & (UNRECOGNIZED | MALFORMED):
            dscp = int.from_bytes(data[at + 4 : at + 6], "big") >> 4 & 0x3F
    read_stamp = from_ptp if error & PTP else from_stamp
    return Reflected(
        sequence=sequence,
        sent_sequence=sent_sequence,
        sent_stamp=sent_stamp,
        received=read_stamp(received),
        answered=read_stamp(answered),
        error=possible_error(error),
        dscp=dscp,
    )


def _tlvs(data: bytes) -> list[tuple[int, int, int]]:
    """Place, type and length of each whole TLV after the first 44 octets."""
    found = []
    at, last = BASE_SIZE, len(data) - _TLV.size
    while at <= last:
        _, kind, length = _TLV.unpack_from(data, at)
        if at + length > last:
            break
        found.append((at, kind, length))
        at += _TLV.size + length
    return found


def _is_class(kind: int, length: int) -> bool:
    return kind == CLASS_OF_SERVICE and length == 4

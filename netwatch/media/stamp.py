"""STAMP test packets, unauthenticated (RFC 8762), with two extensions (RFC 8972). Pure; no I/O.

Padding makes a packet as large as those of the call; the Class of Service TLV tells with which
DSCP it arrived at the reflector.
"""

from __future__ import annotations

import secrets
import struct
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

PORT = 862
BASE = 44
"""Octets of a test packet without extensions, the same in both directions."""
SMALLEST = BASE + 8 + 4
"""Octets with a Class of Service TLV and an empty padding."""
LARGEST = 1472
"""Octets of a UDP payload that fits an Ethernet frame."""

SHORTEST_ANSWER = 36
"""Some reflectors (TWAMP Light, RFC 5357) leave out what comes after our own time stamp."""

_SENT = struct.Struct("!IQHH28x")
_REFLECTED = struct.Struct("!IQHHQIQH2xB3x")
_HEAD = struct.Struct("!IQHHQIQ")  # a reflected packet as far as it must be there
_TLV = struct.Struct("!BBH")
PADDING, CLASS_OF_SERVICE = 1, 4
UNRECOGNIZED, MALFORMED = 0x80, 0x40
_KNOWN = {PADDING, CLASS_OF_SERVICE}
_FILLER = secrets.token_bytes(LARGEST)  # RFC 8972, section 4.1: padding should be random

EPOCHS: Final = 2_208_988_800
"""Seconds from 1900, where NTP begins (RFC 5905), to 1970."""
_EPOCHS_NS: Final = EPOCHS * 1_000_000_000


class Reflected(NamedTuple):
    """What a reflector said.

    Attributes:
        sequence: the reflector's own count, or ours again when it keeps none.
        sent_sequence, sent_stamp: of our packet, as we wrote them.
        received, answered: the reflector's clock on receipt and on answering, ns since 1970.
        error: how wrong its clock may be, seconds; None when it isn't synchronized to UTC.
        dscp: with which DSCP our packet came to it; None where it doesn't say.
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
    return (ns + _EPOCHS_NS << 32) // 1_000_000_000 & 0xFFFFFFFF_FFFFFFFF


def from_stamp(stamp: int) -> int:
    """Nanoseconds since 1970 of an NTP time stamp of the era that ends in 2036."""
    return ((stamp >> 32) - EPOCHS) * 1_000_000_000 + ((stamp & 0xFFFFFFFF) * 1_000_000_000 >> 32)


def error_estimate(seconds: float | None) -> int:
    """The Error Estimate field (RFC 4656, section 4.1.2) of a clock; None: not synchronized."""
    units = max(1, min(int((seconds or 1.0) * 2**32) + 1, 255 << 40))
    scale = max(0, units.bit_length() - 8)
    return (0x8000 if seconds is not None else 0) | scale << 8 | -(-units >> scale) & 0xFF


@lru_cache(maxsize=64)
def possible_error(field: int) -> float | None:
    """Seconds by which the clock behind an Error Estimate may be wrong; None: nobody knows."""
    is_synchronized, is_ntp = bool(field & 0x8000), not field & 0x4000
    if not is_synchronized or not is_ntp or not field & 0xFF:
        return None
    return float((field & 0xFF) * 2.0 ** ((field >> 8 & 0x3F) - 32))


def extensions(size: int, dscp: int) -> bytes:
    """The part after the first 44 octets that makes a packet ``size`` octets long."""
    padding = size - SMALLEST
    return (
        _TLV.pack(UNRECOGNIZED, CLASS_OF_SERVICE, 4)
        + (dscp << 26).to_bytes(4, "big")
        + _TLV.pack(UNRECOGNIZED, PADDING, padding)
        + _FILLER[:padding]
    )


def request(sequence: int, stamp: int, error: int, session: int) -> bytes:
    """The first 44 octets of a test packet."""
    return _SENT.pack(sequence, stamp, error, session)


def parse_request(data: bytes) -> Request | None:
    """A test packet; None for what is too short to be one."""
    if len(data) < BASE:
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
    end = BASE
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
    """What a reflector said; None for what is too short."""
    if len(data) < SHORTEST_ANSWER:
        return None
    sequence, answered, error, _, received, sent_sequence, sent_stamp = _HEAD.unpack_from(data)
    dscp = None
    for at, kind, length in _tlvs(data):
        if _is_class(kind, length) and not data[at] & (UNRECOGNIZED | MALFORMED):
            dscp = int.from_bytes(data[at + 4 : at + 6], "big") >> 4 & 0x3F
    return Reflected(
        sequence=sequence,
        sent_sequence=sent_sequence,
        sent_stamp=sent_stamp,
        received=from_stamp(received),
        answered=from_stamp(answered),
        error=possible_error(error),
        dscp=dscp,
    )


def _tlvs(data: bytes) -> list[tuple[int, int, int]]:
    """Place, type and length of each whole TLV after the first 44 octets."""
    found = []
    at, last = BASE, len(data) - _TLV.size
    while at <= last:
        _, kind, length = _TLV.unpack_from(data, at)
        if at + length > last:
            break
        found.append((at, kind, length))
        at += _TLV.size + length
    return found


def _is_class(kind: int, length: int) -> bool:
    return kind == CLASS_OF_SERVICE and length == 4

"""STUN messages (RFC 8489, section 5). Pure; no I/O."""

from __future__ import annotations

import hmac
import secrets
import struct
import zlib
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address

from netwatch.probes.stun.credentials import Challenge, Credentials

HEADER = 20
MAX_LENGTH = 2048
"""Octets after the header; an answer with realm, nonce and software has a few hundred."""

BINDING, ALLOCATE, REFRESH = 0x001, 0x003, 0x004
"""Methods; as they are also the types of their requests."""

_SUCCESS, _ERROR = 0x0100, 0x0110
_COOKIE = 0x2112A442
_HEAD = struct.Struct("!HHI12s")
_NO_HEAD = (0, 0, 0, b"")
_ATTRIBUTE = struct.Struct("!HH")
_FINGERPRINT_XOR = 0x5354554E

_MAPPED_ADDRESS = 0x0001
_USERNAME = 0x0006
_MESSAGE_INTEGRITY = 0x0008
_XOR_RELAYED_ADDRESS = 0x0016
_XOR_MAPPED_ADDRESS = 0x0020
_ERROR_CODE = 0x0009
_LIFETIME = 0x000D
_REALM = 0x0014
_NONCE = 0x0015
_REQUESTED_TRANSPORT = 0x0019
_ALTERNATE_SERVER = 0x8023
_FINGERPRINT = 0x8028
_UDP = 17
_MAX_TEXT_LENGTH = 763
_INTEGRITY_LENGTH = 24
_FINGERPRINT_LENGTH = 8


@dataclass(frozen=True, slots=True)
class StunResponse:
    """The parts of a response that are looked at.

    Attributes:
        error: 300 to 699; None for a success.
        mapped: our address as the server sees it; None when it does not say.
        relayed: the address that was given to us; None when none was.
        alternate: the server that is to be asked instead; None when none is named.
        challenge: what it demands a password with; None when it doesn't.
    """

    error: int | None
    mapped: str | None
    relayed: str | None
    challenge: Challenge | None
    alternate: str | None = None


def new_transaction() -> bytes:
    """96 bits that nobody can guess (section 5)."""
    return secrets.token_bytes(12)


def binding_request(transaction: bytes) -> bytes:
    """A Binding request with FINGERPRINT."""
    return _message(BINDING, transaction, b"")


def allocate_request(transaction: bytes, credentials: Credentials | None = None) -> bytes:
    """An Allocate request for a UDP relay (RFC 8656, section 7.1)."""
    wanted = _attribute(_REQUESTED_TRANSPORT, bytes((_UDP, 0, 0, 0)))
    return _message(ALLOCATE, transaction, wanted, credentials)


def release_request(transaction: bytes, credentials: Credentials | None = None) -> bytes:
    """A Refresh request that ends an allocation (RFC 8656, section 8)."""
    return _message(REFRESH, transaction, _attribute(_LIFETIME, bytes(4)), credentials)


def parse_response(
    data: bytes, method: int, transaction: bytes, credentials: Credentials | None = None
) -> StunResponse | None:
    """The response to a request of ours; None for everything else, damaged ones included.

    A success of a request with credentials must prove that the server knows them, too.
    """
    kind, length, cookie, identifier = _HEAD.unpack_from(data) if len(data) >= HEADER else _NO_HEAD
    if cookie != _COOKIE or identifier != transaction or length != len(data) - HEADER:
        return None
    if kind not in {method | _SUCCESS, method | _ERROR} or length > MAX_LENGTH or length % 4:
        return None
    attributes = _attributes(data)
    if attributes is None:
        return None
    if credentials and kind == method | _SUCCESS and not _is_intact(data, credentials):
        return None
    error = _error(attributes.get(_ERROR_CODE, b"")) if kind == method | _ERROR else None
    if kind == method | _ERROR and error is None:
        return None
    return StunResponse(
        error=error,
        mapped=_mapped(attributes.get(_XOR_MAPPED_ADDRESS, b""), transaction)
        or _plain(attributes.get(_MAPPED_ADDRESS, b"")),
        relayed=_mapped(attributes.get(_XOR_RELAYED_ADDRESS, b""), transaction),
        challenge=_challenge(attributes.get(_REALM), attributes.get(_NONCE)),
        alternate=_plain(attributes.get(_ALTERNATE_SERVER, b"")),
    )


def is_header(header: bytes) -> bool:
    """Whether a message of STUN begins so: two zero bits and the cookie (section 5)."""
    return header[0] < 0x40 and header[4:8] == _COOKIE.to_bytes(4, "big")


def length_of(header: bytes) -> int:
    """Octets that follow a header, as a stream's next message is told apart (section 6.2.2)."""
    return int.from_bytes(header[2:4], "big")


def _message(
    kind: int, transaction: bytes, attributes: bytes, credentials: Credentials | None = None
) -> bytes:
    if credentials is not None:
        attributes += _attribute(_USERNAME, credentials.user)
        attributes += _attribute(_REALM, credentials.challenge.realm)
        attributes += _attribute(_NONCE, credentials.challenge.nonce)
        proven = _headed(kind, transaction, attributes, _INTEGRITY_LENGTH)
        attributes += _attribute(_MESSAGE_INTEGRITY, credentials.integrity(proven))
    message = _headed(kind, transaction, attributes, _FINGERPRINT_LENGTH)
    return message + _attribute(_FINGERPRINT, _fingerprint(message))


def _headed(kind: int, transaction: bytes, attributes: bytes, following: int) -> bytes:
    """Header and attributes; the header counts octets that are still to follow as well."""
    length = len(attributes) + following
    return _HEAD.pack(kind, length, _COOKIE, transaction) + attributes


def _attribute(kind: int, value: bytes) -> bytes:
    return _ATTRIBUTE.pack(kind, len(value)) + value + bytes(-len(value) % 4)


def _is_intact(data: bytes, credentials: Credentials) -> bool:
    """Whether MESSAGE-INTEGRITY (section 14.5) is there and right; for a message well formed."""
    at = HEADER
    while at < len(data):
        kind, length = _ATTRIBUTE.unpack_from(data, at)
        if kind == _MESSAGE_INTEGRITY:
            said, _, _, transaction = _HEAD.unpack_from(data)
            before = _headed(said, transaction, data[HEADER:at], _INTEGRITY_LENGTH)
            right = credentials.integrity(before)
            return hmac.compare_digest(data[at + 4 : at + 4 + length], right)
        at += 4 + length + -length % 4
    return False


def _challenge(realm: bytes | None, nonce: bytes | None) -> Challenge | None:
    """Sections 14.9 and 14.10: fewer than 128 characters, at most 763 octets."""
    if realm is None or nonce is None or max(len(realm), len(nonce)) > _MAX_TEXT_LENGTH:
        return None
    return Challenge(realm, nonce)


def _fingerprint(before: bytes) -> bytes:
    """Section 14.7."""
    return (zlib.crc32(before) ^ _FINGERPRINT_XOR).to_bytes(4, "big")


def _attributes(data: bytes) -> dict[int, bytes] | None:
    """The first of each type; None when they don't fill the message or its FINGERPRINT is wrong."""
    found: dict[int, bytes] = {}
    at = HEADER
    while at < len(data):
        if at + 4 > len(data):
            return None
        kind, length = _ATTRIBUTE.unpack_from(data, at)
        value = data[at + 4 : at + 4 + length]
        if len(value) < length:
            return None
        if kind == _FINGERPRINT:
            is_last = at + 8 == len(data)
            return found if is_last and value == _fingerprint(data[:at]) else None
        found.setdefault(kind, value)
        at += 4 + length + -length % 4
    return found


def _error(value: bytes) -> int | None:
    """Section 14.8: hundreds in three bits, then the rest."""
    if len(value) < 4 or not 3 <= value[2] & 7 <= 6 or value[3] > 99:
        return None
    return (value[2] & 7) * 100 + value[3]


def _mapped(value: bytes, transaction: bytes) -> str | None:
    """Section 14.2: the address, exclusive-or the cookie and the transaction."""
    if len(value) < 4:
        return None
    key = _COOKIE.to_bytes(4, "big") + transaction
    plain = bytes(a ^ b for a, b in zip(value[4:20], key, strict=False))
    return _plain(value[:4] + plain + value[20:])


def _plain(value: bytes) -> str | None:
    """Sections 14.1 and 14.15: the address as it is, as servers of RFC 3489 write it."""
    if len(value) < 4 or {1: 4, 2: 16}.get(value[1]) != len(value) - 4:
        return None
    return str(IPv4Address(value[4:]) if len(value) == 8 else IPv6Address(value[4:]))

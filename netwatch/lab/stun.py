"""A STUN server: answers Binding requests with the source address (RFC 8489, section 14.2)."""

from __future__ import annotations

import struct
from ipaddress import ip_address

_HEADER = struct.Struct("!HHI12s")
"""Type, length of what follows, magic cookie, transaction."""
_COOKIE = 0x2112A442
_BINDING_REQUEST, _BINDING_SUCCESS = 0x0001, 0x0101
_XOR_MAPPED_ADDRESS = 0x0020
_FAMILY = {4: 1, 6: 2}


def binding_success(request: bytes, source: tuple[str, int]) -> bytes | None:
    """The answer to a Binding request from ``source``; None for everything else."""
    if len(request) < _HEADER.size:
        return None
    kind, length, cookie, transaction = _HEADER.unpack_from(request)
    if kind != _BINDING_REQUEST or cookie != _COOKIE or length != len(request) - _HEADER.size:
        return None
    address, key = ip_address(source[0]), _COOKIE.to_bytes(4, "big") + transaction
    hidden = bytes(a ^ b for a, b in zip(address.packed, key, strict=False))
    port = source[1] ^ _COOKIE >> 16
    value = struct.pack("!xBH", _FAMILY[address.version], port) + hidden
    attribute = struct.pack("!HH", _XOR_MAPPED_ADDRESS, len(value)) + value
    return _HEADER.pack(_BINDING_SUCCESS, len(attribute), _COOKIE, transaction) + attribute

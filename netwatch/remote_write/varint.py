"""Whole numbers as Protocol Buffers write them: seven bits a byte, the lowest first."""

from __future__ import annotations

_MAX_OCTETS = 10
"""Octets of the longest number: 64 bits, seven in each."""


class MalformedRequestError(ValueError):
    """A request is not remote write; the message says why, and quotes nothing of the request."""


def read_varint(data: bytes, at: int) -> tuple[int, int]:
    """Read the number that begins at octet ``at``.

    Returns:
        The number, unsigned and of at most 64 bits, and the offset of the octet after it.

    Raises:
        MalformedRequestError: it doesn't end within the data, or has more than 64 bits.
    """
    value = 0
    for position, byte in enumerate(data[at : at + _MAX_OCTETS]):
        value |= (byte & 0x7F) << (7 * position)
        if byte < 0x80:
            if value >> 64:
                break
            return value, at + position + 1
    raise MalformedRequestError("a number does not end")

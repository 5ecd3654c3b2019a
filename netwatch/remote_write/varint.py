"""Whole numbers as Protocol Buffers write them: seven bits a byte, the lowest first."""

from __future__ import annotations

_LONGEST = 10


class MalformedVarintError(ValueError):
    """What came is not what it should be; the message says why, and repeats nothing of it."""


def read_varint(data: bytes, at: int) -> tuple[int, int]:
    """The number that begins at ``at``, unsigned and of 64 bits, and where it ends.

    Raises:
        MalformedError: there is none.
    """
    value = 0
    for position, byte in enumerate(data[at : at + _LONGEST]):
        value |= (byte & 0x7F) << (7 * position)
        if byte < 0x80:
            if value >> 64:
                break
            return value, at + position + 1
    raise MalformedVarintError("a number does not end")

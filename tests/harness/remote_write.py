"""Writes what the gate reads: remote write's messages, and Snappy in its simplest form."""

from __future__ import annotations

import struct


def varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])


def field(number: int, content: bytes) -> bytes:
    return varint(number << 3 | 2) + varint(len(content)) + content


def label(name: str, value: str) -> bytes:
    return field(1, name.encode()) + field(2, value.encode())


def sample(value: float, milliseconds: int) -> bytes:
    return b"\x09" + struct.pack("<d", value) + b"\x10" + varint(milliseconds)


def series(labels: dict[str, str], *milliseconds: int) -> bytes:
    """One series of a request, with these times."""
    inner = b"".join(field(1, label(*pair)) for pair in sorted(labels.items()))
    return field(1, inner + b"".join(field(2, sample(1.0, at)) for at in milliseconds))


def packed(data: bytes) -> bytes:
    """A block of literals."""
    out = bytearray(varint(len(data)))
    for start in range(0, len(data), 60):
        piece = data[start : start + 60]
        out += bytes([(len(piece) - 1) << 2]) + piece
    return bytes(out)

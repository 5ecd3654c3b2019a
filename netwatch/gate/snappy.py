"""Unpacks the block format of Snappy, in which remote write comes.

Source: format_description.txt of google/snappy.
"""

from __future__ import annotations

from netwatch.gate.varint import MalformedError, read_varint

_COPY_OFFSET_BYTES = {1: 1, 2: 2, 3: 4}
"""By the kind of an element, its lowest two bits; kind 0 is a literal."""


def unpack(packed: bytes, most: int) -> bytes:
    """What was packed.

    Args:
        packed: one block.
        most: bytes that it may have.

    Raises:
        MalformedError: it is no block, or more.
    """
    length, at = read_varint(packed, 0)
    if length > most:
        raise MalformedError(f"more than {most} bytes")
    out = bytearray()
    while at < len(packed):
        kind, at, size = packed[at] & 3, at + 1, packed[at] >> 2
        if kind == 0:
            if size >= 60:
                width = size - 59
                size, at = int.from_bytes(packed[at : at + width], "little"), at + width
            size += 1
            if at + size > len(packed):
                raise MalformedError("a literal goes beyond the end")
            out += packed[at : at + size]
            at += size
        else:
            width = _COPY_OFFSET_BYTES[kind]
            offset, at = int.from_bytes(packed[at : at + width], "little"), at + width
            if kind == 1:
                offset |= size >> 3 << 8
                size = (size & 7) + 4
            else:
                size += 1
            _copy(out, offset, size)
        if len(out) > length:
            break
    if len(out) != length:
        raise MalformedError("not as long as it says")
    return bytes(out)


def _copy(out: bytearray, offset: int, size: int) -> None:
    """Repeat what stands ``offset`` bytes back; beyond the end it repeats itself."""
    if not 0 < offset <= len(out):
        raise MalformedError("a copy from before the beginning")
    start = len(out) - offset
    piece = out[start : start + size]
    out += (piece * (size // len(piece) + 1))[:size]

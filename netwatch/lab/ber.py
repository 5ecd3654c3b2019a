"""The part of ASN.1 BER (X.690) that SNMP messages are made of (RFC 3417, section 8)."""

from __future__ import annotations

from collections.abc import Iterator

Oid = tuple[int, ...]

INTEGER = 0x02
OCTET_STRING = 0x04
NULL = 0x05
OBJECT_IDENTIFIER = 0x06
SEQUENCE = 0x30
COUNTER32 = 0x41
GAUGE32 = 0x42
TIME_TICKS = 0x43
COUNTER64 = 0x46

MAX_ARCS = 128
"""RFC 2578, section 3.5."""


class MalformedBerError(ValueError):
    """The octets are not BER, or not what SNMP allows of it."""


def tlv(tag: int, content: bytes) -> bytes:
    """One element: tag, definite length, content."""
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content


def integer(value: int, tag: int = INTEGER) -> bytes:
    """A number in the fewest octets; SNMP's unsigned types are encoded the same way."""
    size = (value if value >= 0 else ~value).bit_length() // 8 + 1
    return tlv(tag, value.to_bytes(size, "big", signed=True))


def octets(value: bytes | str) -> bytes:
    """An OCTET STRING; text as UTF-8."""
    return tlv(OCTET_STRING, value.encode() if isinstance(value, str) else value)


def oid(arcs: Oid) -> bytes:
    """An OBJECT IDENTIFIER with at least two arcs."""
    content = bytearray()
    for arc in (arcs[0] * 40 + arcs[1], *arcs[2:]):
        groups = [arc & 0x7F]
        while arc := arc >> 7:
            groups.append(0x80 | arc & 0x7F)
        content += bytes(reversed(groups))
    return tlv(OBJECT_IDENTIFIER, bytes(content))


def elements(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The elements that ``data`` consists of, as (tag, content).

    Raises:
        MalformedBerError: an element is longer than the data, or of indefinite length.
    """
    at = 0
    while at < len(data):
        if at + 2 > len(data):
            raise MalformedBerError("truncated element")
        tag, size = data[at], data[at + 1]
        at += 2
        if size & 0x80:
            count = size & 0x7F
            if not 1 <= count <= 4 or at + count > len(data):
                raise MalformedBerError("bad length")
            size = int.from_bytes(data[at : at + count], "big")
            at += count
        if at + size > len(data):
            raise MalformedBerError("truncated content")
        yield tag, data[at : at + size]
        at += size


def fields(data: bytes, *tags: int) -> list[bytes]:
    """The contents of the elements of ``data``, which must have exactly these tags."""
    found = list(elements(data))
    if tuple(tag for tag, _ in found) != tags:
        raise MalformedBerError("unexpected elements")
    return [content for _, content in found]


def to_int(content: bytes) -> int:
    """The number in an INTEGER of at most 32 bits."""
    if not 1 <= len(content) <= 5:
        raise MalformedBerError("bad integer")
    return int.from_bytes(content, "big", signed=True)


def to_oid(content: bytes) -> Oid:
    """The arcs of an OBJECT IDENTIFIER."""
    if not content or content[-1] & 0x80:
        raise MalformedBerError("bad object identifier")
    arcs: list[int] = []
    arc = 0
    for byte in content:
        arc = arc << 7 | byte & 0x7F
        if arc > 0xFFFFFFFF:
            raise MalformedBerError("arc beyond 32 bits")
        if not byte & 0x80:
            arcs.append(arc)
            arc = 0
    if len(arcs) >= MAX_ARCS:
        raise MalformedBerError("object identifier too long")
    first = min(arcs[0] // 40, 2)
    return (first, arcs[0] - first * 40, *arcs[1:])

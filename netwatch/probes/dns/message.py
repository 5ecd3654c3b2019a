"""DNS messages (RFC 1035, section 4), as far as a probe needs them.

The reader does a bounded amount of work whatever the octets are: a name is followed through at
most 127 labels and pointers, and of the answers the first 32 are read. A general parser follows
every name of every record: one datagram of 1 232 octets can hold it for a fifth of a second.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address

HEADER = struct.Struct("!6H")
"""Id, flags, and the number of questions, answers, authorities and additional records."""

TYPES = {"A": 1, "NS": 2, "CNAME": 5, "SOA": 6, "PTR": 12, "MX": 15, "TXT": 16, "AAAA": 28}
TYPES |= {"SRV": 33}
RCODES = {0: "NOERROR", 1: "FORMERR", 2: "SERVFAIL", 3: "NXDOMAIN", 4: "NOTIMP", 5: "REFUSED"}

MAX_ANSWERS = 32

_TAIL = struct.Struct("!HH")
_RECORD = struct.Struct("!HHIH")
_INTERNET = 1
_RESPONSE, _TRUNCATED, _RECURSION, _RCODE = 0x8000, 0x0200, 0x0100, 0x000F
_OPCODE = 0x7800
_POINTER = 0xC0
_MAX_NAME_LENGTH = 255
_MAX_STEPS = 127
_NAMED = {2, 5, 6, 12}
"""Types whose data begin with a name, which is all that is read of them."""


@dataclass(frozen=True, slots=True)
class DnsAnswer:
    """What a server said.

    Attributes:
        rcode: by name, or its number.
        truncated: the rest is to be had over TCP.
        records: of the type that was asked for, as text.
    """

    rcode: str
    truncated: bool
    records: tuple[str, ...]


def encode_name(name: str) -> bytes:
    """A name as it stands in a message.

    Raises:
        ValueError: it is empty, too long, has an empty or long label, or isn't ASCII.
    """
    labels = name.rstrip(".").split(".")
    if not all(1 <= len(label) <= 63 and label.isascii() for label in labels):
        raise ValueError(f"{name[:64]!r} is not a domain name; write e.g. haiduong.gov.vn")
    if any(not (c.isalnum() or c in "-_") for label in labels for c in label):
        raise ValueError(f"{name[:64]!r} is not a domain name; write e.g. haiduong.gov.vn")
    encoded = b"".join(bytes([len(label)]) + label.encode() for label in labels) + b"\0"
    if len(encoded) > _MAX_NAME_LENGTH:
        raise ValueError(f"{name[:64]!r} is not a domain name; write e.g. haiduong.gov.vn")
    return encoded


def build_query(identifier: int, name: str, kind: int) -> bytes:
    """A question for one kind of record."""
    header = HEADER.pack(identifier, _RECURSION, 1, 0, 0, 0)
    return header + encode_name(name) + _TAIL.pack(kind, _INTERNET)


def parse_answer(message: bytes, query: bytes) -> DnsAnswer | None:
    """The answer to ``query``; None when ``message`` belongs to another question, or to none.

    Raises:
        ValueError: it is the answer, but cannot be read.
    """
    if len(message) < HEADER.size:
        return None
    identifier, flags, questions, answers, _, _ = HEADER.unpack_from(message)
    (asked,) = struct.unpack_from("!H", query)
    if identifier != asked or not flags & _RESPONSE or flags & _OPCODE:
        return None
    code = flags & _RCODE
    rcode = RCODES.get(code, str(code))
    truncated = bool(flags & _TRUNCATED)
    question = query[HEADER.size :]
    end = HEADER.size + len(question)
    if questions == 0 and code != 0:
        return DnsAnswer(rcode, truncated, ())  # a server that couldn't read the question
    if questions != 1 or message[HEADER.size : end].lower() != question.lower():
        return None
    kind, _ = _TAIL.unpack(question[-_TAIL.size :])
    records = () if truncated else _records(message, end, min(answers, MAX_ANSWERS), kind)
    return DnsAnswer(rcode, truncated, records)


def _records(message: bytes, offset: int, count: int, kind: int) -> tuple[str, ...]:
    records = []
    for _ in range(count):
        offset = _skip_name(message, offset)
        if offset + _RECORD.size > len(message):
            raise ValueError("a record is cut off")
        given, _, _, length = _RECORD.unpack_from(message, offset)
        offset += _RECORD.size
        if offset + length > len(message):
            raise ValueError("a record is cut off")
        if given == kind:
            records.append(_text(message, offset, length, kind))
        offset += length
    return tuple(records)


def _text(message: bytes, offset: int, length: int, kind: int) -> str:
    """What a record says, in the form of ``dig +short``."""
    data = message[offset : offset + length]
    if kind in {TYPES["A"], TYPES["AAAA"]}:
        if len(data) != (4 if kind == TYPES["A"] else 16):
            raise ValueError("an address of another length")
        return str(IPv4Address(data) if len(data) == 4 else IPv6Address(data))
    if kind == TYPES["MX"]:
        (preference,) = _unpack("!H", data)
        return f"{preference} {_name(message, offset + 2)}"
    if kind == TYPES["SRV"]:
        priority, weight, port = _unpack("!3H", data)
        return f"{priority} {weight} {port} {_name(message, offset + 6)}"
    if kind in _NAMED:
        return _name(message, offset)
    return _strings(data)


def _unpack(form: str, data: bytes) -> tuple[int, ...]:
    if len(data) < struct.calcsize(form):
        raise ValueError("a record is too short")
    return struct.unpack_from(form, data)


def _strings(data: bytes) -> str:
    """The strings of a TXT record, joined as RFC 7208, section 3.3, and others read them."""
    text, offset = b"", 0
    while offset < len(data):
        text += data[offset + 1 : offset + 1 + data[offset]]
        offset += 1 + data[offset]
    return text.decode("utf-8", "replace")


def _skip_name(message: bytes, offset: int) -> int:
    """Where a name ends, without following it."""
    for _ in range(_MAX_STEPS + 1):
        if offset >= len(message):
            break
        length = message[offset]
        if length == 0:
            return offset + 1
        if length >= _POINTER:
            return offset + 2
        offset += 1 + length
    raise ValueError("a name without end")


def _name(message: bytes, offset: int) -> str:
    """A name in text form, its pointers followed; they may only lead backwards."""
    labels: list[str] = []
    total = 0
    for _ in range(_MAX_STEPS):
        if offset >= len(message):
            break
        length = message[offset]
        if length == 0:
            return ".".join(labels).lower()
        if length >= _POINTER:
            target = int.from_bytes(message[offset : offset + 2], "big") & 0x3FFF
            if target >= offset:
                break
            offset = target
            continue
        label = message[offset + 1 : offset + 1 + length]
        total += length + 1
        if length > 63 or len(label) < length or total > _MAX_NAME_LENGTH:
            break
        labels.append(label.decode("ascii", "replace"))
        offset += 1 + length
    raise ValueError("a name that can't be read")

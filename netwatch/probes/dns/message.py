"""DNS messages (RFC 1035, section 4), as far as a probe needs them.

The reader does a bounded amount of work whatever the octets are: see the limits of ``names.py``
and ``records.py``. A general parser follows every name of every record: one datagram of 1 232
octets can hold it for a fifth of a second.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from netwatch.probes.dns.names import MAX_NAME_LENGTH
from netwatch.probes.dns.records import records_of

HEADER = struct.Struct("!6H")
"""Id, flags, and the number of questions, answers, authorities and additional records."""

RCODES = {0: "NOERROR", 1: "FORMERR", 2: "SERVFAIL", 3: "NXDOMAIN", 4: "NOTIMP", 5: "REFUSED"}

_TAIL = struct.Struct("!HH")
_INTERNET = 1
_RESPONSE, _TRUNCATED, _RECURSION, _RCODE = 0x8000, 0x0200, 0x0100, 0x000F
_OPCODE = 0x7800


@dataclass(frozen=True, slots=True)
class DnsAnswer:
    """What a server said.

    Attributes:
        rcode: by name, or its number.
        truncated: the rest is to be had over TCP.
        records: of the type and the name that were asked for, as ``dig +short`` prints them.
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
    if len(encoded) > MAX_NAME_LENGTH:
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
    records = () if truncated or code else records_of(message, end, answers, kind)
    return DnsAnswer(rcode, truncated, records)

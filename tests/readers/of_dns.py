from __future__ import annotations

import struct

from netwatch.probes.dns.message import build_query, parse_answer
from netwatch.probes.dns.records import TYPES
from tests.readers.registry import Reader

KINDS = sorted(TYPES)
QUERIES = {kind: build_query(7, "haiduong.gov.vn", TYPES[kind]) for kind in KINDS}


def read(data: bytes) -> None:
    """The first octet chooses the type, the next two count the records that the others are."""
    query = QUERIES[KINDS[data[0] % len(KINDS)]] if data else QUERIES["A"]
    count = int.from_bytes(data[1:3], "big")
    head = struct.pack("!6H", 7, 0x8180, 1, count, 0, 0)
    parse_answer(head + query[12:] + data[3:], query)


def seed(kind: str, data: bytes, owner: bytes = b"\xc0\x0c") -> bytes:
    record = owner + struct.pack("!HHIH", TYPES[kind], 1, 300, len(data)) + data
    return bytes([KINDS.index(kind)]) + b"\xff\xff" + record


READERS = [
    Reader(
        "dns",
        read,
        max_octets=65535,
        datagram=True,
        refuses=(ValueError,),
        tokens=(
            seed("A", bytes(4))[3:],
            seed("TXT", b"")[3:],
            seed("CNAME", b"\xc0\x0c")[3:],
            seed("NS", b"\x01a\xc0\x0c", b"\x01a\xc0\x0c")[3:],
            b"\x01a",
            b"\xc0\x21",
            b"\x01",
        ),
        seeds=(
            seed("A", b"\1\2\3\4"),
            seed("TXT", b"\x03v=s\x02pf"),
            seed("TXT", b"\x00" * 9),
            seed("SOA", b"\x02ns\xc0\x0c\xc0\x0c" + bytes(20)),
            seed("NS", b"\x01a" * 120 + b"\xc0\x0c"),
            seed("SRV", b"\x00\x01\x00\x02\x01\xbb\xc0\x0c", b"\x01a\xc0\x0c"),
        ),
        covers=("probes.dns.message:parse_answer", "probes.dns.records:_unpack"),
    ),
    Reader(
        "dns-message",
        lambda data: parse_answer(data, QUERIES["A"]),
        max_octets=65535,
        datagram=True,
        refuses=(ValueError,),
        seeds=(
            struct.pack("!6H", 7, 0x8180, 1, 1, 0, 0) + QUERIES["A"][12:] + seed("A", bytes(4))[3:],
        ),
    ),
]

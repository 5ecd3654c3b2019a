"""What comes in one datagram: H.225 RAS, quoted echoes, kernel errors, STAMP."""

from __future__ import annotations

import numpy as np

from netwatch.media.columns import reflections, words_of
from netwatch.media.stamp import (
    BASE_SIZE,
    MAX_PACKET_SIZE,
    MIN_ANSWER_SIZE,
    extensions,
    parse_reflected,
    parse_request,
    reflect,
    request,
)
from netwatch.net.icmp import icmp_error_in
from netwatch.probes.h323.ras import parse_answer
from netwatch.probes.icmp.packet import parse_quoted_echo
from tests.readers.registry import Reader


def read_icmp(data: bytes) -> None:
    for version in (4, 6):
        parse_quoted_echo(version, data)
    for name in (11, 25):
        icmp_error_in([(0, name, data)])


def read_stamp(data: bytes) -> None:
    parse_reflected(data)
    if parse_request(data) is not None:
        reflect(data, sequence=1, received=2, answered=3, error=4, ttl=64, tos=0)


def read_stamp_columns(data: bytes) -> None:
    """The same answer 64 times, as one full buffer of a stream."""
    if len(data) < MIN_ANSWER_SIZE:
        return
    octets = np.zeros((64, 256), np.uint8)
    cut = data[:256]
    octets[:, : len(cut)] = np.frombuffer(cut, np.uint8)
    reflections(words_of(octets), octets, np.full(64, len(data)), 172)


PACKET = request(1, 1 << 40, 0x8001, 7) + extensions(172, 46)

READERS = [
    Reader(
        "ras",
        lambda data: parse_answer(data, 8),
        max_octets=65535,
        datagram=True,
        seeds=(b"\x04\0\0\7", b"\x08\0\0\7\0", b"\x60\0\7"),
        covers=("probes.h323.ras:parse_answer",),
    ),
    Reader(
        "icmp",
        read_icmp,
        max_octets=65535,
        datagram=True,
        seeds=(
            b"\x08\0\0\0\1\2\3\4" + bytes(16),
            bytes.fromhex("0b00000002030100000000000000000002000000c0000201"),
        ),
        covers=("probes.icmp.packet:parse_quoted_echo",),
    ),
    Reader(
        "stamp",
        read_stamp,
        max_octets=MAX_PACKET_SIZE,
        datagram=True,
        tokens=(b"\x00\x04\0\4\0\0\0\0", b"\x80\x01\0\0"),
        seeds=(PACKET, PACKET[:BASE_SIZE]),
        covers=(
            "media.stamp:parse_reflected",
            "media.stamp:parse_request",
            "media.stamp:reflect",
            "media.stamp:_tlvs",
        ),
    ),
    Reader(
        "stamp-columns",
        read_stamp_columns,
        max_octets=MAX_PACKET_SIZE,
        datagram=True,
        tokens=(b"\x00\x04\0\4\0\0\0\0", b"\x80\x01\0\0"),
        seeds=(PACKET, PACKET[:BASE_SIZE]),
    ),
]

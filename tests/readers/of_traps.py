"""Datagrams on the trap port, of senders with a community and with a user."""

from __future__ import annotations

import asyncio
from functools import cache

from pydantic import SecretStr

from netwatch.core.credential import CommunityCredential, UserCredential
from netwatch.lab import ber
from netwatch.traps.filter import MAX_OCTETS
from netwatch.traps.receiver import TrapReceiver
from tests.readers.registry import Reader

COMMUNITY, USER = "192.0.2.1", "192.0.2.2"
UP_TIME, TRAP_OID, LINK_DOWN = (
    (1, 3, 6, 1, 2, 1, 1, 3, 0),
    (1, 3, 6, 1, 6, 3, 1, 1, 4, 1, 0),
    (1, 3, 6, 1, 6, 3, 1, 1, 5, 3),
)


async def make_receiver() -> TrapReceiver:
    return TrapReceiver(
        lambda *_: None,
        {
            COMMUNITY: CommunityCredential(SecretStr("trap-community")),
            USER: UserCredential("trapper", "sha256", SecretStr("auth-password"), None, None),
        },
    )


@cache
def receiver() -> TrapReceiver:
    """Made in an event loop, which pysnmp asks for; reading needs none."""
    with asyncio.Runner() as loop:
        return loop.run(make_receiver())


def read(data: bytes) -> None:
    """As of either sender, without the limits of rate that stand before it."""
    for sender in (COMMUNITY, USER):
        reader = receiver()._reader
        assert reader is not None
        reader.read(sender, data, (sender, 162))


def binding(name: ber.Oid, value: bytes) -> bytes:
    return ber.tlv(ber.SEQUENCE, ber.oid(name) + value)


def trap(*more: bytes, kind: int = 0xA7) -> bytes:
    bindings = (
        binding(UP_TIME, ber.integer(1, ber.TIME_TICKS)),
        binding(TRAP_OID, ber.oid(LINK_DOWN)),
        *more,
    )
    pdu = ber.integer(1) * 1 + ber.integer(0) * 2 + ber.tlv(ber.SEQUENCE, b"".join(bindings))
    message = ber.integer(1) + ber.octets("trap-community") + ber.tlv(kind, pdu)
    return ber.tlv(ber.SEQUENCE, message)


def v3() -> bytes:
    security = ber.tlv(
        ber.SEQUENCE,
        ber.octets(bytes.fromhex("8000000001020304"))
        + ber.integer(1) * 2
        + ber.octets("trapper")
        + ber.octets(bytes(24))
        + ber.octets(b""),
    )
    head = ber.integer(1) + ber.integer(65507) + ber.octets(b"\x01") + ber.integer(3)
    inner = ber.tlv(ber.SEQUENCE, ber.octets(b"") * 2 + ber.tlv(0xA7, ber.integer(1)))
    message = ber.integer(3) + ber.tlv(ber.SEQUENCE, head) + ber.octets(security) + inner
    return ber.tlv(ber.SEQUENCE, message)


NAME = (1, 3, 6, 1, 2, 1, 2, 2, 1, 1, 1)
MANY = [binding((1, 3, 6), b"\x05\0")] * 360

READERS = [
    Reader(
        "traps",
        read,
        max_octets=MAX_OCTETS,
        datagram=True,
        tokens=(b"\x30\x80", b"\x30\x82\x1f\x00", b"\x06\x82\x1f\x00", b"\xa7\x80", b"\x24\x80"),
        seeds=(
            trap(),
            trap(kind=0xA6),
            trap(*MANY),
            trap(binding(NAME, ber.octets(b"x" * 2900))),
            trap(binding(NAME, ber.tlv(6, b"\x2b" + b"\xff" * 2900 + b"\x01"))),
            trap(ber.tlv(ber.SEQUENCE, ber.tlv(0x26, b"\x2b" + b"\x81" * 2900))),
            v3(),
        ),
        covers=(
            "traps.receiver:read",
            "traps.receiver:_learn_engine",
            "traps.receiver:datagram_received",
        ),
    )
]

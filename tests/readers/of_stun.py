from __future__ import annotations

from pydantic import SecretStr

from netwatch.core.login import Login
from netwatch.probes.stun.credentials import Challenge, credentials_for
from netwatch.probes.stun.message import ALLOCATE, BINDING, HEADER, MAX_LENGTH, parse_response
from tests.readers.registry import Reader

TRANSACTION = bytes(12)
CREDENTIALS = credentials_for(Challenge(b"realm", b"nonce"), Login(SecretStr("secret"), "user"))


def read(data: bytes) -> None:
    """Attributes, as a success and as an error, with credentials and without."""
    for kind in (0x0101, 0x0103, 0x0113):
        head = kind.to_bytes(2, "big") + (len(data) & 0xFFFF).to_bytes(2, "big")
        message = head + bytes.fromhex("2112a442") + TRANSACTION + data
        parse_response(message, BINDING if kind == 0x0101 else ALLOCATE, TRANSACTION)
        parse_response(message, ALLOCATE, TRANSACTION, CREDENTIALS)


READERS = [
    Reader(
        "stun",
        read,
        max_octets=HEADER + MAX_LENGTH,
        datagram=True,
        tokens=(b"\0\x20\0\0", b"\0\x08\0\0", b"\x80\x28\0\0", b"\0\x09\0\x04\0\0\4\1"),
        seeds=(
            bytes.fromhex("8022000474657374002000080001a147e112a643"),
            bytes.fromhex("0001000800010d96c0000201"),
            bytes.fromhex("000900040000030080230008000111d6c0000202"),
            bytes.fromhex("0009000400000401001400016100000000150001620000000008001400000000")
            + bytes(16),
        ),
        covers=("probes.stun.message:parse_response", "probes.stun.message:length_of"),
    )
]

"""Requests of remote write, packed and unpacked."""

from __future__ import annotations

from netwatch.remote_write.allowlist import AllowList, NotAllowedError
from netwatch.remote_write.gateway import MAX_PACKED_OCTETS, MAX_UNPACKED_OCTETS
from netwatch.remote_write.snappy import unpack
from netwatch.remote_write.varint import MalformedRequestError
from tests.harness.remote_write import label, packed, series
from tests.readers.registry import Reader

ME = {"__name__": "up", "vantage": "party-office", "site": "c-01"}
ONE = series(ME, 1)


def check(data: bytes) -> None:
    AllowList("party-office").check(data, 2e9)


READERS = [
    Reader(
        "remote-write",
        check,
        max_octets=MAX_UNPACKED_OCTETS >> 2,
        refuses=(MalformedRequestError, NotAllowedError),
        tokens=(ONE, b"\x12\0", b"\x0a\0", b"\x0a\x02\x0a\0", label("a", "b")),
        seeds=(ONE, series(ME, 1, 2, 3), series(ME | {"flow": "ab-12/x"}, 1)),
        max_cpu=1.0,  # the gateway checks in steps of a series, and serves others in between
        covers=(
            "remote_write.allowlist:check",
            "remote_write.allowlist:checks",
            "remote_write.request:read_request",
            "remote_write.request:read_labels",
            "remote_write.request:_timestamp",
            "remote_write.request:_parts",
            "remote_write.request:_fields",
            "remote_write.varint:read_varint",
        ),
    ),
    Reader(
        "snappy",
        lambda data: unpack(data, MAX_UNPACKED_OCTETS),
        max_octets=MAX_PACKED_OCTETS,
        refuses=(MalformedRequestError,),
        tokens=(b"\xfe\x01\0", b"\x80\x80\x80\x02", b"\x01\x01"),
        seeds=(packed(ONE), packed(bytes(3000)), packed(ONE * 40)),
        covers=("remote_write.snappy:unpack",),
    ),
]

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netwatch.lab.frame import echo_reply, echo_request
from netwatch.lab.world import ICMP, TCP
from tests.lab.frames import collector, frame, packet

ROUTER, CODEC = "10.30.1.1", "fd30::1:20"


def echo(kind: int, identifier: int, sequence: int) -> bytes:
    return struct.pack("!BBHHH", kind, 0, 0, identifier, sequence) + bytes(56)


@pytest.mark.parametrize(("address", "request_type", "reply"), [(ROUTER, 8, 0), (CODEC, 128, 129)])
def test_a_reply_belongs_to_its_request_only(address: str, request_type: int, reply: int) -> None:
    here = collector(address)
    sent = echo_request(packet(here, address, ICMP, echo(request_type, 7, 8)))
    assert sent is not None
    assert echo_reply(packet(address, here, ICMP, echo(reply, 7, 8))) == sent
    assert echo_reply(packet(address, here, ICMP, echo(reply, 7, 9))) not in (None, sent)
    assert echo_reply(packet(address, here, ICMP, echo(request_type, 7, 8))) is None
    assert echo_request(packet(here, address, ICMP, echo(reply, 7, 8))) is None
    assert echo_request(frame(here, address, TCP, 443)) is None


@given(st.binary(max_size=80), st.integers(0, 80), st.sampled_from([ROUTER, CODEC]))
def test_any_bytes_are_read(data: bytes, length: int, address: str) -> None:
    whole = packet(collector(address), address, ICMP, echo(8, 1, 1))
    for given_frame in (data, whole[:length] + data):
        echo_request(given_frame)
        echo_reply(given_frame)

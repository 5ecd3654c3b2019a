"""RAS against vectors of an independent encoder (pycrate 0.8.1), the probe against own peers."""

from __future__ import annotations

import asyncio
import socket
from collections import Counter
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netwatch.core.result import Outcome, Reason
from netwatch.lab.gatekeeper import gatekeeper_confirm, requested_number
from netwatch.probes.h323 import PROBE
from netwatch.probes.h323.ras import (
    RasKind,
    gatekeeper_request,
    parse_answer,
)
from tests.harness.peers import HERE, closed_port, tcp_peer, udp_peer
from tests.harness.probe_bench import Bench, running

SIX = socket.inet_ntop(socket.AF_INET6, bytes(range(16)))
REQUESTS = [
    (1, "10.1.2.3", "00000000060008914a0004000a010203a2f70200"),
    (4660, "10.1.2.3", "00001233060008914a0004000a010203a2f70200"),
    (65535, "10.1.2.3", "0000fffe060008914a0004000a010203a2f70200"),
    (2, SIX, "00000001060008914a000430000102030405060708090a0b0c0d0e0fa2f70200"),
]
ANSWERS = [
    (1, RasKind.CONFIRM, "04000000060008914a0004000a01020406b7"),
    (1, RasKind.CONFIRM, "04800000060008914a0004080067006b002d00680064000a010203a2f7"),
    (1, RasKind.REJECT, "08000000060008914a000420"),
    (1, RasKind.UNKNOWN_MESSAGE, "600000"),
]


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    async with running(PROBE) as bench:
        yield bench


@pytest.mark.parametrize(("number", "host", "octets"), REQUESTS)
def test_requests_are_those_of_another_encoder(number: int, host: str, octets: str) -> None:
    request = gatekeeper_request(number, (host, 41719))
    assert request.hex() == octets
    assert requested_number(request) == number


@pytest.mark.parametrize(("number", "kind", "octets"), ANSWERS)
def test_answers_of_another_encoder_are_understood(number: int, kind: RasKind, octets: str) -> None:
    data = bytes.fromhex(octets)
    assert parse_answer(data, number) is kind
    assert parse_answer(data, number + 1) is None
    assert all(parse_answer(data[:end], number) is None for end in range(3 if number else 0))


def test_the_confirm_of_a_played_gatekeeper_is_that_of_another_encoder() -> None:
    assert gatekeeper_confirm(1, ("10.1.2.4", 1719)).hex() == ANSWERS[0][2]


@given(st.binary(max_size=64), st.integers(1, 65535))
def test_any_octets_are_judged(data: bytes, number: int) -> None:
    kind = parse_answer(data, number)
    assert kind is None or data[0] >> 2 == kind.value
    assert requested_number(data) is None or data[0] >> 2 == 0


def confirm(request: bytes) -> bytes:
    number = requested_number(request)
    assert number is not None
    return gatekeeper_confirm(number, (HERE, 1719))


async def test_a_gatekeeper_that_confirms_is_ready(bench: Bench) -> None:
    async with udp_peer(lambda request: [confirm(request)]) as (port, received):
        result = await bench.measure(HERE, port=port, service="gatekeeper")
    assert (result.outcome, result.detail) == (Outcome.SUCCESS, "gatekeeperConfirm")
    assert bench.last == {"reachable": 1, "stack_alive": 1, "ready": 1}
    assert len(received[0]) == 20  # a gatekeeperRequest, and no Setup


async def test_a_gatekeeper_that_rejects_is_alive(bench: Bench) -> None:
    def reject(request: bytes) -> list[bytes]:
        return [b"", b"\x08", b"\x08\x00\xff\xff", b"\x08\x00" + request[2:4] + b"rest"]

    async with udp_peer(reject) as (port, _):
        result = await bench.measure(HERE, port=port, service="gatekeeper")
    assert (result.outcome, result.detail) == (Outcome.SUCCESS, "gatekeeperReject")
    assert bench.last == {"reachable": 1, "stack_alive": 1}


async def test_a_gatekeeper_that_is_silent_refused_or_mad(bench: Bench) -> None:
    async with udp_peer(lambda _: []) as (port, received):
        result = await bench.measure(HERE, timeout=0.7, port=port, service="gatekeeper")
    assert (result.outcome, result.reason) == (Outcome.FAILURE, Reason.TIMEOUT)
    assert bench.last == {"stack_alive": 0, "ready": 0}
    assert {*Counter(received).values()} == {2}, "it is sent again, once"
    with closed_port() as port:
        result = await bench.measure(HERE, port=port, service="gatekeeper")
    assert (result.outcome, result.reason) == (Outcome.FAILURE, Reason.REFUSED)
    assert bench.last == {"reachable": 1, "stack_alive": 0, "ready": 0}
    async with udp_peer(lambda _: [b"\x04mad"] * 100) as (port, _):
        result = await bench.measure(HERE, timeout=5, port=port, service="gatekeeper")
    assert (result.outcome, result.reason) == (Outcome.FAILURE, Reason.PROTOCOL_ERROR)


async def test_an_endpoint_is_connected_to_and_nothing_is_sent(bench: Bench) -> None:
    heard: asyncio.Queue[bytes] = asyncio.Queue()

    async def serve(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        heard.put_nowait(await reader.read())

    async with tcp_peer(serve) as port:
        result = await bench.measure(HERE, port=port)
        async with asyncio.timeout(5):
            assert await heard.get() == b""  # an orderly end, and no Setup before it
    assert result.outcome is Outcome.SUCCESS
    assert result.duration is not None
    assert bench.last == {"reachable": 1}


async def test_an_endpoint_that_never_hangs_up_is_not_waited_for(bench: Bench) -> None:
    async def serve(_reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await asyncio.Event().wait()

    async with tcp_peer(serve) as port:
        result = await bench.measure(HERE, port=port, timeout=30)
    assert result.outcome is Outcome.SUCCESS
    assert result.finished - result.due < 20  # not the timeout


async def test_an_endpoint_without_h323_is_refused(bench: Bench) -> None:
    with closed_port(socket.SOCK_STREAM) as port:
        result = await bench.measure(HERE, port=port)
    assert (result.outcome, result.reason) == (Outcome.FAILURE, Reason.REFUSED)
    assert bench.last == {"reachable": 1, "stack_alive": 0, "ready": 0}


async def test_an_endpoint_that_takes_no_more_connections_is_a_timeout(bench: Bench) -> None:
    with socket.socket() as server:
        server.bind((HERE, 0))
        server.listen(0)
        address, port = server.getsockname()
        with socket.create_connection((address, port)), socket.socket() as waiting:
            waiting.setblocking(False)
            waiting.connect_ex((address, port))
            result = await bench.measure(HERE, timeout=0.3, port=port)
    assert (result.outcome, result.reason) == (Outcome.FAILURE, Reason.TIMEOUT)
    assert bench.last == {"stack_alive": 0, "ready": 0}

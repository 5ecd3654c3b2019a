"""The probe against endpoints of the test's own, good ones and hostile ones."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from typing import Any

import pytest

from netwatch.core.result import Outcome, Reason
from netwatch.inventory.plan import with_alias
from netwatch.probes.sip import PROBE, SipParams
from tests.harness.peers import HERE, closed_port, tcp_peer, udp_peer
from tests.harness.probe_bench import Bench, running
from tests.harness.sip_answers import reply_to, response

pytestmark = pytest.mark.slow


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    async with running(PROBE) as bench:
        yield bench


STATUSES = [
    (200, {}, True, {"stack_alive": 1, "ready": 1}),
    (302, {}, True, {"stack_alive": 1}),
    (401, {}, True, {"stack_alive": 1}),
    (403, {}, True, {"stack_alive": 1}),
    (404, {}, True, {"stack_alive": 1}),
    (404, {"user": "8001"}, True, {"stack_alive": 1, "ready": 0}),
    (405, {}, True, {"stack_alive": 1}),
    (405, {"ready_codes": ["2xx", "405"]}, True, {"stack_alive": 1, "ready": 1}),
    (408, {}, False, {"stack_alive": 1, "ready": 0}),
    (480, {}, True, {"stack_alive": 1, "ready": 0}),
    (483, {}, True, {"stack_alive": 1}),
    (486, {}, True, {"stack_alive": 1, "ready": 0, "in_call": 1}),
    (501, {}, True, {"stack_alive": 1}),
    (503, {}, False, {"stack_alive": 1, "ready": 0}),
    (503, {"ok_codes": ["2xx", "503"]}, True, {"stack_alive": 1, "ready": 0}),
    (404, {"ok_codes": ["2xx"]}, False, {"stack_alive": 1}),
    (600, {}, True, {"stack_alive": 1, "ready": 0, "in_call": 1}),
    (603, {}, True, {"stack_alive": 1, "ready": 0}),
]


@pytest.mark.parametrize(("status", "keys", "good", "facts"), STATUSES)
async def test_each_status_is_kept_apart(
    bench: Bench, status: int, keys: dict[str, Any], good: bool, facts: dict[str, float]
) -> None:
    async with udp_peer(lambda request: [reply_to(request, f"{status} Why")]) as (port, _):
        result = await bench.measure(HERE, port=port, **keys)
    assert (result.outcome is Outcome.SUCCESS) == good
    assert result.reason is (Reason.OK if good else Reason.UNEXPECTED_ANSWER)
    assert bench.last == {"reachable": 1, "sip_status": status, **facts}
    assert result.detail == f"{status} Why"


async def test_a_closed_port_is_refused_and_not_a_timeout(bench: Bench) -> None:
    with closed_port() as port:
        result = await bench.measure(HERE, port=port)
    assert (result.outcome, result.reason) == (Outcome.FAILURE, Reason.REFUSED)
    assert bench.last == {"reachable": 1, "stack_alive": 0, "ready": 0}
    with closed_port(socket.SOCK_STREAM) as port:
        result = await bench.measure(HERE, port=port, transport="tcp")
    assert (result.outcome, result.reason) == (Outcome.FAILURE, Reason.REFUSED)


async def test_silence_is_asked_again_and_then_a_timeout(bench: Bench) -> None:
    async with udp_peer(lambda _: []) as (port, received):
        result = await bench.measure(HERE, timeout=1.8, port=port)
    assert (result.outcome, result.reason) == (Outcome.FAILURE, Reason.TIMEOUT)
    assert bench.last == {"stack_alive": 0, "ready": 0}  # reachable isn't known
    assert len(received) == 3  # at 0, 0.5 and 1.5 s
    assert len(set(received)) == 1


async def test_a_lost_request_is_made_good(bench: Bench) -> None:
    seen: list[bytes] = []

    def second_time(request: bytes) -> list[bytes]:
        seen.append(request)
        return [reply_to(request)] if len(seen) == 2 else []

    async with udp_peer(second_time) as (port, _):
        result = await bench.measure(HERE, port=port)
    assert result.outcome is Outcome.SUCCESS
    assert result.detail == "200 OK, asked 2 times"


async def test_provisional_and_foreign_answers_are_passed_over(bench: Bench) -> None:
    def reply(request: bytes) -> list[bytes]:
        return [
            response(),  # of another dialog
            b"\r\n\r\n",
            b"\xff\xfe garbage",
            request,
            reply_to(request, "100 Trying"),
            reply_to(request, "486 Busy Here", Content_Length="99"),  # cut short
            reply_to(request, "200 OK"),
            reply_to(request, "503 Too late"),
        ]

    async with udp_peer(reply) as (port, _):
        result = await bench.measure(HERE, port=port)
    assert (result.outcome, result.detail) == (Outcome.SUCCESS, "200 OK")


async def test_an_answer_from_another_address_is_not_seen(bench: Bench) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.7.0.2", 0))

        def reply(request: bytes) -> list[bytes]:
            via = request.partition(b"UDP ")[2].partition(b";")[0].decode()
            host, _, port = via.partition(":")
            other.sendto(reply_to(request), (host, int(port)))
            return []

        async with udp_peer(reply) as (port, received):
            result = await bench.measure(HERE, port=port)
    assert received
    assert result.reason is Reason.TIMEOUT


async def test_a_peer_that_babbles_is_not_listened_to_for_ever(bench: Bench) -> None:
    async with udp_peer(lambda _: [b"SIP/2.0 200 OK\r\n\r\n"] * 100) as (port, _):
        result = await bench.measure(HERE, timeout=5, port=port)
    assert (result.outcome, result.reason) == (Outcome.FAILURE, Reason.PROTOCOL_ERROR)
    assert bench.last == {"reachable": 1, "stack_alive": 0, "ready": 0}


async def _request(reader: asyncio.StreamReader) -> bytes:
    return await reader.readuntil(b"\r\n\r\n")


async def test_over_tcp_messages_are_told_apart_by_their_length(bench: Bench) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await _request(reader)
        body = "SIP/2.0 503 not a message\r\n\r\n"
        trying = reply_to(request, "183 Progress", Content_Length=str(len(body))) + body.encode()
        for octet in b"\r\n\r\n" + trying + reply_to(request, "486 Busy Here"):
            writer.write(bytes((octet,)))
            await writer.drain()

    async with tcp_peer(serve) as port:
        result = await bench.measure(HERE, port=port, transport="tcp")
    assert (result.outcome, result.detail) == (Outcome.SUCCESS, "486 Busy Here")
    assert bench.last["in_call"] == 1


BODY = "SIP/2.0 503 not a message\r\n\r\n"
LENGTH = f"Content-Length: {len(BODY)}\r\n\r\n{BODY}"


@pytest.mark.parametrize(
    "first",
    [
        "OPTIONS sip:a SIP/2.0\r\nVia: SIP/2.0/TCP a;branch=z\r\nContent-Length: 0\r\n\r\n",
        f"INVITE sip:a SIP/2.0\r\nCall-ID: 1\r\n{LENGTH}",
        f"NOTIFY sip:a SIP/2.0\r\nl: {len(BODY)}\r\n\r\n{BODY}",
        "MESSAGE sip:a SIP/2.0\r\nbroken\r\n\r\n",
        f"SIP/2.0 500 To another\r\nbroken\r\n{LENGTH}",
        "OPTIONS sip:a SIP/2.0\n\n" * 3,
    ],
)
async def test_what_a_peer_asks_us_before_it_answers_is_passed_over(
    bench: Bench, first: str
) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await _request(reader)
        writer.write(first.encode() + reply_to(request))
        await writer.drain()

    async with tcp_peer(serve) as port:
        result = await bench.measure(HERE, port=port, transport="tcp")
    assert (result.outcome, result.detail) == (Outcome.SUCCESS, "200 OK")


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        (b"OPTIONS sip:a SIP/2.0\r\n\r\n" * 99, Reason.PROTOCOL_ERROR),
        (b"INVITE sip:a SIP/2.0\r\nContent-Length: 999999\r\n\r\n", Reason.PROTOCOL_ERROR),
        (b"", Reason.RESET),
        (b"SIP/2.0 200", Reason.RESET),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", Reason.PROTOCOL_ERROR),
        (b"\r\n" * 100_000, Reason.PROTOCOL_ERROR),
        (b"x" * 100_000, Reason.PROTOCOL_ERROR),
        (b"SIP/2.0 200 OK\r\n" + b"x: y\r\n" * 100_000, Reason.PROTOCOL_ERROR),
        (response() * 100, Reason.PROTOCOL_ERROR),
    ],
)
async def test_hostile_streams_end_in_one_result(bench: Bench, sent: bytes, reason: Reason) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _request(reader)
        writer.write(sent)
        await writer.drain()

    async with tcp_peer(serve) as port:
        result = await bench.measure(HERE, port=port, transport="tcp")
    assert (result.outcome, result.reason) == (Outcome.FAILURE, reason)
    assert bench.last["stack_alive"] == 0


async def test_a_peer_that_accepts_and_says_nothing_is_silent(bench: Bench) -> None:
    async def serve(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async with tcp_peer(serve) as port:
        for transport in ("tcp", "tls"):
            result = await bench.measure(HERE, timeout=0.3, port=port, transport=transport)
            assert (result.outcome, result.reason) == (Outcome.FAILURE, Reason.SILENT)
            assert bench.last == {"reachable": 1, "stack_alive": 0, "ready": 0}


async def test_a_server_without_tls_is_a_protocol_error(bench: Bench) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"SIP/2.0 400 Bad Request\r\n\r\n")
        await writer.drain()

    async with tcp_peer(serve) as port:
        result = await bench.measure(HERE, port=port, transport="tls")
    assert (result.outcome, result.reason) == (Outcome.FAILURE, Reason.PROTOCOL_ERROR)


async def test_no_route_says_nothing_about_the_endpoint(bench: Bench) -> None:
    result = await bench.measure("255.255.255.255", transport="tcp")
    assert (result.outcome, result.reason) == (Outcome.INVALID, Reason.LOCAL_ERROR)
    assert bench.last == {}


def test_the_alias_of_a_target_is_whom_it_asks_for() -> None:
    assert with_alias(SipParams(), "8001").user == "8001"
    assert with_alias(SipParams(), None).user is None
    assert with_alias(SipParams(user="all"), "8001").user == "all"


def test_port_and_transport_tell_two_checks_apart() -> None:
    assert SipParams().qualifier == "5060/udp"
    assert SipParams(transport="tls").qualifier == "5061/tls"
    assert SipParams(transport="tcp", port=5080).qualifier == "5080/tcp"


@pytest.mark.parametrize("code", ["700", "1xx", "20x", "100", "two", "2000", "²00"])
def test_codes_are_final_statuses(code: str) -> None:
    with pytest.raises(ValueError, match="final status"):
        SipParams(ok_codes=(code,))

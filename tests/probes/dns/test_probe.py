from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, cast

import pytest
from pydantic import ValidationError

from netwatch.core.result import Result
from netwatch.probes.dns import PROBE, DnsParams
from tests.harness.servers import ADDRESS, Handler, dripping, measure, said, served, silent

pytestmark = pytest.mark.slow

Answers = Callable[[bytes], list[bytes]]
NAME = "haiduong.gov.vn"
ADDRESS_RECORD = b"\xc0\x0c" + struct.pack("!HHIH", 1, 1, 300, 4) + b"\x0a\x10\x00\x35"

OTHER_RECORD = b"\x05other\0" + ADDRESS_RECORD[2:]


def respond(query: bytes, flags: int = 0x8180, records: bytes = ADDRESS_RECORD) -> bytes:
    count = 1 if records else 0
    return query[:2] + struct.pack("!5H", flags, 1, count, 0, 0) + query[12:] + records


class Server(asyncio.DatagramProtocol):
    def __init__(self, answers: Answers) -> None:
        self.answers = answers
        self.heard: list[bytes] = []
        self.ports: list[int] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, source: tuple[str, int]) -> None:
        self.heard.append(data)
        self.ports.append(source[1])
        for answer in self.answers(data):
            self.transport.sendto(answer, source)


@asynccontextmanager
async def dns_server(
    answers: Answers, over_tcp: Handler = silent, address: str = ADDRESS
) -> AsyncIterator[tuple[int, Server]]:
    """On UDP and TCP of the same port."""
    async with served(over_tcp, address) as port:
        server = Server(answers)
        transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: server, local_addr=(address, port)
        )
        try:
            yield port, server
        finally:
            transport.close()


async def ask(answers: Answers, over_tcp: Handler = silent, **keys: object) -> Result:
    timeout = cast("float", keys.pop("timeout", 2.0))
    async with dns_server(answers, over_tcp) as (port, _):
        return await measure(PROBE, {"port": port, "name": NAME, **keys}, timeout=timeout)


@pytest.mark.parametrize("address", [ADDRESS, "::1"])
async def test_an_answer_is_a_success(address: str) -> None:
    async with dns_server(lambda query: [respond(query)], address=address) as (port, server):
        for _ in range(4):
            result = await measure(PROBE, {"port": port, "name": NAME}, address)
            assert said(result) == ("success", "ok")
    assert len({query[:2] for query in server.heard}) > 1, "the id is drawn"
    assert len(set(server.ports)) > 1, "and so is the port"


@pytest.mark.parametrize(
    ("answer", "keys", "reason", "detail"),
    [
        ((0x8180, ADDRESS_RECORD), {"answer": "10.16.0.53"}, "ok", ""),
        ((0x8180, ADDRESS_RECORD), {"answer": "10.16.0.54"}, "unexpected_answer", "10.16.0.53"),
        ((0x8180, b""), {"answer": "10.16.0.53"}, "unexpected_answer", "no record of type A"),
        ((0x8180, b""), {}, "unexpected_answer", "no record of type A"),
        ((0x8180, OTHER_RECORD), {}, "unexpected_answer", "no record of type A"),
        ((0x8183, b""), {}, "unexpected_answer", "NXDOMAIN instead of NOERROR"),
        ((0x8183, b""), {"rcode": "NXDOMAIN"}, "ok", ""),
        ((0x8180, b""), {"rcode": "NXDOMAIN"}, "unexpected_answer", "NOERROR instead of NXDOMAIN"),
        ((0x8180, ADDRESS_RECORD[:-1]), {}, "protocol_error", "a record is cut off"),
    ],
)
async def test_what_is_wanted(
    answer: tuple[int, bytes], keys: dict[str, Any], reason: str, detail: str
) -> None:
    result = await ask(lambda query: [respond(query, *answer)], **keys)
    assert (result.reason, result.detail) == (reason, detail)


async def test_what_is_no_answer_does_not_end_the_wait() -> None:
    def spoofed(query: bytes) -> list[bytes]:
        wrong = bytes([query[0] ^ 1]) + query[1:]
        other = query.replace(b"haiduong", b"hanoi-01")
        return [b"", b"\xff" * 50, respond(wrong), respond(other), query, respond(query)]

    assert said(await ask(spoofed)) == ("success", "ok")


async def test_a_flood_of_nonsense_ends_it() -> None:
    result = await ask(lambda _: [b"nonsense" * 9] * 150)
    assert said(result) == ("failure", "protocol_error")


async def test_silence_is_a_timeout() -> None:
    assert said(await ask(lambda _: [], timeout=0.3)) == ("failure", "timeout")


async def test_a_closed_port_is_refused() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as free:
        free.bind((ADDRESS, 0))
        port = free.getsockname()[1]
    result = await measure(PROBE, {"port": port, "name": NAME})
    assert said(result) == ("failure", "refused")
    assert result.detail == f"from {ADDRESS}"


def other(query: bytes) -> bytes:
    """An answer to what somebody else asked."""
    return respond(bytes([query[0] ^ 1]) + query[1:])


def over_tcp(make: Callable[[bytes], bytes]) -> Handler:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        length = int.from_bytes(await reader.readexactly(2), "big")
        writer.write(make(await reader.readexactly(length)))
        await reader.read()

    return answer


def framed(message: bytes) -> bytes:
    return len(message).to_bytes(2, "big") + message


@pytest.mark.parametrize(
    ("handler", "reason"),
    [
        (over_tcp(lambda query: framed(respond(query))), "ok"),
        (over_tcp(lambda query: framed(respond(query, 0x8380))), "protocol_error"),
        (over_tcp(framed), "protocol_error"),
        (over_tcp(lambda query: framed(other(query)) + framed(respond(query))), "ok"),
        (over_tcp(lambda query: framed(other(query)) * 99), "protocol_error"),
        (over_tcp(lambda query: framed(respond(query)[:-2])), "protocol_error"),
        (over_tcp(lambda query: b"\xff\xff" + query), "protocol_error"),
        (over_tcp(lambda query: b"\x01\x00" + query), "tarpit"),
        (silent, "silent"),
        (dripping, "tarpit"),
    ],
)
async def test_a_truncated_answer_is_asked_for_over_tcp(handler: Handler, reason: str) -> None:
    def truncated(query: bytes) -> list[bytes]:
        return [respond(query, 0x8380, b"")]

    result = await ask(truncated, handler, answer="10.16.0.53")
    assert result.reason == reason


@pytest.mark.parametrize(
    "keys",
    [
        {},
        {"name": "a..b"},
        {"name": "a\0b"},
        {"name": "a", "type": "ANY"},
        {"name": "a", "rcode": "NXDOMAIN", "answer": "1.2.3.4"},
    ],
)
def test_what_is_refused_at_load(keys: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        DnsParams.model_validate(keys)

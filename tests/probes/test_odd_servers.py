"""Servers whose answers are odd in their form or their time, each with its one right result."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from netwatch import probes
from netwatch.flows.block import block_in
from tests.harness.probe_bench import running
from tests.harness.servers import ADDRESS, NAME, Authority, Handler, measure, said, served

pytestmark = pytest.mark.slow

LONG = 60.0
"""Seconds that no machine needs."""

Chunks = tuple[bytes, ...]
"""What is sent, with a pause behind each."""


def says(*chunks: bytes, hears: bytes = b"", half: bool = False) -> Handler:
    """Sends its text in pieces; with ``half`` it then closes its own direction only."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if hears:
            await reader.readuntil(hears)
        for chunk in chunks:
            writer.write(chunk)
            await writer.drain()
            await asyncio.sleep(0.01)
        if half:
            writer.write_eof()
        await reader.read()

    return handle


async def ask(kind: str, handler: Handler, **keys: Any) -> tuple[str, str, str]:
    if kind == "http":
        keys = {"scheme": "http", **keys}
    async with served(handler) as port:
        probe = probes.kinds()[kind]
        result = await measure(probe, {"port": port, **keys}, timeout=LONG)
    return (*said(result), result.detail)


OK = ("success", "ok")
PAGE = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"


@pytest.mark.parametrize(
    "chunks",
    [
        (b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", PAGE),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n", PAGE),
        (b"HTTP/1.1 199 Unheard Of\r\n\r\n" * 15, PAGE),
        (b"HTTP/1.1 200 \r\nContent-Length: 5\r\n\r\nhello",),
        (b"HTTP/1.1 200\r\nContent-Length:5\r\n\r\nhello",),
        (b"HTTP/1.1 200 \xc4\x90\xc6\xb0\xe1\xbb\xa3c\r\ncontent-length:\t5\r\n\r\nhello",),
        (b"HTTP/1.0 200 OK\r\n\r\nhel", b"lo"),
        (b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", b"hello"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"5\r\nhello\r\n0\r\n\r\n"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n2;a=b\r\nhe\r\n003\r\nllo\r\n0\r\n",
         b"Expires: 0\r\nX-Sum: 1\r\n\r\n"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5 \r\nhello\r\n00;last\r\n\r\n",),
        (*(bytes((octet,)) for octet in PAGE),),
    ],
)  # fmt: skip
@pytest.mark.parametrize("half", [False, True], ids=["open", "half-closed"])
async def test_pages_that_are_there(chunks: Chunks, half: bool) -> None:
    until_close = b"Length" not in b"".join(chunks) and b"hunked" not in b"".join(chunks)
    if until_close and b"content-length" not in b"".join(chunks) and not half:
        return  # it ends with the connection
    found = await ask("http", says(*chunks, hears=b"\r\n\r\n", half=half), contains="hello")
    assert found == (*OK, "")


@pytest.mark.parametrize(
    "chunks",
    [
        (b"ICY 200 OK\r\n\r\nhello",),
        (b"HTTP/1.1 20 OK\r\n\r\nhello",),
        (b"HTTP/1.1 2000 OK\r\n\r\nhello",),
        (b"HTTP/1.1 -20 OK\r\n\r\nhello",),
        (b"HTTP/1.1 101 Switching Protocols\r\n\r\n", PAGE),
        (b"220 mail ESMTP\r\n",),
        (b"SSH-2.0-OpenSSH_9.2\r\n",),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n",),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n0\r\n\r\n",),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",),
        (b"HTTP/1.1 100 Continue\r\n\r\n" * 40, PAGE),
    ],
)
async def test_what_is_no_page_is_told_and_has_crossed(chunks: Chunks) -> None:
    async with served(says(*chunks, hears=b"\r\n\r\n", half=True)) as port:
        keys = {"port": port, "scheme": "http", "contains": "hello"}
        result = await measure(probes.kinds()["http"], keys, timeout=LONG)
    assert said(result) == ("failure", "protocol_error")
    assert result.detail.startswith("not HTTP: ")
    assert block_in(result) is None


@pytest.mark.parametrize(
    ("before", "reason"),
    [(b"", "reset"), (b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello", "protocol_error")],
)
async def test_a_server_that_closes_its_half_too_early(before: bytes, reason: str) -> None:
    found = await ask("http", says(before, hears=b"\r\n\r\n", half=True))
    assert found[:2] == ("failure", reason)


ALERTS = {
    b"\x02\x28": "HANDSHAKE_FAILURE",
    b"\x02\x46": "PROTOCOL_VERSION",
    b"\x02\x70": "UNRECOGNIZED_NAME",
    b"\x02\x50": "INTERNAL_ERROR",
    b"\x02\x47": "INSUFFICIENT_SECURITY",
}
"""Level and number (RFC 8446, section 6.2), and OpenSSL's word for it."""


@pytest.mark.parametrize("alert", ALERTS, ids=lambda alert: ALERTS[alert])
@pytest.mark.parametrize("kind", ["tls", "http"])
async def test_an_alert_in_answer_to_the_first_words(kind: str, alert: bytes) -> None:
    record = b"\x15\x03\x03\x00\x02" + alert
    keys = {"name": NAME} | ({"scheme": "https"} if kind == "http" else {})

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(record)
        await reader.read()

    async with served(handle) as port:
        result = await measure(probes.kinds()[kind], {"port": port, **keys}, timeout=LONG)
    assert said(result) == ("failure", "protocol_error")
    assert result.detail.startswith("TLS: ")
    assert ALERTS[alert] in result.detail
    assert block_in(result) is None


@pytest.mark.parametrize("kind", ["tls", "http"])
async def test_plain_text_where_tls_is_wanted(kind: str) -> None:
    keys = {"name": NAME} | ({"scheme": "https"} if kind == "http" else {})
    handler = says(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n", half=True)
    outcome, reason, detail = await ask(kind, handler, **keys)
    assert (outcome, reason) == ("failure", "protocol_error")
    assert detail.startswith("TLS: ")


@pytest.mark.parametrize(
    ("answer", "reason"),
    [(b"", "reset"), (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhe", "protocol_error")],
)
async def test_a_line_that_is_closed_in_order_in_the_middle(
    answer: bytes, reason: str, authority: Authority
) -> None:
    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        writer.close()  # close_notify first
        await writer.wait_closed()

    keys: dict[str, Any] = {"name": NAME, "ca": str(authority.bundle)}
    async with served(handle, tls=authority.context([NAME])) as port:
        result = await measure(probes.kinds()["http"], {"port": port, **keys}, timeout=LONG)
    assert said(result) == ("failure", reason)


EHLO = b"250-mail.test\r\n250 SIZE\r\n"


@pytest.mark.parametrize(
    ("greeting", "hello"),
    [
        ((b"220-mail.test ESMTP\r\n", b"220-we do not\r\n220 relay\r\n"), EHLO),
        ((b"220-\r\n220\r\n",), EHLO),
        ((b"2", b"2", b"0 mail\r", b"\n"), EHLO),
        ((b"220 mail\n",), b"250 mail\n"),
        ((b"220 M\xc3\xa1y ch\xe1\xbb\xa7\r\n",), b"250-\xff\xfe\r\n250 ok\r\n"),
        ((b"220 " + b"x" * 508 + b"\r\n",), EHLO),
    ],
)
async def test_mail_servers_with_greetings_of_many_kinds(greeting: Chunks, hello: bytes) -> None:
    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for chunk in greeting:
            writer.write(chunk)
            await asyncio.sleep(0.01)
        await reader.readuntil(b"\r\n")
        writer.write(hello)
        await reader.read()

    assert (await ask("smtp", handle))[:2] == OK


async def test_what_a_mail_server_says_in_plain_before_tls_is_no_word_of_tls(
    authority: Authority,
) -> None:
    """Octets behind the 220 were sent before anybody was proven (CVE-2011-0411)."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail\r\n")
        await reader.readuntil(b"\r\n")
        writer.write(b"250 STARTTLS\r\n")
        await reader.readuntil(b"\r\n")
        writer.write(b"220 go\r\n250 and more in plain\r\n")
        await reader.read()

    keys = {"starttls": True, "name": NAME, "ca": str(authority.bundle)}
    outcome, reason, _ = await ask("smtp", handle, **keys)
    assert (outcome, reason) == ("failure", "protocol_error")


QUESTION = "www.a.test"
A_RECORD = struct.pack("!HHIH", 1, 1, 60, 4) + b"\x0a\0\0\x01"


def named(name: str) -> bytes:
    return b"".join(bytes((len(part),)) + part.encode() for part in name.split(".")) + b"\0"


def alias(name: str, other: str) -> bytes:
    return named(name) + struct.pack("!HHIH", 5, 1, 60, len(named(other))) + named(other)


def records(query: bytes, *found: bytes, flags: int = 0x8180) -> bytes:
    head = query[:2] + struct.pack("!5H", flags, 1, len(found), 0, 0)
    return head + query[12:] + b"".join(found)


Dns = Callable[[bytes], bytes]
WHOLE: Dns = lambda q: records(q, named(QUESTION) + A_RECORD)  # noqa: E731


async def ask_dns(over_udp: Dns, over_tcp: Handler) -> tuple[str, str]:
    async with served(over_tcp) as port:
        loop = asyncio.get_running_loop()

        class Server(asyncio.DatagramProtocol):
            def connection_made(self, transport: asyncio.BaseTransport) -> None:
                self.transport = transport

            def datagram_received(self, data: bytes, source: tuple[str, int]) -> None:
                self.transport.sendto(over_udp(data), source)  # type: ignore[attr-defined]

        transport, _ = await loop.create_datagram_endpoint(Server, local_addr=(ADDRESS, port))
        try:
            keys = {"port": port, "name": QUESTION}
            result = await measure(probes.kinds()["dns"], keys, timeout=LONG)
        finally:
            transport.close()
    return said(result)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (WHOLE, "ok"),
        (lambda q: records(q, alias(QUESTION, "b.test"), named("b.test") + A_RECORD), "ok"),
        (
            lambda q: records(
                q, named("c.test") + A_RECORD, alias("b.test", "c.test"), alias(QUESTION, "b.test")
            ),
            "ok",
        ),
        (lambda q: records(q, alias(QUESTION, "WWW.B.Test"), named("www.b.test") + A_RECORD), "ok"),
        (lambda q: records(q, alias(QUESTION, "b.test")), "unexpected_answer"),
        (lambda q: records(q, alias(QUESTION, QUESTION)), "unexpected_answer"),
        (lambda q: records(q, named("other.test") + A_RECORD), "unexpected_answer"),
        (lambda q: records(q, flags=0x8180), "unexpected_answer"),
        (lambda q: records(q, flags=0x8183), "unexpected_answer"),
        (lambda q: records(q, flags=0x8182), "unexpected_answer"),
        (lambda q: records(q.upper(), named(QUESTION) + A_RECORD), "ok"),
    ],
)
async def test_records_by_way_of_other_names(answer: Dns, reason: str) -> None:
    assert (await ask_dns(answer, says()))[1] == reason


def over_tcp(*pieces: Callable[[bytes], bytes], half: bool = False) -> Handler:
    """Answers a question over TCP in pieces."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        query = await reader.readexactly(int.from_bytes(await reader.readexactly(2), "big"))
        for piece in pieces:
            writer.write(piece(query))
            await writer.drain()
            await asyncio.sleep(0.01)
        if half:
            writer.write_eof()
        await reader.read()

    return handle


def framed(query: bytes) -> bytes:
    return len(WHOLE(query)).to_bytes(2, "big") + WHOLE(query)


@pytest.mark.parametrize(
    ("handler", "reason"),
    [
        (over_tcp(framed), "ok"),
        (over_tcp(framed, half=True), "ok"),
        (
            over_tcp(lambda q: framed(q)[:1], lambda q: framed(q)[1:9], lambda q: framed(q)[9:]),
            "ok",
        ),
        (over_tcp(lambda q: framed(q) + framed(q)), "ok"),
        (over_tcp(lambda q: framed(q)[:9], half=True), "reset"),
        (over_tcp(lambda _: b"\0\0", half=True), "protocol_error"),
        (over_tcp(half=True), "reset"),
    ],
)
async def test_a_truncated_answer_is_fetched_whole(handler: Handler, reason: str) -> None:
    found = await ask_dns(lambda q: records(q, flags=0x8380), handler)
    assert found[1] == reason


Stun = Callable[[bytes], Chunks]
MAPPED = bytes.fromhex("002000080001a147") + bytes.fromhex("e112a643")


def stun(kind: int, request: bytes, attributes: bytes = b"", cut: int = 20) -> bytes:
    head = kind.to_bytes(2, "big") + len(attributes).to_bytes(2, "big")
    return head + request[4:cut] + bytes(20 - cut) + attributes


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        (lambda r: (stun(0x0101, r, MAPPED),), "ok"),
        (lambda r: tuple(bytes((octet,)) for octet in stun(0x0101, r, MAPPED)), "ok"),
        (lambda r: (stun(0x0011, r) + stun(0x0101, r, MAPPED),), "ok"),
        (lambda r: (stun(0x0101, r, MAPPED, cut=12), stun(0x0101, r, MAPPED)), "ok"),
        (lambda r: (stun(0x0101, r, MAPPED) * 2,), "ok"),
        (lambda r: (stun(0x0011, r) * 40,), "protocol_error"),
        (lambda r: (b"\x40\x01\x00\x10" + bytes(16),), "protocol_error"),
        (lambda r: (b"\x16\x03\x01" + bytes(40),), "protocol_error"),
    ],
)
async def test_messages_of_stun_over_tcp(answers: Stun, reason: str) -> None:
    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await reader.readexactly(28)
        for chunk in answers(request):
            writer.write(chunk)
            await writer.drain()
        await reader.read()

    _, said_reason, _ = await ask("stun", handle, transport="tcp")
    assert said_reason == reason


CAMERA = b"RTSP/1.0 200 OK\r\nCSeq: %d\r\nPublic: OPTIONS\r\n\r\n"


@pytest.mark.parametrize(
    "answer",
    [
        CAMERA,
        CAMERA.replace(b"\r\n", b"\n"),
        CAMERA.replace(b"OK", b"").replace(b"200 ", b"200"),
        b"\r\n" + CAMERA,
        CAMERA.replace(b"RTSP/1.0", b"RTSP/2.0"),
        b"RTSP/1.0 401 Unauthorized\r\nCSeq: 0\r\nWWW-Authenticate: Digest x\r\n\r\n",
    ],
)
@pytest.mark.parametrize("half", [False, True])
async def test_cameras_that_are_alive(answer: bytes, half: bool) -> None:
    found = await ask("rtsp", says(answer.replace(b"%d", b"1"), hears=b"\r\n\r\n", half=half))
    assert found[:2] == OK


@pytest.fixture
async def unread() -> AsyncIterator[int]:
    """A listener that never accepts; the kernel does."""
    with socket.create_server((ADDRESS, 0)) as listener:
        yield listener.getsockname()[1]


async def test_who_never_reads_and_never_speaks_is_silent(unread: int) -> None:
    async with running(probes.kinds()["http"]) as bench:
        result = await bench.measure(ADDRESS, timeout=1.0, port=unread, scheme="http")
    assert said(result) == ("failure", "silent")

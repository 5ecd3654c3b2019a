"""Clients that mean no good, or are merely broken."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterator

import pytest

from netwatch.core.errors import StartError
from netwatch.web.app import create_app
from netwatch.web.listener import open_listener
from netwatch.web.server import serve
from tests.harness.status_source import FakeSource

pytestmark = pytest.mark.slow

GET = b"GET /-/healthy HTTP/1.1\r\nHost: x\r\n\r\n"


async def talk(port: int, request: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    try:
        return await asyncio.wait_for(reader.read(), 10)
    finally:
        writer.close()


async def test_a_connection_serves_one_exchange(port: int) -> None:
    answer = await talk(port, GET + GET)
    assert answer.count(b"HTTP/1.1 200 OK") == 1


@pytest.mark.parametrize(
    "request_",
    [
        b"GET /" + b"a" * 5000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + b"a" * 9000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n" + b"A: b\r\n" * 5000 + b"\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"GET / HTTP/1.1\r\nbroken header\r\n\r\n",
    ],
)
async def test_broken_and_oversized_requests_are_refused(
    port: int, request_: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await talk(port, request_)
    assert answer.startswith((b"HTTP/1.1 400 ", b"HTTP/1.0 400 "))
    assert b"Traceback" not in answer
    assert not caplog.records
    assert (await talk(port, GET)).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize(
    "body", [b"Content-Length: 1000000000\r\n\r\n", b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello"]
)
async def test_no_body_is_waited_for(port: int, body: bytes) -> None:
    answer = await talk(port, b"GET /metrics HTTP/1.1\r\nHost: x\r\n" + body)
    assert answer.startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize("start", [b"", b"GET /", b"GET / HTTP/1.1\r\nHost: x\r\n"])
async def test_slow_senders_are_cut(hasty_port: int, start: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", hasty_port)
    began = time.monotonic()
    writer.write(start)

    async def drip() -> None:
        while True:
            await asyncio.sleep(0.1)
            writer.write(b"x" if start else b"")

    dripping = asyncio.create_task(drip())
    try:
        with pytest.raises(ConnectionResetError):
            await asyncio.wait_for(reader.read(1), 10)
    finally:
        dripping.cancel()
        writer.close()
    assert time.monotonic() - began >= 0.9


async def test_slow_readers_are_cut(
    hasty_port: int, source: FakeSource, caplog: pytest.LogCaptureFixture
) -> None:
    source.text = b"netwatch_up 1.0\n" * 2_000_000
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.setblocking(False)
        loop = asyncio.get_running_loop()
        await loop.sock_connect(client, ("127.0.0.1", hasty_port))
        await loop.sock_sendall(client, b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
        received = 0

        async def read_slowly() -> None:
            nonlocal received
            while data := await asyncio.wait_for(loop.sock_recv(client, 4096), 10):
                received += len(data)
                await asyncio.sleep(0.1)

        with pytest.raises(ConnectionResetError):
            await read_slowly()
        assert 0 < received < len(source.text)
    assert not caplog.records


async def test_stop_cuts_what_does_not_end() -> None:
    class Stuck(FakeSource):
        async def metrics(self) -> AsyncIterator[bytes]:
            await asyncio.Event().wait()
            yield b""

    listener = open_listener("127.0.0.1", 0)
    port = listener.getsockname()[1]
    async with asyncio.timeout(5), serve(create_app(Stuck()), listener):
        stuck = asyncio.create_task(talk(port, b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n"))
        idle, writer = await asyncio.open_connection("127.0.0.1", port)
        assert (await talk(port, GET)).startswith(b"HTTP/1.1 200 ")
    for cut in (stuck, idle.read()):
        with pytest.raises(ConnectionResetError):
            await cut
    writer.close()
    with pytest.raises(ConnectionRefusedError):
        await talk(port, GET)


def test_port_in_use() -> None:
    with open_listener("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with pytest.raises(StartError, match=f"can't listen on 127.0.0.1:{port}: Address already"):
            open_listener("127.0.0.1", port)


def test_ipv6() -> None:
    with open_listener("::1", 0) as listener:
        assert listener.getsockname()[0] == "::1"

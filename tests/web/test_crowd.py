"""A true client among a thousand that are silent, trickle, or don't read."""

from __future__ import annotations

import asyncio
import socket
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from netwatch.web.app import create_app
from netwatch.web.connections import ConnectionLimits
from netwatch.web.listener import open_listener
from netwatch.web.server import serve
from tests.harness.crowd import crowd
from tests.harness.served import TLS, make_certificates, served, until
from tests.harness.status_source import FakeSource
from tests.web.client import fetch
from tests.web.test_metrics import SlowReader, resident

pytestmark = pytest.mark.slow

SCRAPES = 20
MEBIBYTE = 1024 * 1024


async def enter(stack: ExitStack, mode: str, port: int, count: int) -> None:
    await asyncio.to_thread(stack.enter_context, crowd(mode, port, count))


async def test_every_scrape_succeeds_among_idle_and_trickling_clients(tmp_path: Path) -> None:
    async with served(tmp_path) as server:
        await fetch(server.port, "/metrics")
        before = resident()
        with ExitStack() as stack:
            await enter(stack, "idle", server.port, 1000)
            await enter(stack, "trickle", server.port, 1000)
            for _ in range(SCRAPES):
                response, body = await fetch(server.port, "/metrics")
                assert (response.status, body) == (200, FakeSource.text)
                await asyncio.sleep(0.2)
            open_now = server.value("netwatch_web_connections")
            assert open_now is not None
            assert 0 < open_now <= ConnectionLimits().connections
            assert server.refused("displaced") >= 2000 - ConnectionLimits().connections
            assert resident() - before < 50 * MEBIBYTE


async def test_every_scrape_succeeds_among_clients_that_do_not_read(tmp_path: Path) -> None:
    source = FakeSource(text=b"netwatch_up 1.0\n" * 200_000)
    async with served(tmp_path, source=source) as server:
        with ExitStack() as stack:
            await enter(stack, "unread", server.port, 400)
            for _ in range(SCRAPES):
                response, body = await fetch(server.port, "/metrics")
                assert (response.status, len(body)) == (200, len(source.text))
            assert server.refused("displaced") + server.refused("full") > 0


async def test_who_never_agrees_on_tls_is_one_of_the_connections(tmp_path: Path) -> None:
    tls = make_certificates(tmp_path)
    async with served(tls, TLS) as server:
        with ExitStack() as stack:
            await enter(stack, "hello", server.port, 1000)

            async def has_displaced() -> bool:
                return server.refused("displaced") >= 1000

            await until(has_displaced)
            open_now = server.value("netwatch_web_connections")
            assert open_now is not None
            assert open_now <= ConnectionLimits().connections


async def test_a_client_that_reads_slowly_but_reads_is_kept() -> None:
    source = FakeSource(text=b"netwatch_up 1.0\n" * 100_000)
    limits = ConnectionLimits(progress_time=3.0, progress_octets=1024)
    listener = open_listener("127.0.0.1", 0)
    port = listener.getsockname()[1]
    async with serve(create_app(source), listener, limits=limits):
        with socket.socket() as client:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.setblocking(False)
            loop = asyncio.get_running_loop()
            await loop.sock_connect(client, ("127.0.0.1", port))
            await loop.sock_sendall(client, b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n")
            began, received = time.monotonic(), 0
            while data := await loop.sock_recv(client, 65536):
                received += len(data)
                # Three times as long as a client may stand still, if it were taken as a whole.
                if time.monotonic() - began < 3 * limits.progress_time:
                    await asyncio.sleep(0.1)
    assert received > len(source.text)


async def test_the_end_waits_for_nobody_who_does_not_read() -> None:
    source = FakeSource(text=b"netwatch_up 1.0\n" * 1_000_000)
    listener = open_listener("127.0.0.1", 0)
    port = listener.getsockname()[1]
    readers = [SlowReader(port) for _ in range(100)]
    async with serve(create_app(source), listener):
        await asyncio.gather(*(reader.ask() for reader in readers))
        await asyncio.gather(*(reader.begin() for reader in readers))
    # All were cut: nobody still has the page, which nobody has read.
    for reader in readers:
        assert await reader.read() < len(source.text)
        reader.close()

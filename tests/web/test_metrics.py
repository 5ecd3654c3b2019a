"""``/metrics`` under the clients it has, and under those that it should survive."""

from __future__ import annotations

import asyncio
import gzip
import mmap
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from netwatch.web import body
from netwatch.web.app import create_app
from netwatch.web.listener import open_listener
from netwatch.web.server import serve
from tests.harness.status_source import BLOCK, FakeSource
from tests.web.client import fetch

pytestmark = pytest.mark.slow

TEXT_FORMAT = "text/plain; version=0.0.4; charset=utf-8"

# As Prometheus sends them: 2.42 and 3.5.
PROMETHEUS_2 = (
    "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
    "text/plain;version=0.0.4;q=0.5,*/*;q=0.1"
)
PROMETHEUS_3 = (
    "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,"
    "application/openmetrics-text;version=0.0.1;q=0.4,"
    "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1"
)


@pytest.mark.parametrize("accept", [PROMETHEUS_2, PROMETHEUS_3, "*/*", "application/json", ""])
async def test_the_type_names_the_format_whatever_is_asked_for(port: int, accept: str) -> None:
    headers = {"Accept": accept, "Accept-Encoding": "gzip", "User-Agent": "Prometheus/2.42.0"}
    response, packed = await fetch(port, "/metrics", **headers)
    assert response.status == 200
    assert response.headers["Content-Type"] == TEXT_FORMAT
    assert gzip.decompress(packed) == FakeSource.text


async def test_plain_packed_and_head(port: int, source: FakeSource) -> None:
    source.text = b"netwatch_up 1.0\n" * 50_000
    plain, text = await fetch(port, "/metrics")
    assert text == source.text
    assert "Content-Encoding" not in plain.headers
    packed, small = await fetch(port, "/metrics", **{"Accept-Encoding": "gzip, deflate"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Content-Type"] == plain.headers["Content-Type"]
    assert packed.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
    assert len(small) < len(text) / 10
    assert gzip.decompress(small) == source.text
    head, nothing = await fetch(port, "/metrics", "HEAD")
    assert nothing == b""
    assert head.headers["Content-Length"] == plain.headers["Content-Length"] == str(len(text))


async def test_a_part_is_made_of_its_own_and_others_are_not_there(
    port: int, source: FakeSource
) -> None:
    response, text = await fetch(port, "/metrics?part=echoes-1-of-2")
    assert (response.status, text) == (200, source.text)
    assert response.headers["Content-Type"] == TEXT_FORMAT
    assert source.parts == ["echoes-1-of-2"]
    for wrong in ("", "echoes-3-of-2", "x" * 100):
        response, text = await fetch(port, f"/metrics?part={wrong}")
        assert (response.status, text[:12]) == (404, b"no such part")
    assert source.parts == ["echoes-1-of-2"]


class Held(FakeSource):
    """A source whose page is made when the test lets it go."""

    def __init__(self) -> None:
        super().__init__()
        self.begun = asyncio.Event()
        self.go = asyncio.Event()
        self.under_way = False

    async def metrics(self) -> AsyncIterator[bytes]:
        self.begun.set()
        assert not self.under_way, "a page of two moments"
        self.under_way = True
        await self.go.wait()
        async for block in super().metrics():
            yield block
        self.under_way = False


@asynccontextmanager
async def served(source: FakeSource) -> AsyncIterator[int]:
    listener = open_listener("127.0.0.1", 0)
    port = listener.getsockname()[1]
    async with serve(create_app(source), listener):
        yield port


async def test_concurrent_scrapes_share_one_render() -> None:
    source = Held()
    async with served(source) as port:
        plain = [asyncio.create_task(fetch(port, "/metrics")) for _ in range(8)]
        packed = [
            asyncio.create_task(fetch(port, "/metrics", **{"Accept-Encoding": "gzip"}))
            for _ in range(8)
        ]
        await source.begun.wait()
        # One who gives up must not take the page from the others.
        plain[0].cancel()
        source.go.set()
        answers = await asyncio.gather(*plain[1:], *packed)
        assert {response.status for response, _ in answers} == {200}
        assert source.renders <= 2
        shared = source.renders
        await fetch(port, "/metrics")
        assert source.renders == shared + 1, "a later scrape got an old page"


class SlowReader:
    """A client that asks for a page and then reads nothing until told to."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self._socket.setblocking(False)

    async def ask(self) -> None:
        loop = asyncio.get_running_loop()
        await loop.sock_connect(self._socket, ("127.0.0.1", self._port))
        await loop.sock_sendall(self._socket, b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")

    async def begin(self) -> None:
        """Return when the answer has begun."""
        await asyncio.get_running_loop().sock_recv(self._socket, 1)

    async def read(self) -> int:
        """How many bytes there are until the end or the reset."""
        loop = asyncio.get_running_loop()
        received = 0
        try:
            while data := await asyncio.wait_for(loop.sock_recv(self._socket, 1 << 20), 20):
                received += len(data)
        except ConnectionResetError:
            pass
        return received

    def close(self) -> None:
        self._socket.close()


async def test_slow_readers_of_old_pages_give_way_to_new_ones(
    port: int, source: FakeSource, caplog: pytest.LogCaptureFixture
) -> None:
    source.text = b"netwatch_up 1.0\n" * 1_000_000
    readers = [SlowReader(port) for _ in range(body.MAX_VERSIONS + 2)]
    try:
        for reader in readers:
            await reader.ask()
            await reader.begin()
        assert source.renders == len(readers)
        received = await asyncio.gather(*(reader.read() for reader in readers))
    finally:
        for reader in readers:
            reader.close()
    whole = [count > len(source.text) for count in received]
    assert whole == [False] * 2 + [True] * body.MAX_VERSIONS
    _, text = await fetch(port, "/metrics")
    assert text == source.text
    assert not caplog.records


async def test_slow_readers_share_the_page_that_they_read() -> None:
    source = Held()
    source.text = b"netwatch_up 1.0\n" * 1_000_000
    async with served(source) as port:
        readers = [SlowReader(port) for _ in range(100)]
        await asyncio.gather(*(reader.ask() for reader in readers))
        await source.begun.wait()
        before = resident()
        source.go.set()
        await asyncio.gather(*(reader.begin() for reader in readers))
        grown = resident() - before
        for reader in readers:
            reader.close()
    assert source.renders <= body.MAX_VERSIONS
    # A copy for each would be a hundred pages.
    blocks = len(readers) * 4 * BLOCK
    assert grown < body.MAX_VERSIONS * len(source.text) + blocks


async def test_a_client_that_hangs_up_while_the_page_is_made_is_no_error(
    caplog: pytest.LogCaptureFixture,
) -> None:
    source = Held()
    async with served(source) as port:
        reader = SlowReader(port)
        await reader.ask()
        await source.begun.wait()
        reader.close()
        await fetch(port, "/-/healthy")  # until then the server knows
        source.go.set()
        _, text = await fetch(port, "/metrics")
    assert text == source.text
    assert not caplog.records


async def test_the_kernel_takes_little_for_a_client_that_does_not_read(
    port: int, source: FakeSource
) -> None:
    source.text = b"netwatch_up 1.0\n" * 1_000_000
    reader = SlowReader(port)
    await reader.ask()
    await reader.begin()
    await asyncio.sleep(0.5)
    queued = unread(port)
    reader.close()
    assert 0 < queued < 512 * 1024


def unread(port: int) -> int:
    """Bytes that the kernel holds for the clients of this port."""
    lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return sum(int(line[4][:8], 16) for line in lines if line[1].endswith(f":{port:04X}"))


def resident() -> int:
    """Bytes of memory that this process has."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * mmap.PAGESIZE

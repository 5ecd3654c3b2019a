"""Servers of the tests' own, that answer as they are told."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import cast

Reply = Callable[[bytes], list[bytes]]
Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

HERE = "127.7.0.1"


class _Peer(asyncio.DatagramProtocol):
    def __init__(self, reply: Reply) -> None:
        self._reply = reply
        self.received: list[bytes] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, source: tuple[str, int]) -> None:
        self.received.append(data)
        for answer in self._reply(data):
            self._transport.sendto(answer, source)


@asynccontextmanager
async def udp_peer(reply: Reply, address: str = HERE) -> AsyncIterator[tuple[int, list[bytes]]]:
    """Answers each datagram with what `reply` gives; yields its port, and what it received."""
    transport, peer = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: _Peer(reply), local_addr=(address, 0)
    )
    try:
        yield transport.get_extra_info("sockname")[1], peer.received
    finally:
        transport.close()


@asynccontextmanager
async def tcp_peer(serve: Serve, address: str = HERE) -> AsyncIterator[int]:
    """Serves each connection with `serve`, then hangs up; yields its port."""
    tasks: set[asyncio.Task[None]] = set()

    async def attend(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            await serve(reader, writer)
        except (ConnectionError, asyncio.CancelledError):
            pass  # the probe has hung up, or the test is over
        finally:
            writer.close()

    server = await asyncio.start_server(attend, address, 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@contextmanager
def closed_port(kind: socket.SocketKind = socket.SOCK_DGRAM) -> Iterator[int]:
    """A port that nobody listens on."""
    with socket.socket(socket.AF_INET, kind) as holder:
        holder.bind((HERE, 0))
        port = holder.getsockname()[1]
    yield port

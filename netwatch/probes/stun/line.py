"""A way to a STUN server, over UDP or over a connection, on which one question follows another."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Protocol

from netwatch.probes.datagram import Datagrams
from netwatch.probes.endpoint import BabbleError
from netwatch.probes.stream import conversation
from netwatch.probes.stun.message import HEADER, MAX_LENGTH, Answer, length_of
from netwatch.probes.stun.params import StunParams

Accept = Callable[[bytes], Answer | None]
"""Takes the response to a question, and nothing else."""


class Line(Protocol):
    """Where questions are asked."""

    async def ask(self, request: bytes, accept: Accept) -> Answer:
        """The response; PeerError, EOFError and OSError may come out of it."""

    async def send(self, data: bytes) -> None:
        """Send once, and wait for no answer."""


@asynccontextmanager
async def line_to(address: str, params: StunParams) -> AsyncIterator[Line]:
    """A line; with the end of a connection its allocations end, too (RFC 8656, section 3.1)."""
    port = params.destination_port
    if params.transport == "udp":
        with Datagrams(address, port) as datagrams:
            yield _Datagrams(datagrams)
        return
    tls = params.transport == "tls"
    async with conversation(address, port, tls=tls, limit=MAX_LENGTH) as (reader, writer):
        yield _Stream(reader, writer)


class _Datagrams:
    def __init__(self, datagrams: Datagrams) -> None:
        self._datagrams = datagrams

    async def ask(self, request: bytes, accept: Accept) -> Answer:
        return (await self._datagrams.ask(request, accept)).content

    async def send(self, data: bytes) -> None:
        await self._datagrams.send(data)


class _Stream:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def ask(self, request: bytes, accept: Accept) -> Answer:
        self._writer.write(request)
        header = await self._reader.readexactly(HEADER)
        if length_of(header) > MAX_LENGTH:
            raise BabbleError
        answer = accept(header + await self._reader.readexactly(length_of(header)))
        if answer is None:
            raise BabbleError
        return answer

    async def send(self, data: bytes) -> None:
        self._writer.write(data)

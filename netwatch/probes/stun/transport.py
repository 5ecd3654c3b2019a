"""How requests reach a STUN server: over UDP, TCP or TLS, one after the other."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Protocol

from netwatch.net.connection import Connection
from netwatch.net.datagrams import Datagrams
from netwatch.net.errors import NoAnswerError
from netwatch.net.peer import Peer
from netwatch.net.trust import any_certificate
from netwatch.probes.stun.message import (
    HEADER,
    MAX_LENGTH,
    StunResponse,
    is_header,
    length_of,
)
from netwatch.probes.stun.params import StunParams

_MAX_MESSAGES = 16
"""Messages of a stream that may come before the response: indications, and late answers."""

Accept = Callable[[bytes], StunResponse | None]
"""Takes the response to a request, and nothing else."""


class StunTransport(Protocol):
    """A way to one server. With it the allocations on a connection end (RFC 8656, section 3.1)."""

    async def ask(self, request: bytes, accept: Accept) -> StunResponse:
        """The response; may raise NetworkError."""

    async def send(self, data: bytes) -> None:
        """Send once, and wait for no answer; may raise NetworkError."""


@asynccontextmanager
async def transport_to(peer: Peer, params: StunParams) -> AsyncIterator[StunTransport]:
    """The transport that a check wants."""
    port = params.destination_port
    if params.transport == "udp":
        with Datagrams(peer.address, port) as datagrams:
            yield _Udp(peer, datagrams)
        return
    connection = await peer.connect(port)
    if params.transport == "tls":
        await connection.start_tls(any_certificate(), peer.address)
    yield _Stream(connection)


class _Udp:
    def __init__(self, peer: Peer, datagrams: Datagrams) -> None:
        self._peer = peer
        self._datagrams = datagrams

    async def ask(self, request: bytes, accept: Accept) -> StunResponse:
        response = (await self._datagrams.ask(request, accept)).content
        self._peer.note_answer()
        return response

    async def send(self, data: bytes) -> None:
        await self._datagrams.send(data)


class _Stream:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def ask(self, request: bytes, accept: Accept) -> StunResponse:
        self._connection.write(request)
        for _ in range(_MAX_MESSAGES):
            header = await self._connection.read_exactly(HEADER)
            if length_of(header) > MAX_LENGTH or not is_header(header):
                break
            response = accept(header + await self._connection.read_exactly(length_of(header)))
            if response is not None:
                return response
        raise NoAnswerError

    async def send(self, data: bytes) -> None:
        self._connection.write(data)

"""Asks one HTTP server (RFC 9110, RFC 9112), and takes no more from it than is needed.

A connection leads to the given address and nowhere else. No name is looked up, so nobody can turn
a request against another host by what a name server says or where a page redirects to. A question
is asked once: a server that hangs up in its place has failed.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import NamedTuple

from netwatch.core.result import Reason
from netwatch.net.connection import Connection
from netwatch.net.errors import NetworkError
from netwatch.net.http.body import is_until_close, read_body
from netwatch.net.http.content import unpack
from netwatch.net.http.head import MAX_LINE_OCTETS, HttpHeaders, ResponseHead, not_http, read_head
from netwatch.net.http.place import Place, redirect
from netwatch.net.names import plain_name
from netwatch.net.peer import Peer
from netwatch.net.trust import trust_now

MAX_INTERIM_RESPONSES = 16
"""Responses of status 1xx before the real one."""

_HEADERS = {"Accept": "*/*", "Accept-Encoding": "identity", "User-Agent": "netwatch"}


@dataclass(frozen=True, slots=True)
class HttpServer:
    """Who is asked, at a peer's address.

    Attributes:
        scheme: ``http`` or ``https``.
        name: what it is called, in the Host header and in the certificate.
        ca: path of the authorities' certificates, or ``system``.
    """

    scheme: str
    port: int
    name: str
    ca: str


class Phases(NamedTuple):
    """Seconds of each phase of a request.

    Attributes:
        connect: until there was a connection, with TLS; 0 when the former one was kept.
        wait: from then until the header of the answer was in.
        transfer: from then until the end of the body.
    """

    connect: float
    wait: float
    transfer: float


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """What came back.

    Attributes:
        headers: their names have no case.
        body: its beginning, as far as it was wanted, unpacked where that could be done.
        whole: the body ends there.
        packed: how the body is packed, if it could not be unpacked; else empty.
        certificate_end: when the server's certificates end to be valid, Unix seconds; None
            without TLS.
        phases: of the last request, redirects followed.
    """

    status: int
    headers: HttpHeaders
    body: bytes
    whole: bool
    packed: str
    certificate_end: float | None
    phases: Phases


class HttpClient:
    """Asks one request after the other; made by ``http_client``."""

    def __init__(self, peer: Peer, server: HttpServer, *, keep: bool) -> None:
        self._peer = peer
        self._server = server
        self._name = plain_name(server.name)
        self._keep = keep
        self._kept: tuple[Connection, Place] | None = None

    async def get(
        self,
        path: str,
        *,
        max_body: int,
        headers: Mapping[str, str] | None = None,
        redirects: int = 0,
    ) -> HttpResponse:
        """Ask for a page.

        Args:
            path: with the query, as in a URL.
            max_body: octets of the body that are read.
            headers: besides those that every request has.
            redirects: how many may be followed, all of them to the same host.

        Raises:
            NetworkError: there is no answer, or what the server says is not HTTP.
        """
        server = self._server
        place = Place(server.scheme, self._name, server.port, path)
        for left in range(redirects, -1, -1):
            begin = time.monotonic()
            connection = await self._connection(place)
            connected = time.monotonic()
            head = await self._ask(connection, place, headers or {})
            answered = time.monotonic()
            following = redirect(head, place) if left else None
            if following is None:
                moments = begin, connected, answered
                return await self._read(connection, place, head, max_body, moments)
            self._peer.note_answer(f"status {head.status}; then")
            connection.abort()
            place = following
        raise AssertionError  # the last round never follows

    async def send(
        self, method: str, path: str, content: bytes, *, content_type: str, max_body: int
    ) -> HttpResponse:
        """Send something, once; where the answer leads is not followed.

        Args:
            method: ``POST``, ``PUT`` or ``DELETE``.
            path: with the query, as in a URL.
            content: what is sent; may be empty.
            content_type: of that.
            max_body: octets of the answer's body that are read.

        Raises:
            NetworkError: there is no answer, or what the server says is not HTTP.
        """
        server = self._server
        place = Place(server.scheme, self._name, server.port, path)
        begin = time.monotonic()
        connection = await self._connection(place)
        connected = time.monotonic()
        headers = {"Content-Type": content_type, "Content-Length": str(len(content))}
        head = await self._ask(connection, place, headers, method, content)
        moments = begin, connected, time.monotonic()
        return await self._read(connection, place, head, max_body, moments)

    async def _connection(self, place: Place) -> Connection:
        """The kept connection, where it leads there and still stands; else a new one."""
        kept, self._kept = self._kept, None
        if kept is not None and not kept[0].has_ended and kept[1].same_server(place):
            return kept[0]
        connection = await self._peer.connect(place.port, MAX_LINE_OCTETS)
        if place.scheme == "https":
            await connection.start_tls(trust_now(self._server.ca), self._name)
        return connection

    async def _ask(
        self,
        connection: Connection,
        place: Place,
        headers: Mapping[str, str],
        method: str = "GET",
        content: bytes = b"",
    ) -> ResponseHead:
        """Send a request, and read the head of its response."""
        fields = {"Host": place.host, **_HEADERS, **headers}
        if not self._keep:
            fields["Connection"] = "close"
        connection.write(_request(method, place.path, fields) + content)
        for _ in range(MAX_INTERIM_RESPONSES):
            head = await read_head(connection)
            if head.status >= 200:
                return head
            if head.status == 101:
                raise not_http("it switches to another protocol, unasked")
        raise not_http(f"more than {MAX_INTERIM_RESPONSES} interim responses")

    async def _read(
        self,
        connection: Connection,
        place: Place,
        head: ResponseHead,
        max_body: int,
        moments: tuple[float, float, float],
    ) -> HttpResponse:
        came, whole = await read_body(connection, head, max_body)
        begin, connected, answered = moments
        if self._keep and whole and head.keeps_open and not is_until_close(head):
            self._kept = connection, place
        codings = head.headers.words("Content-Encoding")
        content = unpack(came, whole=whole, codings=codings, max_octets=max_body)
        return HttpResponse(
            status=head.status,
            headers=head.headers,
            body=content.octets,
            whole=content.whole,
            packed=content.packed,
            certificate_end=connection.certificate_end,
            phases=Phases(connected - begin, answered - connected, time.monotonic() - answered),
        )


@asynccontextmanager
async def http_client(
    peer: Peer, server: HttpServer, *, keep: bool = False
) -> AsyncIterator[HttpClient]:
    """A client whose connections end with the peer.

    Args:
        peer: makes the connections.
        server: who is asked.
        keep: ask the next request over the same connection.
    """
    yield HttpClient(peer, server, keep=keep)


def _request(method: str, path: str, fields: Mapping[str, str]) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {text}" for name, text in fields.items())]
    if any("\r" in line or "\n" in line for line in lines):
        raise NetworkError(Reason.LOCAL_ERROR, "a header of the request has a line break")
    return "".join(f"{line}\r\n" for line in (*lines, "")).encode()

"""Asks one HTTP server, through aiohttp, and takes no more from it than is needed.

A connection leads to the given address and nowhere else. No name is looked up, so nobody can turn
a question against another host by what a name server says or where a page redirects to.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import ClassVar, Self

import aiohttp
from aiohttp import ClientResponse, ClientSession, DummyCookieJar, TCPConnector, TraceConfig
from aiohttp.connector import Connection
from yarl import URL

from netwatch.core.facts import HTTP_PHASE, HTTP_STATUS
from netwatch.core.result import Reason, Sample
from netwatch.probes.conversation import Talk, UnfitError, printable
from netwatch.probes.http.params import PORTS
from netwatch.probes.trust import certificate_facts, trust

_MAX_HEADERS = 64
_MAX_HEADER_OCTETS = 4096
_REDIRECTS = {301, 302, 303, 307, 308}
_NO_TIMEOUT = aiohttp.ClientTimeout(total=None, sock_connect=None)
"""The conversation has one of its own, for everything."""
_HEADERS = {"Accept-Encoding": "identity", "User-Agent": "netwatch"}


@dataclass(frozen=True, slots=True)
class Server:
    """Who is asked.

    Attributes:
        address: IPv4 or IPv6 address that is connected to.
        scheme: ``http`` or ``https``.
        name: what it is called, in the Host header and in the certificate.
        ca: path of the authorities' certificates, or ``system``.
    """

    address: str
    scheme: str
    port: int
    name: str
    ca: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back.

    Attributes:
        body: its beginning, as far as it was wanted.
        whole: the body ends there.
        facts: status, certificate and phases of the last request.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    whole: bool
    facts: tuple[Sample, ...]


@dataclass(slots=True)
class _Phases:
    """Moments of the present request, monotonic seconds."""

    begin: float = 0.0
    connected: float = 0.0
    answered: float = 0.0


class _Response(ClientResponse):
    """An answer that knows the certificate of its connection, which may be gone when it is read.

    Its connection ends with the talk; TLS by itself would wait for the peer's farewell.
    """

    talk: ClassVar[Talk]
    certificate: tuple[Sample, ...] = ()

    async def start(self, connection: Connection) -> Self:
        if connection.transport is not None:
            self.talk.ends_with(partial(_abort, connection.transport))
            self.certificate = certificate_facts(connection.transport.get_extra_info("ssl_object"))
        await super().start(connection)
        return self


def _abort(transport: asyncio.Transport) -> None:
    """Close at once.

    Debian's Python (3.11.2) can't abort a TLS connection that is closed already: of that the
    transport knows nothing any more, and says so by an AttributeError.
    """
    with suppress(AttributeError):
        transport.abort()


class Client:
    """Asks questions one after the other; made by ``client``."""

    def __init__(self, session: ClientSession, server: Server, phases: _Phases) -> None:
        self._session = session
        self._server = server
        self._phases = phases

    async def get(
        self,
        path: str,
        *,
        most: int,
        headers: Mapping[str, str] | None = None,
        redirects: int = 0,
    ) -> Answer:
        """Ask for a page.

        Args:
            path: with the query, as in a URL.
            most: octets of the body that are read.
            headers: besides those that every request has.
            redirects: how many may be followed, all of them to the same host.
        """
        server, phases = self._server, self._phases
        place = URL.build(scheme=server.scheme, host=server.address, port=server.port)
        url = place.join(URL(path, encoded=True))
        for left in range(redirects, -1, -1):
            host = {"Host": _host(server.name, url)}
            phases.begin = phases.connected = time.monotonic()  # none is made when one is kept
            async with self._session.get(
                url,
                headers={**host, **(headers or {})},
                server_hostname=server.name,
                allow_redirects=False,
            ) as response:
                assert isinstance(response, _Response)
                following = _elsewhere(response, url, server.name) if left else None
                if following is None:
                    return await _read(response, most, phases)
            url = following.with_host(server.address)
        raise AssertionError  # the last round never follows


@asynccontextmanager
async def client(talk: Talk, server: Server, *, keep: bool = False) -> AsyncIterator[Client]:
    """A client whose connections end with the conversation.

    Args:
        talk: makes the sockets.
        server: who is asked.
        keep: ask the next question over the same connection.

    Raises:
        OSError: no connection, or it broke; ssl.SSLError is one of them.
        EOFError: the server hung up instead of answering.
        UnfitError: what it says is not HTTP.
    """

    class Response(_Response):
        pass

    Response.talk = talk
    phases = _Phases()
    connector = TCPConnector(
        limit=1,
        force_close=not keep,
        socket_factory=lambda _: talk.socket(),
        ssl=trust(server.ca),
    )
    async with ClientSession(
        connector=connector,
        cookie_jar=DummyCookieJar(),
        headers=_HEADERS,
        auto_decompress=False,
        timeout=_NO_TIMEOUT,
        response_class=Response,
        trace_configs=[_tracing(phases)],
        max_line_size=_MAX_HEADER_OCTETS,
        max_field_size=_MAX_HEADER_OCTETS,
        max_headers=_MAX_HEADERS,
    ) as session:
        try:
            yield Client(session, server, phases)
        except aiohttp.ClientConnectorCertificateError as error:
            raise error.certificate_error from None
        except aiohttp.ClientConnectorError as error:  # ClientConnectorSSLError is one
            raise error.os_error from None
        except aiohttp.ServerDisconnectedError:
            raise EOFError from None
        except OSError:
            raise
        except (aiohttp.ClientError, ValueError) as error:
            cause = error.__cause__
            if isinstance(cause, OSError):
                raise cause from None
            detail = printable(f"not HTTP: {type(error).__name__}")
            raise UnfitError(Reason.PROTOCOL_ERROR, detail) from None


async def _read(response: _Response, most: int, phases: _Phases) -> Answer:
    body = b""
    while len(body) <= most and (piece := await response.content.readany()):
        body += piece
    whole = len(body) <= most
    if not whole:
        response.close()
    status = HTTP_STATUS.sample(response.status)
    facts = (status, *response.certificate, *_durations(phases, time.monotonic()))
    return Answer(response.status, response.headers, body[:most], whole, facts)


def _elsewhere(response: ClientResponse, url: URL, name: str) -> URL | None:
    """Where a redirect leads, if it leads to the same host; else None."""
    location = response.headers.get("Location")
    if response.status not in _REDIRECTS or location is None:
        return None
    try:
        following = url.with_host(name).join(URL(location))
    except ValueError:
        return None
    if following.scheme not in PORTS or following.host != name or following.user is not None:
        return None
    return following


def _host(name: str, url: URL) -> str:
    bracketed = f"[{name}]" if ":" in name else name
    return bracketed if url.is_default_port() else f"{bracketed}:{url.port}"


def _durations(phases: _Phases, end: float) -> list[Sample]:
    """Seconds of each phase of the last request."""
    return [
        HTTP_PHASE.sample(phases.connected - phases.begin, "connect"),
        HTTP_PHASE.sample(phases.answered - phases.connected, "wait"),
        HTTP_PHASE.sample(end - phases.answered, "transfer"),
    ]


def _tracing(phases: _Phases) -> TraceConfig:
    """Writes down when a request gets its connection, and when the header of the answer is in."""

    async def connected(*_: object) -> None:
        phases.connected = time.monotonic()

    async def answered(*_: object) -> None:
        phases.answered = time.monotonic()

    tracing = TraceConfig()
    tracing.on_connection_create_end.append(connected)
    tracing.on_request_end.append(answered)
    return tracing

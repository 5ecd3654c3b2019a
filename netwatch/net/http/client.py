"""Asks one HTTP server, through aiohttp, and takes no more from it than is needed.

A connection leads to the given address and nowhere else. No name is looked up, so nobody can turn
a request against another host by what a name server says or where a page redirects to.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

import aiohttp
from aiohttp import ClientResponse, ClientSession, DummyCookieJar
from yarl import URL

from netwatch.core.result import Reason
from netwatch.net.errors import NetworkError, explained, printable
from netwatch.net.http.connector import PeerConnector
from netwatch.net.http.phases import TRACING, Moments, Phases
from netwatch.net.peer import Peer
from netwatch.net.trust import trust

DEFAULT_PORTS = {"http": 80, "https": 443}

MAX_HEADERS = 64
MAX_HEADER_OCTETS = 4096

_REDIRECTS = {301, 302, 303, 307, 308}
_NO_TIMEOUT = aiohttp.ClientTimeout(total=None, sock_connect=None)
"""The peer's time is limited as a whole."""
_HEADERS = {"Accept-Encoding": "identity", "User-Agent": "netwatch"}


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


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """What came back.

    Attributes:
        body: its beginning, as far as it was wanted.
        whole: the body ends there.
        certificate_end: when the server's certificate ends to be valid, Unix seconds; None
            without TLS.
        phases: of the last request, redirects followed.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    whole: bool
    certificate_end: float | None
    phases: Phases


class HttpClient:
    """Asks one request after the other; made by ``http_client``."""

    def __init__(self, session: ClientSession, peer: Peer, server: HttpServer) -> None:
        self._session = session
        self._peer = peer
        self._server = server

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
        place = URL.build(scheme=server.scheme, host=self._peer.address, port=server.port)
        url = place.join(URL(path, encoded=True))
        with explained(self._peer.refusal), _unwrapped():
            for left in range(redirects, -1, -1):
                moments = Moments(time.monotonic())
                async with self._session.get(
                    url,
                    headers={"Host": _host(server.name, url), **(headers or {})},
                    server_hostname=server.name,
                    allow_redirects=False,
                    trace_request_ctx=moments,
                ) as response:
                    following = _same_host_redirect(response, url, server.name) if left else None
                    if following is None:
                        return await self._read(response, max_body, moments)
                url = following.with_host(self._peer.address)
        raise AssertionError  # the last round never follows

    async def _read(
        self, response: ClientResponse, max_body: int, moments: Moments
    ) -> HttpResponse:
        body = b""
        while len(body) <= max_body and (piece := await response.content.readany()):
            body += piece
        whole = len(body) <= max_body
        if not whole:
            response.close()
        connector = self._session.connector
        assert isinstance(connector, PeerConnector)
        return HttpResponse(
            status=response.status,
            headers=response.headers,
            body=body[:max_body],
            whole=whole,
            certificate_end=connector.certificate_end,
            phases=moments.until(time.monotonic()),
        )


@asynccontextmanager
async def http_client(
    peer: Peer, server: HttpServer, *, keep: bool = False
) -> AsyncIterator[HttpClient]:
    """A client whose connections end with the peer.

    Args:
        peer: makes the sockets.
        server: who is asked.
        keep: ask the next request over the same connection.

    Raises:
        ValueError: the file of authorities can't be read.
    """
    connector = PeerConnector(peer, trust(server.ca), keep=keep)
    async with ClientSession(
        connector=connector,
        cookie_jar=DummyCookieJar(),
        headers=_HEADERS,
        auto_decompress=False,
        timeout=_NO_TIMEOUT,
        trace_configs=[TRACING],
        max_line_size=MAX_HEADER_OCTETS,
        max_field_size=MAX_HEADER_OCTETS,
        max_headers=MAX_HEADERS,
    ) as session:
        yield HttpClient(session, peer, server)


@contextmanager
def _unwrapped() -> Iterator[None]:
    """Takes aiohttp's errors for what they come from: errors of the kernel, TLS, or no HTTP."""
    try:
        yield
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
        raise NetworkError(Reason.PROTOCOL_ERROR, detail) from None


def _same_host_redirect(response: ClientResponse, url: URL, name: str) -> URL | None:
    """Where a redirect leads, if it leads to the same host; else None."""
    location = response.headers.get("Location")
    if response.status not in _REDIRECTS or location is None:
        return None
    try:
        following = url.with_host(name).join(URL(location))
    except ValueError:
        return None
    if following.scheme not in DEFAULT_PORTS or following.host != name:
        return None
    return None if following.user is not None else following


def _host(name: str, url: URL) -> str:
    bracketed = f"[{name}]" if ":" in name else name
    return bracketed if url.is_default_port() else f"{bracketed}:{url.port}"

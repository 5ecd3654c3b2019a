"""HTTP and HTTPS: status, content, and the time of each phase (RFC 9110), through aiohttp.

A connection leads to the check's own address and nowhere else. No name is looked up, so nobody
can turn a check against another host by what a name server says or where a page redirects to.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Annotated, Literal, Self

import aiohttp
from aiohttp import ClientResponse, ClientSession, DummyCookieJar, TCPConnector, TraceConfig
from aiohttp.connector import Connection
from pydantic import AfterValidator, Field
from yarl import URL

from netwatch.core.check import Check
from netwatch.core.facts import HTTP_PHASE, HTTP_STATUS
from netwatch.core.params import Port, ProbeParams
from netwatch.core.result import Outcome, Reason, Sample
from netwatch.probes.base import ProbeKind
from netwatch.probes.conversation import (
    ConversationProbe,
    Talk,
    UnfitError,
    printable,
)
from netwatch.probes.tasks import Measured
from netwatch.probes.trust import SYSTEM, Bundle, HostName, certificate_facts, trust

LARGEST_BODY = 64 * 1024
"""Octets of a body that are read; what the check looks for has to stand in them."""

_MOST_HEADERS = 64
_LONGEST_HEADER = 4096
_PORTS = {"http": 80, "https": 443}
_REDIRECTS = {301, 302, 303, 307, 308}
_NO_TIMEOUT = aiohttp.ClientTimeout(total=None, sock_connect=None)
"""The conversation has one of its own, for everything."""
_HEADERS = {"Accept-Encoding": "identity", "User-Agent": "netwatch"}


def _path(value: str) -> str:
    if not value.startswith("/") or not value.isascii() or not value.isprintable() or " " in value:
        raise ValueError(f"{value[:64]!r} is not a path; write it as in a URL, e.g. /health?full=1")
    return value


class HttpParams(ProbeParams):
    """Keys of ``probe: http``.

    Attributes:
        scheme: ``http``, or ``https``, which verifies the certificate as ``probe: tls`` does.
        name: what the server is called, in the Host header and in the certificate.
        status: what it may answer with.
        contains: text that has to stand in the first 64 KiB of the body.
        redirects: how many may be followed, all of them to the same host; of others, and beyond
            so many, the status is taken as it is.
        ca: path of the authorities' certificates, or ``system``.
    """

    scheme: Literal["http", "https"] = "https"
    port: Port | None = None
    name: HostName | None = None
    path: Annotated[str, AfterValidator(_path)] = Field(default="/", max_length=512)
    status: tuple[Annotated[int, Field(ge=200, le=599)], ...] = Field(default=(200,), min_length=1)
    contains: str | None = Field(default=None, min_length=1, max_length=256)
    redirects: int = Field(default=0, ge=0, le=5)
    ca: Bundle = Field(default=SYSTEM, validate_default=True)

    @property
    def qualifier(self) -> str:
        """Where the first request goes."""
        host = f"{self.name}:{self.tcp_port}" if self.name else str(self.tcp_port)
        return host + self.path if self.path != "/" else host

    @property
    def tcp_port(self) -> int:
        """The port."""
        return self.port or _PORTS[self.scheme]


@dataclass(slots=True)
class _Phases:
    """Moments of the present request, monotonic seconds."""

    begin: float = 0.0
    connected: float = 0.0
    answered: float = 0.0


class _Answer(ClientResponse):
    """An answer that knows the certificate of its connection, which may be gone when it is read."""

    certificate: tuple[Sample, ...] = ()

    async def start(self, connection: Connection) -> Self:
        if connection.transport is not None:
            self.certificate = certificate_facts(connection.transport.get_extra_info("ssl_object"))
        await super().start(connection)
        return self


class HttpProbe(ConversationProbe):
    """Asks for one page."""

    async def converse(self, check: Check, talk: Talk) -> Measured:
        """Ask, follow what may be followed, and hold the answer against what is wanted."""
        params = check.params
        assert isinstance(params, HttpParams)
        phases = _Phases()
        begin = time.monotonic()
        connector = TCPConnector(
            force_close=True,
            socket_factory=lambda _: talk.socket(),
            ssl=trust(params.ca) if params.scheme == "https" or params.redirects else True,
        )
        async with ClientSession(
            connector=connector,
            cookie_jar=DummyCookieJar(),
            headers=_HEADERS,
            auto_decompress=False,
            timeout=_NO_TIMEOUT,
            response_class=_Answer,
            trace_configs=[_tracing(phases)],
            max_line_size=_LONGEST_HEADER,
            max_field_size=_LONGEST_HEADER,
            max_headers=_MOST_HEADERS,
        ) as session:
            try:
                return await _ask(session, check, params, phases, begin)
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


async def _ask(
    session: ClientSession, check: Check, params: HttpParams, phases: _Phases, begin: float
) -> Measured:
    place = URL.build(scheme=params.scheme, host=check.address, port=params.tcp_port)
    url = place.join(URL(params.path, encoded=True))
    for left in range(params.redirects, -1, -1):
        name = params.name or check.address
        host = _host(name, url)
        phases.begin = time.monotonic()
        async with session.get(
            url, headers={"Host": host}, server_hostname=name, allow_redirects=False
        ) as response:
            assert isinstance(response, _Answer)
            following = _elsewhere(response, url, name) if left else None
            if following is None:
                return await _judge(response, params, phases, begin)
        url = following.with_host(check.address)
    raise AssertionError  # the last round never follows


async def _judge(response: _Answer, params: HttpParams, phases: _Phases, begin: float) -> Measured:
    """Hold the answer against what is wanted."""
    facts = [HTTP_STATUS.sample(response.status)]
    facts += response.certificate
    body = await _body(response)
    end = time.monotonic()
    facts += _durations(phases, end)
    detail = ""
    if response.status not in params.status:
        wanted = ", ".join(map(str, params.status))
        detail = f"status {response.status} instead of {wanted}"
    elif params.contains is not None and params.contains.encode() not in body:
        detail = "the text that is looked for is missing"
    if detail:
        reason = Reason.UNEXPECTED_ANSWER
        return Measured(Outcome.FAILURE, reason, detail=detail, facts=tuple(facts))
    return Measured(Outcome.SUCCESS, Reason.OK, end - begin, facts=tuple(facts))


async def _body(response: ClientResponse) -> bytes:
    """The beginning of the body."""
    body = b""
    while len(body) < LARGEST_BODY and (piece := await response.content.readany()):
        body += piece
    if len(body) >= LARGEST_BODY:
        response.close()
    return body[:LARGEST_BODY]


def _elsewhere(response: ClientResponse, url: URL, name: str) -> URL | None:
    """Where a redirect leads, if it leads to the same host; else None."""
    location = response.headers.get("Location")
    if response.status not in _REDIRECTS or location is None:
        return None
    try:
        following = url.with_host(name).join(URL(location))
    except ValueError:
        return None
    if following.scheme not in _PORTS or following.host != name or following.user is not None:
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


PROBE = ProbeKind("http", HttpParams, HttpProbe)

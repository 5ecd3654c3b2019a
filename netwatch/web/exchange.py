"""One exchange of HTTP: aiohttp's, with our headers on every answer, those of its parser too."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import Any, cast

from aiohttp import web
from aiohttp.http import HttpProcessingError

from netwatch.metrics.web import WebMetrics, WebRefusal
from netwatch.web.addresses import same_name
from netwatch.web.config.load import WebConfig
from netwatch.web.connection import ClientConnection, ExchangePhase
from netwatch.web.connections import Connections

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}

SERVER = "netwatch"
"""The Server header: no version, which would say what can be tried."""

MAX_LINE_OCTETS = 2048
"""Of the first line of a request."""

MAX_FIELD_OCTETS = 4096
"""Of a header."""

_REFUSALS = {400: WebRefusal.MALFORMED, 413: WebRefusal.BODY}
"""What an answer with this status is counted as; the others are counted where they are decided."""


def _is_ours(record: logging.LogRecord) -> bool:
    """Whether a log record is about more than a client's malformed request."""
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, HttpProcessingError)


_logger = logging.getLogger(__name__)
_logger.addFilter(_is_ours)


class Exchange(web.RequestHandler):
    """The protocol of one connection.

    Args:
        server: aiohttp's, which has the application.
        connection: what is known of the client.
        connections: all that are open.
        config: in force when the connection was accepted.
        metrics: counts what is refused.

    Attributes:
        connection: the same.
    """

    def __init__(
        self,
        server: web.Server,
        connection: ClientConnection,
        connections: Connections,
        config: WebConfig,
        metrics: WebMetrics,
    ) -> None:
        super().__init__(
            server,
            loop=asyncio.get_running_loop(),
            access_log=None,  # type: ignore[arg-type]  # aiohttp takes None for no log
            lingering_time=0,
            max_line_size=MAX_LINE_OCTETS,
            max_field_size=MAX_FIELD_OCTETS,
            logger=_logger,
        )
        self.connection = connection
        self._connections = connections
        self._config = config
        self._metrics = metrics

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Serve the client, unless its certificate is not for us."""
        opened = cast("asyncio.Transport", transport)
        self.connection.opened(opened)
        certificate = opened.get_extra_info("peercert")
        if not _is_allowed(certificate, self._config.allowed_sans):
            self._metrics.refuse(WebRefusal.TLS)
            opened.abort()
            return
        if certificate:
            self.know_client()
        super().connection_made(transport)

    def connection_lost(self, exc: BaseException | None) -> None:
        """Make room."""
        self._connections.remove(self.connection)
        super().connection_lost(exc)

    def know_client(self) -> None:
        """The client has shown who it is."""
        self._connections.know(self.connection)

    def enter(self, phase: ExchangePhase) -> None:
        """The request is there, or the answer begins."""
        self._connections.enter(self.connection, phase)

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """The answer to what aiohttp could not parse, or an application could not do."""
        response = super().handle_error(request, status, exc, message)
        self.finish(response)
        return response

    def finish(self, response: web.StreamResponse) -> None:
        """Give an answer that is about to be sent the headers that every one has."""
        self.enter(ExchangePhase.SENDING)
        if (refusal := _REFUSALS.get(response.status)) is not None:
            self._metrics.refuse(refusal)
        response.headers.update({**SECURITY_HEADERS, "Server": SERVER, **self._config.headers})
        # One request a connection: see netwatch.web.server.
        response.headers["Connection"] = "close"
        response.force_close()


def exchange_of(request: web.Request) -> Exchange:
    """The exchange to which a request belongs."""
    return cast("Exchange", request.protocol)


def _is_allowed(certificate: Mapping[str, Any] | None, allowed: frozenset[str]) -> bool:
    """Whether a verified certificate has one of the allowed names, or any may."""
    names = {same_name(str(name)) for _, name in (certificate or {}).get("subjectAltName", ())}
    return not allowed or not names.isdisjoint(map(same_name, allowed))

"""Takes what vantages write, over mutual TLS, and hands what is allowed to Prometheus.

A request is answered as Prometheus answered it, and nothing is kept here: what was not stored is
not acknowledged, and the vantage sends it again.
"""

from __future__ import annotations

import logging
import ssl
import time
from collections.abc import Collection
from pathlib import Path

import aiohttp
from aiohttp import web

from netwatch.core.errors import StartError
from netwatch.remote_write.allowlist import AllowList, NotAllowedError
from netwatch.remote_write.snappy import unpack
from netwatch.remote_write.varint import MalformedVarintError

PATH = "/api/v1/write"

MAX_PACKED_OCTETS = 1 << 19
MAX_UNPACKED_OCTETS = 4 << 20
"""Bytes of a request. 500 samples, as the agent sends them, have a tenth of a megabyte."""

_PATIENCE = aiohttp.ClientTimeout(total=20.0)
"""Less than the server gives a connection."""

_QUIET = 60.0
"""Seconds between two log lines of one kind."""

_PASSED_ON = ("Content-Type", "Content-Encoding", "X-Prometheus-Remote-Write-Version", "User-Agent")

logger = logging.getLogger(__name__)


class RemoteWriteGateway:
    """The application.

    Args:
        vantages: ids of those who may write.
        store: URL that Prometheus takes remote write at.
        session: for requests to it.
    """

    def __init__(
        self, vantages: Collection[str], store: str, session: aiohttp.ClientSession
    ) -> None:
        self._policies = {vantage: AllowList(vantage) for vantage in vantages}
        self._told: dict[str, float] = {}
        self._store = store
        self._session = session

    def app(self) -> web.Application:
        """One route, and a bound on what it reads."""
        app = web.Application(client_max_size=MAX_PACKED_OCTETS)
        app.on_response_prepare.append(_last)
        app.router.add_post(PATH, self._write)
        return app

    async def _write(self, request: web.Request) -> web.Response:
        policy = self._policy(request)
        body = await request.read()
        try:
            policy.judge(unpack(body, MAX_UNPACKED_OCTETS), time.time())
        except (MalformedVarintError, NotAllowedError) as error:
            self._tell(f"refused from {policy.vantage}", str(error))
            return web.Response(status=400, text=f"refused: {error}\n")
        headers = {name: request.headers[name] for name in _PASSED_ON if name in request.headers}
        try:
            posted = self._session.post(self._store, data=body, headers=headers, timeout=_PATIENCE)
            async with posted as answer:
                text = await answer.content.read(512)
                return web.Response(status=answer.status, body=text)
        except (aiohttp.ClientError, TimeoutError) as error:
            self._tell("Prometheus does not answer", str(error))
            return web.Response(status=503, text="Prometheus does not answer\n")

    def _policy(self, request: web.Request) -> AllowList:
        """The policy for who the certificate says it is."""
        certificate = request.transport and request.transport.get_extra_info("peercert")
        names = [name for _, name in (certificate or {}).get("subjectAltName", ())]
        for name in names:
            if name in self._policies:
                return self._policies[name]
        self._tell("a certificate of nobody who may write", ", ".join(names)[:200])
        raise web.HTTPForbidden(text="not one of the vantages\n")

    def _tell(self, kind: str, what: str) -> None:
        now = time.monotonic()
        if now - self._told.get(kind, -_QUIET) >= _QUIET:
            self._told[kind] = now
            logger.warning("gate: %s: %s", kind, what)


async def _last(_request: web.Request, response: web.StreamResponse) -> None:
    """One exchange a connection: see netwatch.web.server."""
    response.force_close()


def tls_context(directory: Path) -> ssl.SSLContext:
    """Who we are, and whose certificates are believed: ``gate.crt``, ``gate.key``, ``ca.crt``.

    Raises:
        StartError: one of them is missing, or is none.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.verify_mode = ssl.CERT_REQUIRED
    try:
        context.load_cert_chain(directory / "gate.crt", directory / "gate.key")
        context.load_verify_locations(directory / "ca.crt")
    except OSError as error:
        wrong = isinstance(error, ssl.SSLError)
        reason = "not a certificate, or not its key" if wrong else error.strerror
        remedy = "it needs gate.crt, gate.key and ca.crt: docs/vantages.md"
        raise StartError(f"gate: {directory}: {reason}; {remedy}") from None
    return context

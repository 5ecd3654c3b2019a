"""Takes what vantages write, over mutual TLS, and hands what is allowed to Prometheus.

A request is answered as Prometheus answered it, and nothing is kept here: what was not stored is
not acknowledged, and the vantage sends it again.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Collection

import aiohttp
from aiohttp import web

from netwatch.process.pace import paced
from netwatch.remote_write.allowlist import AllowList, NotAllowedError
from netwatch.remote_write.snappy import unpack
from netwatch.remote_write.varint import MalformedRequestError

PATH = "/api/v1/write"

MAX_PACKED_OCTETS = 1 << 19
"""Octets of a request as it comes, compressed."""

MAX_UNPACKED_OCTETS = 4 << 20
"""Octets of a request when it is decompressed. 500 samples, as the agent sends them, have a tenth
of a megabyte."""

_TIMEOUT = aiohttp.ClientTimeout(total=20.0)
"""Seconds that Prometheus may take; less than the server gives a connection."""

_LOG_INTERVAL = 60.0
"""Seconds between two log lines of one kind."""

_FORWARDED = (
    "Content-Type",
    "Content-Encoding",
    "X-Prometheus-Remote-Write-Version",
    "User-Agent",
)

logger = logging.getLogger(__name__)


class RemoteWriteGateway:
    """The web application that checks and forwards remote write.

    Args:
        vantages: ids of those who may write.
        store: URL at which Prometheus receives remote write.
        session: for requests to it.
    """

    def __init__(
        self, vantages: Collection[str], store: str, session: aiohttp.ClientSession
    ) -> None:
        self._allowlists = {vantage: AllowList(vantage) for vantage in vantages}
        self._logged: dict[str, float] = {}
        self._store = store
        self._session = session

    def app(self) -> web.Application:
        """The application: its one route, with a limit on the size of a request."""
        app = web.Application(client_max_size=MAX_PACKED_OCTETS)
        app.router.add_post(PATH, self._write)
        return app

    async def _write(self, request: web.Request) -> web.Response:
        allowlist = self._allowlist(request)
        body = await request.read()
        try:
            checks = allowlist.checks(unpack(body, MAX_UNPACKED_OCTETS), time.time())
            async for _ in paced(checks):
                pass
        except (MalformedRequestError, NotAllowedError) as error:
            self._log(f"refused from {allowlist.vantage}", str(error))
            return web.Response(status=400, text=f"refused: {error}\n")
        headers = {name: request.headers[name] for name in _FORWARDED if name in request.headers}
        try:
            posted = self._session.post(self._store, data=body, headers=headers, timeout=_TIMEOUT)
            async with posted as answer:
                text = await answer.content.read(512)
                return web.Response(status=answer.status, body=text)
        except (aiohttp.ClientError, TimeoutError) as error:
            self._log("Prometheus does not answer", str(error))
            return web.Response(status=503, text="Prometheus does not answer\n")

    def _allowlist(self, request: web.Request) -> AllowList:
        """The allowlist of the vantage that the client certificate names.

        Raises:
            HTTPForbidden: it names none of the vantages.
        """
        certificate = request.transport and request.transport.get_extra_info("peercert")
        names = [name for _, name in (certificate or {}).get("subjectAltName", ())]
        for name in names:
            if name in self._allowlists:
                return self._allowlists[name]
        self._log("a certificate of nobody who may write", ", ".join(names)[:200])
        raise web.HTTPForbidden(text="not one of the vantages\n")

    def _log(self, kind: str, what: str) -> None:
        """Log a warning, unless one of this kind was logged within ``_LOG_INTERVAL``."""
        now = time.monotonic()
        if now - self._logged.get(kind, -_LOG_INTERVAL) >= _LOG_INTERVAL:
            self._logged[kind] = now
            logger.warning("gate: %s: %s", kind, what)

"""The web server of the daemon: its configuration is read first, then it serves."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from netwatch.audit.log import AuditLog
from netwatch.audit.logins import RefusedLogins
from netwatch.metrics.web import WebMetrics
from netwatch.report.shelf import DIRECTORY
from netwatch.settings import Settings
from netwatch.web.access import Access
from netwatch.web.acting import Acting
from netwatch.web.addresses import ip_of
from netwatch.web.app import create_app
from netwatch.web.config.setting import read_web_config
from netwatch.web.config.watch import WebConfigWatch
from netwatch.web.exposure import Exposure
from netwatch.web.hosts import HostNames
from netwatch.web.page_routes import PageSettings
from netwatch.web.server import serve
from netwatch.web.source import WebSource


class WebServer:
    """The web server, which works by the settings.

    Args:
        settings: say where the web configuration is, and what the server is called.
        metrics: told of all that is refused.

    Raises:
        ConfigError: by the constructor; the web configuration is wrong.
    """

    def __init__(self, settings: Settings, metrics: WebMetrics) -> None:
        self._config = WebConfigWatch(lambda: read_web_config(settings), metrics)
        self._hosts = HostNames(settings.web_hosts)
        self._metrics = metrics
        reports = settings.state_dir / DIRECTORY if settings.state_dir else None
        self._page = PageSettings(settings.grafana_url, settings.map_outline, reports)

    @asynccontextmanager
    async def serving(
        self, source: WebSource, sock: socket.socket, audit: AuditLog | None = None
    ) -> AsyncIterator[None]:
        """Show ``source`` on a listening socket until the end of the block.

        Args:
            source: what is shown.
            sock: listens.
            audit: told of refused logins, and of changes to the web configuration; none: the log.
        """
        exposure = Exposure(self._config, ip_of(sock.getsockname()))
        exposure.warn()
        self._metrics.unprotected.set_function(lambda: len(exposure.lacking()) > 0)
        access = Access(
            self._config, self._metrics, self._hosts, RefusedLogins(audit or AuditLog())
        )
        app = create_app(source, access, exposure, self._page, Acting(self._metrics))
        with self._config.watching(audit):
            async with serve(app, sock, self._config, self._metrics):
                yield

"""The HTTP server on a listening socket, with bounds that hold against any client.

A connection serves one request, and its client must ask soon and read steadily. So no client keeps
memory or a file descriptor that probes need, and a large page reaches whoever reads it, however
slow the line is.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

from aiohttp import web

from netwatch.metrics.web import WebMetrics
from netwatch.process.descriptors import connection_descriptors
from netwatch.web.config.load import WebConfig
from netwatch.web.config.watch import CurrentWebConfig
from netwatch.web.connections import ConnectionLimits, Connections
from netwatch.web.exchange import Exchange
from netwatch.web.listener import Listener

_SWEEP_INTERVAL = 1.0
"""Seconds between two looks for clients that are out of time."""

_GRACE = 0.5
"""Seconds that answers under way get to end in, when the program ends."""

_GRACE_STEPS = 25
"""Looks in that time, whether all have ended."""

_CANCEL_TIMEOUT = 0.2
"""Seconds that what still runs for a client gets to be cancelled in."""


@asynccontextmanager
async def serve(
    app: web.Application,
    sock: socket.socket,
    config: CurrentWebConfig | None = None,
    metrics: WebMetrics | None = None,
    limits: ConnectionLimits | None = None,
) -> AsyncIterator[None]:
    """Serve ``app`` on a listening socket, which from now on belongs to the server.

    At the end the socket is closed, answers under way may end, and what is left is cut; that takes
    a second at the most.

    Args:
        app: guarded by ``netwatch.web.access.Access``.
        sock: listens.
        config: in force now; none: without TLS.
        metrics: counts connections.
        limits: what connections may take, as far as there are descriptors for them.
    """
    config = config or CurrentWebConfig(WebConfig())
    metrics = metrics or WebMetrics()
    limits = (limits or ConnectionLimits()).within(connection_descriptors())
    runner = web.AppRunner(
        app,
        handle_signals=False,
        handler_cancellation=True,
        shutdown_timeout=_CANCEL_TIMEOUT,
    )
    await runner.setup()
    server = cast("web.Server", runner.server)
    connections = Connections(limits, metrics)
    listener = Listener(
        sock,
        connections,
        limits,
        config,
        lambda connection: Exchange(server, connection, connections, config.current, metrics),
        metrics,
    )
    listener.start()
    sweeping = asyncio.create_task(_sweep(connections))
    try:
        yield
    finally:
        listener.close()
        sweeping.cancel()
        await _end(connections)
        await runner.cleanup()


async def _sweep(connections: Connections) -> None:
    while True:
        await asyncio.sleep(_SWEEP_INTERVAL)
        connections.cut_overdue()


async def _end(connections: Connections) -> None:
    for _ in range(_GRACE_STEPS):
        connections.cut_idle()
        if not len(connections):
            break
        await asyncio.sleep(_GRACE / _GRACE_STEPS)
    connections.cut_all()
    await asyncio.sleep(0)  # the transports end

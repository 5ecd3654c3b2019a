"""The HTTP server on a listening socket, with bounds that hold against any client.

A connection serves one exchange and lives a limited time, whatever the client does: send slowly,
read slowly, or nothing at all. So no client keeps memory or a file descriptor that probes need.
"""

from __future__ import annotations

import asyncio
import socket
import weakref
from typing import cast

from aiohttp import web

LIFETIME = 30.0
"""Seconds from the acceptance of a connection to its end, finished or not."""

CONNECTIONS = 128
"""Open at the same time; further ones are closed at once."""

_STOP = 0.8
"""Seconds that running exchanges get to finish in, and as many to be cancelled in."""


class _Gate(asyncio.Protocol):
    """Lets a connection in, or not, and sees to it that it ends."""

    def __init__(
        self, server: web.Server, open_: weakref.WeakSet[asyncio.Transport], lifetime: float
    ) -> None:
        self._server = server
        self._open = open_
        self._lifetime = lifetime

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        connection = cast("asyncio.Transport", transport)
        if len(self._server.connections) >= CONNECTIONS:
            connection.abort()
            return
        self._open.add(connection)
        asyncio.get_running_loop().call_later(self._lifetime, connection.abort)
        handler = self._server()
        connection.set_protocol(handler)
        handler.connection_made(connection)


class WebServer:
    """A running server; made by ``start_web``."""

    def __init__(
        self,
        runner: web.AppRunner,
        server: asyncio.Server,
        open_: weakref.WeakSet[asyncio.Transport],
    ) -> None:
        self._runner = runner
        self._server = server
        self._open = open_

    async def stop(self) -> None:
        """Close the listener, let running exchanges finish, cut the rest; within two seconds."""
        self._server.close()
        await self._runner.cleanup()
        for connection in list(self._open):
            connection.abort()


async def start_web(
    app: web.Application, listener: socket.socket, lifetime: float = LIFETIME
) -> WebServer:
    """Serve ``app`` on a bound socket, which from now on belongs to the server."""
    runner = web.AppRunner(
        app,
        handle_signals=False,
        access_log=None,
        shutdown_timeout=_STOP,
        lingering_time=0,
        max_line_size=2048,
        max_field_size=4096,
    )
    await runner.setup()
    handlers = cast("web.Server", runner.server)
    open_: weakref.WeakSet[asyncio.Transport] = weakref.WeakSet()
    server = await asyncio.get_running_loop().create_server(
        lambda: _Gate(handlers, open_, lifetime), sock=listener
    )
    return WebServer(runner, server, open_)

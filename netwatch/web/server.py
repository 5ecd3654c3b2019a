"""The HTTP server on a listening socket, with bounds that hold against any client.

A connection serves one request and lives a limited time, whatever the client does: send slowly,
read slowly, or nothing at all. So no client keeps memory or a file descriptor that probes need.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import ssl
import struct
import weakref
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

from aiohttp import web
from aiohttp.http import HttpProcessingError

from netwatch.core.errors import StartError

MAX_LIFETIME = 30.0
"""Seconds from the acceptance of a connection to its end, finished or not."""

MAX_CONNECTIONS = 128
"""Open at the same time; further ones are closed at once."""

_MAX_SEND_BUFFER = 128 * 1024
"""Bytes that the kernel buffers for a client that doesn't read; by itself it buffers up to 4 MB."""

_HANDSHAKE_TIMEOUT = 10.0
"""Seconds that a client may take to agree on TLS."""

_SHUTDOWN_TIMEOUT = 0.8
"""Seconds that running requests get to finish in, and as many again to be cancelled in."""


def open_listener(host: str, port: int) -> socket.socket:
    """A listening socket on an IPv4 or IPv6 address; port 0 takes any free one.

    Raises:
        StartError: the address can't be listened on; the message says what to do.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=MAX_CONNECTIONS)
    except OSError as error:
        where = f"[{host}]:{port}" if family == socket.AF_INET6 else f"{host}:{port}"
        raise StartError(
            f"listen: can't listen on {where}: {os.strerror(error.errno or 0)}; "
            "stop the program that has the port, or set another NETWATCH_LISTEN"
        ) from None


def _cut(connection: asyncio.Transport, sock: socket.socket) -> None:
    """Reset a connection that has not ended yet. Over TLS, the socket of an ended one is closed."""
    if sock.fileno() == -1:
        return
    # Reset it: what the client has not read would else stay in the kernel for minutes.
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.abort()


def _is_ours(record: logging.LogRecord) -> bool:
    """Whether a log record is about more than a client's malformed request."""
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, HttpProcessingError)


_logger = logging.getLogger(__name__)
_logger.addFilter(_is_ours)


_Connections = weakref.WeakKeyDictionary[asyncio.Transport, socket.socket]


class _BoundedConnection(asyncio.Protocol):
    """A new connection: refused beyond the limit, and cut at the end of its lifetime."""

    def __init__(self, server: web.Server, connections: _Connections, lifetime: float) -> None:
        self._server = server
        self._connections = connections
        self._lifetime = lifetime

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        connection = cast("asyncio.Transport", transport)
        sock = connection.get_extra_info("socket")
        if len(self._server.connections) >= MAX_CONNECTIONS:
            _cut(connection, sock)
            return
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _MAX_SEND_BUFFER)
        self._connections[connection] = sock
        asyncio.get_running_loop().call_later(self._lifetime, _cut, connection, sock)
        handler = self._server()
        connection.set_protocol(handler)
        handler.connection_made(connection)


@asynccontextmanager
async def serve(
    app: web.Application,
    listener: socket.socket,
    lifetime: float = MAX_LIFETIME,
    tls: ssl.SSLContext | None = None,
) -> AsyncIterator[None]:
    """Serve ``app`` on a listening socket, which from now on belongs to the server.

    At the end the listener is closed, running requests may finish, and what is left is cut;
    that takes two seconds at the most.
    """
    runner = web.AppRunner(
        app,
        handle_signals=False,
        access_log=None,
        logger=_logger,
        shutdown_timeout=_SHUTDOWN_TIMEOUT,
        lingering_time=0,
        max_line_size=2048,
        max_field_size=4096,
    )
    await runner.setup()
    handlers = cast("web.Server", runner.server)
    connections: _Connections = weakref.WeakKeyDictionary()
    server = await asyncio.get_running_loop().create_server(
        lambda: _BoundedConnection(handlers, connections, lifetime),
        sock=listener,
        ssl=tls,
        ssl_handshake_timeout=_HANDSHAKE_TIMEOUT if tls else None,
    )
    try:
        yield
    finally:
        server.close()
        await runner.cleanup()
        for connection, sock in list(connections.items()):
            _cut(connection, sock)

"""Accepts connections on a listening socket, each with the TLS that is in force then."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
from collections.abc import Callable
from functools import partial

from netwatch.core.errors import StartError
from netwatch.metrics.web import WebMetrics, WebRefusal
from netwatch.web.addresses import ip_of
from netwatch.web.config.watch import CurrentWebConfig
from netwatch.web.connection import ClientConnection, reset_on_close
from netwatch.web.connections import ConnectionLimits, Connections

MAX_ACCEPTED_AT_ONCE = 16
"""Connections taken from the kernel before the event loop does something else."""

_BACKLOG = 1024
"""Connections that the kernel keeps until they are accepted."""

_DESCRIPTORS_PAUSE = 0.5
"""Seconds for which none is accepted when this machine has no descriptor left."""

_TLS_SHUTDOWN_TIMEOUT = 3.0
"""Seconds that a client may take to end TLS after the answer."""

_NO_DESCRIPTOR = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}


def open_listener(host: str, port: int) -> socket.socket:
    """A listening socket on an IPv4 or IPv6 address; port 0 takes any free one.

    Raises:
        StartError: the address can't be listened on; the message says what to do.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except OSError as error:
        where = f"[{host}]:{port}" if family == socket.AF_INET6 else f"{host}:{port}"
        raise StartError(
            f"listen: can't listen on {where}: {os.strerror(error.errno or 0)}; "
            "stop the program that has the port, or set another NETWATCH_LISTEN"
        ) from None


class Listener:
    """Accepts from ``start`` to ``close``.

    Args:
        sock: listens, and belongs to the listener from now on.
        connections: says who is let in.
        limits: how long agreeing on TLS may take.
        config: has the TLS of new connections.
        make_protocol: what serves a connection.
        metrics: counts those that came to nothing.
    """

    def __init__(  # noqa: PLR0913, PLR0917 (where connections come from and go to)
        self,
        sock: socket.socket,
        connections: Connections,
        limits: ConnectionLimits,
        config: CurrentWebConfig,
        make_protocol: Callable[[ClientConnection], asyncio.Protocol],
        metrics: WebMetrics,
    ) -> None:
        self._sock = sock
        self._connections = connections
        self._limits = limits
        self._config = config
        self._make_protocol = make_protocol
        self._metrics = metrics
        self._loop = asyncio.get_running_loop()
        self._pause: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Accept from now on."""
        self._sock.setblocking(False)
        self._loop.add_reader(self._sock, self._accept)

    def close(self) -> None:
        """Accept no longer, and close the listening socket."""
        if self._pause is not None:
            self._pause.cancel()
        self._loop.remove_reader(self._sock)
        self._sock.close()

    def _accept(self) -> None:
        for _ in range(MAX_ACCEPTED_AT_ONCE):
            try:
                sock, address = self._sock.accept()
            except OSError as error:
                if error.errno in _NO_DESCRIPTOR:
                    self._wait_for_descriptors()
                return  # else none is waiting, or it has ended already
            self._admit(sock, ip_of(address))

    def _wait_for_descriptors(self) -> None:
        self._metrics.refuse(WebRefusal.DESCRIPTORS)
        self._loop.remove_reader(self._sock)
        self._pause = self._loop.call_later(_DESCRIPTORS_PAUSE, self.start)

    def _admit(self, sock: socket.socket, address: str) -> None:
        sock.setblocking(False)
        try:
            connection = self._connections.admit(sock, address)
        except OSError:  # reset by the client before it was looked at
            sock.close()
            return
        if connection is None:
            reset_on_close(sock)
            sock.close()
            return
        connection.open_on_data(partial(self._open, connection))

    async def _open(self, connection: ClientConnection) -> None:
        tls = self._config.current.tls
        try:
            await self._loop.connect_accepted_socket(
                lambda: self._make_protocol(connection),
                connection.sock,
                ssl=tls,
                ssl_handshake_timeout=self._limits.request_time if tls else None,
                ssl_shutdown_timeout=_TLS_SHUTDOWN_TIMEOUT if tls else None,
            )
        except OSError:  # ssl.SSLError and TimeoutError are
            self._metrics.refuse(WebRefusal.TLS)
        finally:
            if not connection.is_open:
                self._connections.remove(connection)

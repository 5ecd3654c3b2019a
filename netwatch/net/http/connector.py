"""What opens the HTTP client's connections: sockets of a peer, which end with it."""

from __future__ import annotations

import ssl
from functools import partial

import aiohttp
from aiohttp import ClientRequest, ClientTimeout, TCPConnector
from aiohttp.connector import Connection
from aiohttp.tracing import Trace

from netwatch.net.connection import abort
from netwatch.net.peer import Peer
from netwatch.net.trust import certificate_end


class PeerConnector(TCPConnector):
    """One connection at a time, over sockets of a peer.

    Its connections are ended by the peer: TLS by itself would wait for the server's farewell.

    Attributes:
        certificate_end: of the last connection, Unix seconds; None without TLS. It is read when
            the connection is made, since that may be gone when the answer is read.
    """

    def __init__(self, peer: Peer, context: ssl.SSLContext, *, keep: bool) -> None:
        super().__init__(
            limit=1,
            force_close=not keep,
            socket_factory=lambda _: peer.socket(),
            ssl=context,
        )
        self.certificate_end: float | None = None
        self._peer = peer

    async def connect(
        self,
        req: ClientRequest,
        traces: list[Trace],
        timeout: ClientTimeout,  # noqa: ASYNC109 - aiohttp's
    ) -> Connection:
        """A connection for a request, perhaps the former one."""
        connection = await super().connect(req, traces, timeout)
        transport = connection.transport
        if transport is None:
            raise aiohttp.ServerDisconnectedError
        self._peer.ends_with(partial(abort, transport))
        self.certificate_end = certificate_end(transport.get_extra_info("ssl_object"))
        return connection

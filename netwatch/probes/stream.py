"""Conversations over TCP and TLS: opened, bounded, and always closed."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache

from netwatch.core.result import Outcome, Reason
from netwatch.probes.tasks import Measured

HUNG_UP = Measured(Outcome.FAILURE, Reason.RESET, detail="hung up instead of answering")


@asynccontextmanager
async def conversation(
    address: str, port: int, *, tls: bool, limit: int
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A connection, and with ``tls`` a handshake that takes any certificate.

    Whether a service answers does not depend on who signed for it, and meeting devices sign for
    themselves.

    Args:
        address: IPv4 or IPv6 address.
        port: TCP port.
        tls: whether to speak TLS.
        limit: octets that the peer may send ahead of being read.

    Raises:
        OSError: no connection; ssl.SSLError is one of them.
    """
    security = _any_certificate() if tls else None
    reader, writer = await asyncio.open_connection(address, port, ssl=security, limit=limit)
    try:
        yield reader, writer
    finally:
        # Not waited for: the peer could keep us waiting for its end of TLS.
        writer.transport.abort()


@cache
def _any_certificate() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context

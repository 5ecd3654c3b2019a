"""Conversations over TCP and TLS: opened, bounded, and always closed."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache

from netwatch.probes.endpoint import BabbleError


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


async def read_head(reader: asyncio.StreamReader, most: int) -> bytes:
    """Start line and headers of the next message, with the empty line that ends them.

    Empty lines before a message are keep-alives (RFC 5626, section 4.4.1).

    Raises:
        EOFError: the peer hung up.
        BabbleError: there are more than ``most`` octets of it.
    """
    head = b""
    while not head.endswith(b"\r\n\r\n") or not head.strip():
        try:
            head += await reader.readuntil(b"\r\n")
        except asyncio.LimitOverrunError:
            raise BabbleError from None
        if len(head) > most:
            raise BabbleError
    return head


@cache
def _any_certificate() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context

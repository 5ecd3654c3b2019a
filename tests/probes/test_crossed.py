"""What crossed once is proof: a failed slot still says that something came from the service."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from pydantic import SecretStr

from netwatch import probes
from netwatch.core.login import Login
from netwatch.core.result import Result
from netwatch.flows.block import block_in
from tests.harness.probe_bench import running
from tests.harness.servers import (
    ADDRESS,
    Authority,
    Handler,
    closing,
    resetting,
    said,
    served,
)

pytestmark = pytest.mark.slow

LONG = 60.0
"""Seconds that no machine needs."""

LOGIN = Login(SecretStr("secret"), "netwatch")
OVER_TLS: dict[str, tuple[str, dict[str, Any]]] = {
    "https": ("http", {}),
    "api": ("api", {"adapter": "bigbluebutton", "login": "bbb"}),
    "sip": ("sip", {"transport": "tls"}),
    "stun": ("stun", {"transport": "tls"}),
    "smtp": ("smtp", {"starttls": True}),
}


async def ask(port: int, kind: str, keys: dict[str, Any], timeout: float = LONG) -> Result:
    async with running(probes.kinds()[kind]) as bench:
        login = LOGIN if "login" in keys else None
        return await bench.measure(ADDRESS, timeout=timeout, logged_in=login, port=port, **keys)


def resets_after(octets: bytes, *, hears: bytes = b"") -> Handler:
    """Says something, and resets the connection when it has heard what it waits for."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if hears:
            await reader.readuntil(hears)
        writer.write(octets)
        await writer.drain()
        writer.get_extra_info("socket").setsockopt(1, 13, b"\1\0\0\0\0\0\0\0")  # SO_LINGER
        writer.transport.abort()

    return handle


async def greeted(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A mail server, until TLS begins; what comes then is never read."""
    writer.write(b"220 mail ESMTP\r\n")
    await reader.readuntil(b"\r\n")
    writer.write(b"250-mail\r\n250 STARTTLS\r\n")
    await reader.readuntil(b"\r\n")
    writer.write(b"220 go ahead\r\n")
    await reader.read(1)
    writer.transport.abort()


@contextmanager
def demanding(tls: ssl.SSLContext) -> Iterator[int]:
    """A server that shakes hands as OpenSSL does; gives its port. asyncio loses the alert."""

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                connection.settimeout(LONG)
                with suppress(OSError), tls.wrap_socket(connection, server_side=True) as session:
                    session.recv(1)

    with socket.create_server((ADDRESS, 0)) as listener:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield int(listener.getsockname()[1])
        listener.shutdown(socket.SHUT_RDWR)
    thread.join(LONG)


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
@pytest.mark.parametrize("name", [name for name in OVER_TLS if name != "smtp"])
async def test_a_server_that_wants_a_certificate_of_the_client(
    authority: Authority, name: str, version: ssl.TLSVersion
) -> None:
    """With TLS 1.3 its alert comes after the handshake, in place of the answer."""
    tls = authority.context([ADDRESS])
    tls.minimum_version = tls.maximum_version = version
    tls.verify_mode = ssl.CERT_REQUIRED
    tls.load_verify_locations(authority.bundle)
    kind, keys = OVER_TLS[name]
    if name in {"https", "api"}:
        keys = keys | {"ca": str(authority.bundle)}
    with demanding(tls) as port:
        result = await ask(port, kind, keys)
    assert said(result) == ("failure", "protocol_error")
    is_new = version is ssl.TLSVersion.TLSv1_3
    alert = "TLSV13_ALERT_CERTIFICATE_REQUIRED" if is_new else "SSLV3_ALERT_HANDSHAKE_FAILURE"
    assert result.detail == f"TLS: {alert}"
    assert block_in(result) is None


@pytest.mark.parametrize(
    ("kind", "keys", "handler", "reason"),
    [
        ("smtp", {}, resets_after(b"220"), "reset"),
        ("smtp", {}, resets_after(b"220 mail\r\n"), "reset"),
        ("http", {"scheme": "http"}, resets_after(b"HTTP/1.1 200 OK\r\n"), "reset"),
        ("rtsp", {}, resets_after(b"RTSP/1.0 "), "reset"),
        ("sip", {"transport": "tcp"}, resets_after(b"SIP/2.0 100 Trying\r\n"), "reset"),
        ("smtp", {"starttls": True}, greeted, "reset"),
    ],
)
async def test_an_octet_and_then_a_reset_is_no_block(
    kind: str, keys: dict[str, Any], handler: Handler, reason: str
) -> None:
    async with served(handler) as port:
        result = await ask(port, kind, keys)
    assert said(result) == ("failure", reason)
    assert result.crossed
    assert block_in(result) is None


@pytest.mark.parametrize("handler", [closing, resetting])
@pytest.mark.parametrize("kind", ["smtp", "http", "tls", "rtsp"])
async def test_a_connection_without_an_octet_is_a_block(kind: str, handler: Handler) -> None:
    async with served(handler) as port:
        result = await ask(port, kind, {})
    assert said(result) == ("failure", "reset")
    assert not result.crossed
    assert block_in(result) == "reset"


async def test_a_redirect_proves_that_the_way_is_open() -> None:
    async def redirect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server.close()  # nobody listens any more when the redirect is followed
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\n\r\n")
        await reader.read()
        writer.close()

    server = await asyncio.start_server(redirect, ADDRESS, 0)
    port = server.sockets[0].getsockname()[1]
    result = await ask(port, "http", {"scheme": "http", "redirects": 1})
    assert (result.reason, result.detail) == ("refused", "status 302; then refused")
    assert block_in(result) is None


class Truncating(asyncio.DatagramProtocol):
    """A DNS server that answers every question over UDP with: ask over TCP."""

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def datagram_received(self, data: bytes, source: tuple[str, int]) -> None:
        self._transport.sendto(data[:2] + b"\x82\x00" + data[4:], source)


async def test_an_answer_that_is_cut_short_proves_that_the_way_is_open() -> None:
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(Truncating, local_addr=(ADDRESS, 0))
    port = transport.get_extra_info("sockname")[1]
    result = await ask(port, "dns", {"name": "haiduong.gov.vn"})
    transport.close()
    assert (result.reason, result.detail) == ("refused", "truncated over UDP; TCP refused")
    assert block_in(result) is None


async def test_crumbs_until_the_time_is_up_are_no_block() -> None:
    async def crumb(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"2")
        await asyncio.Event().wait()

    async with served(crumb) as port:
        result = await ask(port, "smtp", {}, timeout=4.0)
    assert said(result) == ("failure", "tarpit")
    assert block_in(result) is None

"""Servers on loopback, good ones and hostile ones, and one slot of a probe against them."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from netwatch.core.result import Report, Result
from netwatch.probes.base import ProbeKind
from tests.harness.builders import make_check
from tests.harness.stalls import unless_stalled

ADDRESS = "127.7.0.2"
NAME = "portal.test"
PATIENCE = 60.0
"""Seconds beyond its timeout in which a slot must have ended, on however busy a machine."""

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def measure(
    kind: ProbeKind, keys: dict[str, Any], address: str = ADDRESS, timeout: float = 2.0
) -> Result:
    """One slot, and another one for each that this machine spoils."""
    return await unless_stalled(partial(_measure_once, kind, keys, address, timeout))


async def _measure_once(
    kind: ProbeKind, keys: dict[str, Any], address: str, timeout: float
) -> Result:
    reports: asyncio.Queue[Report] = asyncio.Queue()
    probe = kind.create(reports.put_nowait)
    await probe.open()
    params = kind.params.model_validate(keys)
    check = make_check(kind.name, address=address, timeout=timeout, params=params)
    begin = time.monotonic()
    probe.launch(check, begin)
    async with asyncio.timeout(timeout + PATIENCE):
        report = await reports.get()
    await probe.close()
    assert isinstance(report, Result)
    assert report.duration is None or 0 < report.duration <= timeout
    return report


def said(result: Result) -> tuple[str, str]:
    return str(result.outcome), str(result.reason)


@asynccontextmanager
async def served(
    handler: Handler, address: str = ADDRESS, tls: ssl.SSLContext | None = None, port: int = 0
) -> AsyncIterator[int]:
    """A TCP server; gives its port. What a client's hanging up raises is nobody's concern."""
    tasks: set[asyncio.Task[None]] = set()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            await handler(reader, writer)
        writer.transport.abort()

    server = await asyncio.start_server(handle, address, port, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def silent(_reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    """Accepts, and says nothing."""
    await asyncio.Event().wait()


async def closing(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Accepts, and hangs up at once."""
    writer.close()


async def resetting(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Resets the connection, at the first octet or soon."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(0.1):
            await reader.read(1)
    sock = writer.get_extra_info("socket")
    sock.setsockopt(1, 13, b"\1\0\0\0\0\0\0\0")  # SOL_SOCKET, SO_LINGER: no waiting
    writer.transport.abort()


async def garbage(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Says what no protocol knows, and waits."""
    writer.write(b"\x00\xff\x16\x03\r\n\x80 garbage \x7f\r\n")
    await asyncio.Event().wait()


async def endless(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One line without end, as fast as it goes."""
    while not writer.is_closing():
        writer.write(b"2" * 65536)
        await writer.drain()


async def dripping(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """An octet now and then, for ever."""
    while True:
        writer.write(b"2")
        await asyncio.sleep(0.1)


UNFIT: list[tuple[Handler, str]] = [
    (silent, "silent"),
    (closing, "reset"),
    (resetting, "reset"),
    (garbage, "protocol_error"),
    (endless, "protocol_error"),
]
"""What is no service at all, and what any probe has to say of it."""


@dataclass
class Authority:
    """Issues certificates, and keeps them in files of a directory."""

    directory: Path

    def __post_init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test authority")])
        certificate = self._certificate(self.name, self.key, -1, 3650, [], authority=True)
        self.bundle = self.directory / "ca.pem"
        self.bundle.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))

    def context(
        self, names: list[str], begin: float = -1, end: float = 90, *, own: bool = False
    ) -> ssl.SSLContext:
        """A server's context with a certificate valid between these days from now on."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.pair(names, begin, end, own=own))
        return context

    def pair(
        self, names: list[str], begin: float = -1, end: float = 90, *, own: bool = False
    ) -> Path:
        """A file with such a certificate and its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "server")])
        issuer = key if own else self.key
        certificate = self._certificate(subject, key, begin, end, names, issuer=issuer)
        file = self.directory / f"{certificate.serial_number}.pem"
        file.write_bytes(
            certificate.public_bytes(serialization.Encoding.PEM)
            + key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        return file

    def _certificate(  # noqa: PLR0913, PLR0917 - a certificate says all of these
        self,
        subject: x509.Name,
        key: ec.EllipticCurvePrivateKey,
        begin: float,
        end: float,
        names: list[str],
        issuer: ec.EllipticCurvePrivateKey | None = None,
        *,
        authority: bool = False,
    ) -> x509.Certificate:
        now = dt.datetime.now(dt.UTC).replace(microsecond=0)
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject if issuer is key else self.name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now + dt.timedelta(days=begin))
            .not_valid_after(now + dt.timedelta(days=end))
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        )
        if names:
            alternatives = [_alternative(name) for name in names]
            builder = builder.add_extension(
                x509.SubjectAlternativeName(alternatives), critical=False
            )
        return builder.sign(issuer or self.key, hashes.SHA256())


def _alternative(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)

"""One TCP connection, on which TLS may begin: with any certificate, or with one that is trusted."""

from __future__ import annotations

import asyncio
import ssl
from contextlib import AbstractContextManager, suppress

from netwatch.core.result import Reason
from netwatch.net.chain import CertificateRefusedError, chain_end
from netwatch.net.errors import NetworkError, NoAnswerError, explained
from netwatch.net.icmp import Refusal
from netwatch.net.sockets import TcpSocket


class Connection:
    """A connection to a peer, opened by ``Peer.connect``; it ends with the peer.

    Whatever the network or the peer does wrong is raised as NetworkError.

    Attributes:
        local: address and port of this end.
        certificate_end: when the certificates that the peer showed end to be valid, Unix seconds,
            whether they were trusted or not; None where none was looked at.
    """

    def __init__(
        self, sock: TcpSocket, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.local: tuple[str, int] = writer.get_extra_info("sockname")[:2]
        self.certificate_end: float | None = None
        self._socket = sock
        self._reader = reader
        self._writer = writer
        # TLS puts a transport of its own before this one, and closes it only after a farewell.
        self._transport = writer.transport

    def write(self, data: bytes) -> None:
        """Send, and wait for nothing. What is lost with the connection is told by the next read."""
        self._writer.write(data)

    async def read_exactly(self, octets: int) -> bytes:
        """The next octets, all of them."""
        with self._explained():
            return await self._reader.readexactly(octets)

    async def read_some(self, octets: int) -> bytes:
        """What comes next, ``octets`` at the most; empty when the peer has ended properly."""
        with self._explained():
            return await self._reader.read(octets)

    async def read_until(self, end: bytes) -> bytes:
        """What comes until ``end``, with it; as long at most as ``Peer.connect`` was told."""
        try:
            with self._explained():
                return await self._reader.readuntil(end)
        except asyncio.LimitOverrunError:
            raise NoAnswerError("a line without end") from None

    async def read_head(self, max_octets: int) -> bytes:
        """Start line and headers of the next message, with the empty line that ends them.

        Empty lines before a message are keep-alives (RFC 5626, section 4.4.1). A line may end
        with a bare line feed, as some devices write it.
        """
        lines: list[bytes] = []
        octets = 0
        while octets <= max_octets:
            line = await self.read_until(b"\n")
            octets += len(line)
            if line.strip():
                lines.append(line)
            elif lines:
                return b"".join((*lines, line))
        raise NoAnswerError(f"a head of more than {max_octets} octets")

    async def start_tls(self, context: ssl.SSLContext, name: str) -> None:
        """Shake hands.

        Args:
            context: whom to trust, see ``netwatch.net.trust``.
            name: whose certificate it must be, where the context looks at it.

        Raises:
            NetworkError: it fails, or the peer said something in plain that nobody has read: it
                would be taken for what comes over TLS.
        """
        with self._explained():
            if self._has_more():
                raise NetworkError(Reason.PROTOCOL_ERROR, "TLS: something in plain came before it")
            try:
                await self._writer.start_tls(context, server_hostname=name)
            except CertificateRefusedError as error:
                self.certificate_end = error.certificate_end
                raise
        self.certificate_end = chain_end(self._writer.get_extra_info("ssl_object"))

    def _has_more(self) -> bool:
        """Whether octets were received that are not read yet; the first of them is lost.

        Nothing may come in between, so the event loop has no turn: a read that waits is ended.
        """
        reading = self._reader.read(1)
        try:
            reading.send(None)
        except StopIteration as ended:
            return bool(ended.value)
        finally:
            reading.close()
        return False

    @property
    def has_ended(self) -> bool:
        """Whether the peer has hung up, and nothing is left to read."""
        return self._reader.at_eof() or self._reader.exception() is not None

    def abort(self) -> None:
        """End it at once, without waiting for the peer."""
        abort(self._transport)

    def _explained(self) -> AbstractContextManager[None]:
        return explained(self._refusal, connected=True)

    def _refusal(self) -> Refusal | None:
        self._socket.examine()
        return self._socket.refusal


def abort(transport: asyncio.WriteTransport) -> None:
    """End a connection at once.

    Debian's Python (3.11.2) can't abort a TLS connection that is closed already: of that the
    transport knows nothing any more, and says so by an AttributeError.
    """
    with suppress(AttributeError):
        transport.abort()

"""Probes that talk over one TCP connection, and say at which point the talk ended."""

from __future__ import annotations

import asyncio
import ssl
import time
from abc import abstractmethod
from collections.abc import Callable

from netwatch.core.check import Check
from netwatch.core.result import Outcome, Reason, Sink
from netwatch.probes.sockets import BUDGET, NO_WINDOW, ProbeSocket, failed
from netwatch.probes.tasks import STALL, STALLED, Measured, P, TaskProbe

MAX_CONCURRENT = 512
"""Open conversations at one time; each holds a file descriptor."""

_RESERVE = 0.05
"""Seconds before the timeout at which the talk ends, so that it can be said how far it came."""

_MAX_DETAIL = 80

_EXPIRED = 10  # X509_V_ERR_CERT_HAS_EXPIRED, openssl/x509_vfy.h


class UnfitError(Exception):
    """The peer said what the check does not want; ends the conversation."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


class Talk:
    """One conversation with one address, over one connection or several.

    Whatever happens, its connections are ended with it, and none brings in more than ``budget``
    octets.
    """

    def __init__(self, address: str, budget: int = BUDGET) -> None:
        self._address = address
        self._budget = budget
        self._sockets: list[ProbeSocket] = []
        self._writers: list[asyncio.StreamWriter] = []  # one that is dropped closes too gently
        self._ends: list[Callable[[], None]] = []

    def socket(self) -> ProbeSocket:
        """A new socket for this address. Whoever asks for it closes it."""
        sock = ProbeSocket(self._address, self._budget)
        self._sockets.append(sock)
        return sock

    async def connect(self, port: int) -> ProbeSocket:
        """Connect to the address.

        Raises:
            OSError: it could not be done.
            UnfitError: the peer takes no octet.
        """
        sock = self.socket()
        self._ends.append(sock.close)
        await asyncio.get_running_loop().sock_connect(sock, (self._address, port))
        sock.examine()
        if sock.window < NO_WINDOW:
            raise UnfitError(Reason.TARPIT, f"a window of {sock.window}")
        return sock

    async def open(
        self, port: int, limit: int = 4096
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Connect as ``connect`` does; the reader holds at most twice ``limit`` octets."""
        sock = await self.connect(port)
        self._ends.pop()
        reader, writer = await asyncio.open_connection(sock=sock, limit=limit)
        self._writers.append(writer)
        # The present transport, because TLS puts another one before it.
        self._ends.append(writer.transport.abort)
        return reader, writer

    def ends_with(self, end: Callable[[], None]) -> None:
        """Call this at the end; for connections that others made of a socket of this talk."""
        self._ends.append(end)

    def silence(self) -> Reason:
        """What it means that time is up."""
        if not self._sockets:
            return Reason.TIMEOUT
        last = self._sockets[-1]
        last.examine()
        if not last.connected:
            return Reason.TIMEOUT
        held_up = last.received or last.window < NO_WINDOW
        return Reason.TARPIT if held_up else Reason.SILENT

    def failed(self, error: OSError) -> Measured:
        """What an error of the present connection says."""
        for sock in self._sockets:
            sock.examine()
        if isinstance(error, ssl.SSLCertVerificationError):
            expired = error.verify_code == _EXPIRED
            reason = Reason.CERTIFICATE_EXPIRED if expired else Reason.CERTIFICATE_INVALID
            return Measured(Outcome.FAILURE, reason, detail=printable(error.verify_message))
        if isinstance(error, ssl.SSLError):
            detail = f"TLS: {error.reason or 'broken off'}"
            return Measured(Outcome.FAILURE, Reason.PROTOCOL_ERROR, detail=printable(detail))
        return failed(error, self._sockets[-1].refusal if self._sockets else None)

    def close(self) -> None:
        """End all connections, without waiting for anything."""
        for end in self._ends:
            end()


class ConversationProbe(TaskProbe[P]):
    """Base of the probes that hold a conversation over TCP."""

    def __init__(self, sink: Sink) -> None:
        super().__init__(sink, MAX_CONCURRENT)

    @abstractmethod
    async def converse(self, check: Check[P], talk: Talk) -> Measured:
        """Hold the conversation; OSError, EOFError and UnfitError may come out of it."""

    async def measure(self, check: Check[P]) -> Measured:
        """Hold the conversation, and say how it ended."""
        talk = Talk(check.address)
        begin = time.monotonic()
        limit = check.timeout - min(_RESERVE, check.timeout / 10)
        try:
            async with asyncio.timeout(limit) as deadline:
                return await self.converse(check, talk)
        except UnfitError as error:
            return Measured(Outcome.FAILURE, error.reason, detail=error.detail)
        except EOFError:
            return Measured(Outcome.FAILURE, Reason.RESET, detail="closed by the peer")
        except OSError as error:
            if not deadline.expired():
                return talk.failed(error)
            if time.monotonic() - begin - limit > STALL:
                return STALLED
            return Measured(Outcome.FAILURE, talk.silence())
        finally:
            talk.close()


def printable(text: str) -> str:
    """One short line of what a peer said."""
    return "".join(c if c.isprintable() else "?" for c in text[:_MAX_DETAIL])

"""Web and mail servers of the lab: one page, and one greeting."""

from __future__ import annotations

import asyncio
from abc import abstractmethod

MAX_REQUEST_OCTETS = 8192
"""Octets of an unfinished request after which the connection is closed."""

_PAGE = (
    "<!doctype html><html><head><title>Trang mô phỏng / A simulated page</title></head></html>\n"
).encode()
_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n"


class _Lines(asyncio.Protocol):
    """Reads requests, each of which ends in the same octets."""

    end: bytes

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Note the transport to answer by."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._heard = b""

    def data_received(self, data: bytes) -> None:
        """Answer every request that is complete, and close after too long an unfinished one."""
        self._heard += data
        while self.end in self._heard:
            request, _, self._heard = self._heard.partition(self.end)
            self._transport.write(self.answer(request))
        if len(self._heard) > MAX_REQUEST_OCTETS:
            self._transport.abort()

    @abstractmethod
    def answer(self, request: bytes) -> bytes:
        """What is sent back."""


class WebConnection(_Lines):
    """A portal: every question gets the same page."""

    end = b"\r\n\r\n"

    def answer(self, request: bytes) -> bytes:
        """The page."""
        del request
        return _ANSWER % len(_PAGE) + _PAGE


class MailConnection(_Lines):
    """A mail server that greets, and takes no mail."""

    end = b"\r\n"

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet; in SMTP the server speaks first."""
        super().connection_made(transport)
        self._transport.write(b"220 mail.lab ESMTP\r\n")

    def answer(self, request: bytes) -> bytes:
        """250 to a greeting, 221 to a farewell, 502 to everything else."""
        verb = request[:4].upper()
        return {
            b"EHLO": b"250 mail.lab\r\n",
            b"HELO": b"250 mail.lab\r\n",
            b"QUIT": b"221 bye\r\n",
        }.get(verb, b"502 not in the lab\r\n")

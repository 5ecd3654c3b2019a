"""Requests over UDP, which are sent again while no answer comes, as SIP and STUN both want it."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Generic, TypeVar

from netwatch.net.errors import NoAnswerError, explained
from netwatch.net.icmp import Refusal, keep_icmp_errors, refusal_of
from netwatch.net.sockets import family_of

FIRST_WAIT = 0.5
"""Seconds until a request is sent again: T1 of RFC 3261, RTO of RFC 8489."""

MAX_WAIT = 4.0
"""Seconds up to which that doubles: T2 of RFC 3261."""

MAX_FOREIGN_DATAGRAMS = 64
"""Datagrams of the peer that are no answer, after which it is not listened to any more."""

MAX_FOREIGN_OCTETS = 1 << 18
"""Octets of such datagrams, after which it is not listened to either: four of the longest."""

_MAX_OCTETS = 65535

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reply(Generic[T]):
    """What came back.

    Attributes:
        content: what the caller made of it.
        requests: how often it was asked for; more than one means that packets were lost.
    """

    content: T
    requests: int


class Datagrams(AbstractContextManager["Datagrams"]):
    """A UDP socket that is connected to its peer.

    So the kernel drops what others send, and tells what ICMP says as an error.

    Attributes:
        local: address and port of this end.

    Raises:
        NetworkError: the kernel has no socket or no route.
    """

    def __init__(self, address: str, port: int) -> None:
        with explained(_nothing_said):
            self._socket = socket.socket(family_of(address), socket.SOCK_DGRAM)
            try:
                keep_icmp_errors(self._socket)
                self._socket.setblocking(False)
                self._socket.connect((address, port))
            except OSError:
                self._socket.close()
                raise
        self.local: tuple[str, int] = self._socket.getsockname()[:2]

    async def ask(self, request: bytes, accept: Callable[[bytes], T | None]) -> Reply[T]:
        """Send a request, again and again, until an answer comes; the caller limits the time.

        Args:
            request: one datagram.
            accept: makes something of a datagram that is the answer, and None of any other.

        Raises:
            NetworkError: the host or a router refuses, or more came that is no answer
                than ``MAX_FOREIGN_DATAGRAMS`` or ``MAX_FOREIGN_OCTETS``.
        """
        receiving = asyncio.ensure_future(self.receive(accept))
        wait, requests = FIRST_WAIT, 0
        try:
            while not receiving.done():
                # A full socket buffer is a lost packet, and asked for again like one.
                await self.send(request)
                requests += 1
                await asyncio.wait((receiving,), timeout=wait)
                wait = min(2 * wait, MAX_WAIT)
            return Reply(receiving.result(), requests)
        finally:
            receiving.cancel()
            # Until it has let go of the socket, the socket's number must not be used anew.
            await asyncio.gather(receiving, return_exceptions=True)

    async def send(self, data: bytes) -> None:
        """Send once, and wait for nothing."""
        with explained(self._refusal):
            await asyncio.get_running_loop().sock_sendall(self._socket, data)

    async def receive(self, accept: Callable[[bytes], T | None]) -> T:
        """What ``accept`` makes of the first datagram that it takes.

        What it doesn't take is passed over: else anybody could end the wait (RFC 5452).

        Raises:
            NetworkError: as of ``ask``.
        """
        loop = asyncio.get_running_loop()
        octets = 0
        for _ in range(MAX_FOREIGN_DATAGRAMS):
            with explained(self._refusal):
                data = await loop.sock_recv(self._socket, _MAX_OCTETS)
            accepted = accept(data)
            if accepted is not None:
                return accepted
            octets += len(data)
            if octets > MAX_FOREIGN_OCTETS:
                break
            # What is in the socket already is read without a pause: others get their turn here.
            await asyncio.sleep(0)
        raise NoAnswerError

    def _refusal(self) -> Refusal | None:
        return refusal_of(self._socket)

    def __exit__(self, *_: object) -> None:
        self._socket.close()


def _nothing_said() -> None:
    """Before the first packet went out, no ICMP error can have come."""

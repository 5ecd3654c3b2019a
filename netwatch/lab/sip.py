"""A SIP endpoint: it answers OPTIONS as it would an INVITE (RFC 3261, section 11.2), no more."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable

_REPEATED = {b"via", b"from", b"call-id", b"cseq"}
_MAX_OCTETS = 8192
"""Octets of an unfinished request after which the connection is closed."""


def respond(request: bytes, *, in_call: bool) -> bytes | None:
    """200 to an OPTIONS request, 486 while it is in a call; None for everything else."""
    head, end, _ = request.partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    if not end or not lines[0].startswith(b"OPTIONS "):
        return None
    answer = [b"SIP/2.0 486 Busy Here" if in_call else b"SIP/2.0 200 OK"]
    for line in lines[1:]:
        name = line.partition(b":")[0].strip().lower()
        if name in _REPEATED:
            answer.append(line)
        elif name == b"to":
            tag = hashlib.blake2b(head, digest_size=6).hexdigest().encode()
            answer.append(line + b";tag=" + tag)
    answer += [b"Allow: INVITE, ACK, BYE, CANCEL, OPTIONS", b"Content-Length: 0", b"", b""]
    return b"\r\n".join(answer)


class SipConnection(asyncio.Protocol):
    """One request, one answer, until the caller hangs up or says too much.

    Args:
        in_call: whether the endpoint is in a call now.
    """

    def __init__(self, in_call: Callable[[], bool]) -> None:
        self._in_call = in_call

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Note the transport to answer by."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._heard = b""

    def data_received(self, data: bytes) -> None:
        """Answer every request that is complete, and close after too long an unfinished one."""
        self._heard += data
        while b"\r\n\r\n" in self._heard:
            head, _, self._heard = self._heard.partition(b"\r\n\r\n")
            if answer := respond(head + b"\r\n\r\n", in_call=self._in_call()):
                self._transport.write(answer)
        if len(self._heard) > _MAX_OCTETS:
            self._transport.abort()

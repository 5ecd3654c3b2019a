"""RTSP OPTIONS (RFC 2326, section 10.1): does a camera's or recorder's server answer."""

from __future__ import annotations

import re
import secrets
import time
from typing import ClassVar

from pydantic import Field

from netwatch import __version__
from netwatch.core.check import Check
from netwatch.core.facts import REACHABLE, READY, STACK_ALIVE, endpoint_facts
from netwatch.core.params import ProbeParams
from netwatch.core.result import Outcome, Reason
from netwatch.net.errors import NoAnswerError
from netwatch.net.peer import Peer
from netwatch.probes.base import ProbeKind
from netwatch.probes.endpoint import EndpointProbe
from netwatch.probes.tasks import Measured

MAX_HEAD = 8192
"""Octets of status line and headers; more is not read."""

_STATUS_LINE = re.compile(rb"RTSP/1\.0 ([1-5][0-9]{2})(?: [^\r\n]*)?\r\n")
_CSEQ = re.compile(rb"\r\nCSeq[ \t]*:[ \t]*([0-9]{1,9})[ \t]*\r\n", re.IGNORECASE)

_UNAUTHORIZED = 401


class RtspParams(ProbeParams):
    """Keys of ``probe: rtsp``."""

    shortest_interval: ClassVar[float] = 1.0

    port: int = Field(default=554, ge=1, le=65535)

    @property
    def qualifier(self) -> str:
        """The port."""
        return str(self.port)


class RtspProbe(EndpointProbe[RtspParams]):
    """One OPTIONS a slot; no stream is ever set up."""

    async def ask(self, check: Check[RtspParams], peer: Peer) -> Measured:
        """Ask for the methods that the server knows; a demand for a password is an answer, too."""
        begin = time.monotonic()
        status = await _ask(peer, check.params.port)
        known = endpoint_facts(reachable=True, stack_alive=True)
        if status < 300 or status == _UNAUTHORIZED:
            duration = time.monotonic() - begin
            return Measured(Outcome.SUCCESS, Reason.OK, duration, detail=f"{status}", facts=known)
        reason = Reason.UNEXPECTED_ANSWER
        return Measured(Outcome.FAILURE, reason, detail=f"{status}", facts=known)


def options_request(address: str, port: int, sequence: int) -> bytes:
    """The request, for the server as a whole."""
    host = f"[{address}]" if ":" in address else address
    lines = (
        f"OPTIONS rtsp://{host}:{port}/ RTSP/1.0",
        f"CSeq: {sequence}",
        f"User-Agent: netwatch/{__version__}",
    )
    return "\r\n".join((*lines, "", "")).encode()


def parse_status(head: bytes, sequence: int) -> int | None:
    """The status of a response to our request; None for everything else."""
    status = _STATUS_LINE.match(head.lstrip(b"\r\n"))
    found = _CSEQ.search(head)
    if status is None or found is None or int(found[1]) != sequence:
        return None
    return int(status[1])


async def _ask(peer: Peer, port: int) -> int:
    """The status of the response."""
    sequence = 1 + secrets.randbelow(1 << 24)
    connection = await peer.connect(port, MAX_HEAD)
    connection.write(options_request(peer.address, port, sequence))
    status = parse_status(await connection.read_head(MAX_HEAD), sequence)
    if status is None or status < 200:
        raise NoAnswerError
    return status


PROBE = ProbeKind("rtsp", RtspParams, RtspProbe, facts=(REACHABLE, STACK_ALIVE, READY))

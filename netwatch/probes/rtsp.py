"""RTSP OPTIONS (RFC 2326, section 10.1): does a camera's or recorder's server answer."""

from __future__ import annotations

import re
import secrets
import time
from typing import Annotated, ClassVar

from pydantic import AfterValidator

from netwatch import __version__
from netwatch.core.check import Check
from netwatch.core.facts import REACHABLE, READY, STACK_ALIVE, endpoint_facts
from netwatch.core.params import Port, PortParams
from netwatch.core.result import Outcome, Reason
from netwatch.net.connection import Connection
from netwatch.net.errors import NoAnswerError, printable
from netwatch.net.peer import Peer
from netwatch.probes.base import ProbeKind
from netwatch.probes.endpoint import EndpointProbe
from netwatch.probes.tasks import Measured

MAX_HEAD = 8192
"""Octets of status line and headers; more is not read."""

MAX_BODY = 65_536
"""Octets of a body that is passed over."""

_MAX_MESSAGES = 16
"""On one connection; all but the last are not our answer."""

_INTERLEAVED = b"$"
_REQUEST_LINE = re.compile(rb"[!-~]+ [!-~]+ RTSP/[12]\.[0-9][ \t]*\r?\n")
_STATUS_LINE = re.compile(rb"RTSP/[12]\.[0-9] ([1-5][0-9]{2})(?: [^\r\n]*)?\r?\n")
_MAX_CSEQ_DIGITS = 9

_UNAUTHORIZED, _NOT_FOUND = 401, 404


def _path(value: str) -> str:
    if not re.fullmatch(r"/[!-~]{0,254}", value):
        raise ValueError(f"{value[:64]!r} is no path; write e.g. /Streaming/Channels/101")
    return value


class RtspParams(PortParams):
    """Keys of ``probe: rtsp``.

    Attributes:
        path: of the stream that is asked for; ``/`` asks for the server as a whole.
    """

    shortest_interval: ClassVar[float] = 1.0

    port: Port = 554
    path: Annotated[str, AfterValidator(_path)] = "/"

    @property
    def qualifier(self) -> str:
        """The port, and the path where one is given."""
        return f"{self.port}{self.path.rstrip('/')}"


class RtspProbe(EndpointProbe[RtspParams]):
    """One OPTIONS a slot; no stream is ever set up."""

    async def ask(self, check: Check[RtspParams], peer: Peer) -> Measured:
        """Ask for the methods that the server knows; a demand for a password is an answer, too."""
        begin = time.monotonic()
        status, detail = await _ask(peer, check.params)
        known = endpoint_facts(reachable=True, stack_alive=True)
        # Cameras that know no stream of this name say so of the server's own one, too.
        alive = {_UNAUTHORIZED, _NOT_FOUND} if check.params.path == "/" else {_UNAUTHORIZED}
        if status < 300 or status in alive:
            duration = time.monotonic() - begin
            return Measured(Outcome.SUCCESS, Reason.OK, duration, detail=detail, facts=known)
        return Measured(Outcome.FAILURE, Reason.UNEXPECTED_ANSWER, detail=detail, facts=known)


def options_request(address: str, port: int, sequence: int, path: str = "/") -> bytes:
    """The request. CSeq is its last header: some cameras find it nowhere else."""
    host = f"[{address}]" if ":" in address else address
    lines = (
        f"OPTIONS rtsp://{host}:{port}{path} RTSP/1.0",
        f"User-Agent: netwatch/{__version__}",
        f"CSeq: {sequence}",
    )
    return "\r\n".join((*lines, "", "")).encode()


def parse_status(head: bytes) -> tuple[int, int | None] | None:
    """Status and CSeq of a response, which is None when it has none; None for everything else.

    Which request it answers is told by the connection, on which there is only one. So a wrong CSeq
    (RFC 2326, section 12.17) is a fault that can be told, and no reason to call a camera dead.
    """
    lines = head.lstrip(b"\r\n").splitlines(keepends=True)
    status = _STATUS_LINE.fullmatch(lines[0]) if lines else None
    if status is None:
        return None
    for line in lines[1:]:
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"cseq":
            number = value.strip()
            readable = number.isdigit() and len(number) <= _MAX_CSEQ_DIGITS
            return int(status[1]), int(number) if readable else None
    return int(status[1]), None


async def _ask(peer: Peer, params: RtspParams) -> tuple[int, str]:
    """The status of the response, and what is to be said of it."""
    sequence = 1 + secrets.randbelow(1 << 24)
    connection = await peer.connect(params.port, MAX_HEAD)
    connection.write(options_request(peer.address, params.port, sequence, params.path))
    for _ in range(_MAX_MESSAGES):
        head = await _next_head(connection)
        found = parse_status(head)
        if found is not None and found[0] >= 200:
            status, given = found
            return status, f"{status}" if given == sequence else f"{status}, {_wrong(given)}"
        first = head.partition(b"\n")[0] + b"\n"
        if found is None and not _REQUEST_LINE.fullmatch(first):
            raise NoAnswerError(f"not RTSP: {printable(first.decode('ascii', 'replace').strip())}")
        await _pass_over(connection, body_length(head))
    raise NoAnswerError


async def _next_head(connection: Connection) -> bytes:
    """Start line and headers of the next message; data of streams that come before are left out.

    They may stand between any two messages (RFC 2326, section 10.12).
    """
    for _ in range(MAX_HEAD):  # empty lines before a message are passed over as well
        first = await connection.read_exactly(1)
        if first == _INTERLEAVED:
            _, *length = await connection.read_exactly(3)
            await connection.read_exactly(int.from_bytes(length, "big"))
        elif first not in {b"\r", b"\n"}:
            return first + await connection.read_head(MAX_HEAD)
    raise NoAnswerError("streams instead of an answer")


async def _pass_over(connection: Connection, octets: int) -> None:
    if octets > MAX_BODY:
        raise NoAnswerError(f"a body of {octets} octets")
    await connection.read_exactly(octets)


def body_length(head: bytes) -> int:
    """Octets of the body behind a head; 0 where it says nothing that can be read."""
    for line in head.splitlines()[1:]:
        name, _, value = line.partition(b":")
        number = value.strip()
        if name.strip().lower() == b"content-length" and number.isdigit() and len(number) < 7:
            return int(number)
    return 0


def _wrong(given: int | None) -> str:
    """What is to be said of a CSeq that isn't ours."""
    return "without CSeq" if given is None else f"with CSeq {given}, which was not asked with"


PROBE = ProbeKind("rtsp", RtspParams, RtspProbe, facts=(REACHABLE, STACK_ALIVE, READY))

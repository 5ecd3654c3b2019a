"""TCP connect: does a port accept a connection (RFC 9293, three-way handshake), and how fast."""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import socket
import time

from pydantic import Field

from netwatch.core.check import Check
from netwatch.core.params import ProbeParams
from netwatch.core.result import Outcome, Reason, Sink
from netwatch.probes.base import ProbeKind
from netwatch.probes.tasks import Measured, TaskProbe

SIMULTANEOUS = 512
"""Open connects at one time; each holds a file descriptor."""

_REMOTE_ERRORS = {
    errno.ECONNREFUSED: Reason.REFUSED,
    errno.ECONNRESET: Reason.RESET,
    errno.EHOSTUNREACH: Reason.HOST_UNREACHABLE,
    errno.EACCES: Reason.PROHIBITED,
    errno.ETIMEDOUT: Reason.TIMEOUT,
}
_LOCAL_ERRORS = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM, errno.EADDRNOTAVAIL}
_LOCAL_ERRORS |= {errno.EPERM, errno.ENETUNREACH, errno.ENETDOWN, errno.EAFNOSUPPORT}
"""This machine has no route, no buffer, no descriptor: it says nothing about the target."""


class TcpParams(ProbeParams):
    """Keys of ``probe: tcp``."""

    port: int = Field(ge=1, le=65535)

    @property
    def qualifier(self) -> str:
        """The port."""
        return str(self.port)


class TcpProbe(TaskProbe):
    """Connects and closes at once; sends no byte of any protocol above TCP."""

    def __init__(self, sink: Sink) -> None:
        super().__init__(sink, SIMULTANEOUS)

    async def measure(self, check: Check) -> Measured:
        """Connect to the check's port."""
        assert isinstance(check.params, TcpParams)
        version = ipaddress.ip_address(check.address).version
        family = socket.AF_INET if version == 4 else socket.AF_INET6
        try:
            with socket.socket(family, socket.SOCK_STREAM) as connection:
                connection.setblocking(False)
                begin = time.monotonic()
                await asyncio.get_running_loop().sock_connect(
                    connection, (check.address, check.params.port)
                )
                return Measured(Outcome.SUCCESS, Reason.OK, time.monotonic() - begin)
        except OSError as error:
            if error.errno in _LOCAL_ERRORS:
                return Measured(Outcome.INVALID, Reason.LOCAL_ERROR, detail=error.strerror or "")
            reason = _REMOTE_ERRORS.get(error.errno or 0, Reason.PROTOCOL_ERROR)
            return Measured(Outcome.FAILURE, reason, detail=error.strerror or "")


PROBE = ProbeKind("tcp", TcpParams, TcpProbe)

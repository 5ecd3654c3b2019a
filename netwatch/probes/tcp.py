"""TCP connect: does a port accept a connection (RFC 9293, three-way handshake), and how fast."""

from __future__ import annotations

import asyncio
import time

from pydantic import Field

from netwatch.core.check import Check
from netwatch.core.params import ProbeParams
from netwatch.core.result import Outcome, Reason, Sink
from netwatch.probes.base import ProbeKind
from netwatch.probes.conversation import SIMULTANEOUS, ConversationProbe, Talk
from netwatch.probes.tasks import Measured


class TcpParams(ProbeParams):
    """Keys of ``probe: tcp``.

    Attributes:
        banner: the service speaks first (SSH, SMTP), and has to; a firewall that takes the
            connection in its place can't.
    """

    port: int = Field(ge=1, le=65535)
    banner: bool = False

    @property
    def qualifier(self) -> str:
        """The port."""
        return str(self.port)

    @property
    def tcp_port(self) -> int:
        """The port."""
        return self.port


class TcpProbe(ConversationProbe):
    """Connects and closes at once; sends no byte of any protocol above TCP."""

    def __init__(self, sink: Sink) -> None:
        super().__init__(sink, SIMULTANEOUS)

    async def converse(self, check: Check, talk: Talk) -> Measured:
        """Connect to the check's port, and wait for the banner if there has to be one."""
        assert isinstance(check.params, TcpParams)
        begin = time.monotonic()
        connection = await talk.connect(check.params.port)
        took = time.monotonic() - begin
        if check.params.banner and not await asyncio.get_running_loop().sock_recv(connection, 1):
            raise EOFError
        return Measured(Outcome.SUCCESS, Reason.OK, took)


PROBE = ProbeKind("tcp", TcpParams, TcpProbe)

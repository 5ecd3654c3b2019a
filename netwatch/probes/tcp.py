"""TCP connect: does a port accept a connection (RFC 9293, three-way handshake), and how fast."""

from __future__ import annotations

import asyncio
import time

from netwatch.core.check import Check
from netwatch.core.params import PortParams
from netwatch.core.result import Outcome, Reason
from netwatch.probes.base import ProbeKind
from netwatch.probes.conversation import ConversationProbe, Talk
from netwatch.probes.tasks import Measured


class TcpParams(PortParams):
    """Keys of ``probe: tcp``.

    Attributes:
        banner: the service speaks first (SSH, SMTP), and has to; a firewall that takes the
            connection in its place can't.
    """

    banner: bool = False


class TcpProbe(ConversationProbe[TcpParams]):
    """Connects and closes at once; sends no byte of any protocol above TCP."""

    async def converse(self, check: Check[TcpParams], talk: Talk) -> Measured:
        """Connect to the check's port, and wait for the banner if there has to be one."""
        begin = time.monotonic()
        connection = await talk.connect(check.params.port)
        took = time.monotonic() - begin
        if check.params.banner and not await asyncio.get_running_loop().sock_recv(connection, 1):
            raise EOFError
        return Measured(Outcome.SUCCESS, Reason.OK, took)


PROBE = ProbeKind("tcp", TcpParams, TcpProbe)

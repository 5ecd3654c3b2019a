"""TCP connect: does a port accept a connection (RFC 9293, three-way handshake), and how fast."""

from __future__ import annotations

import time

from netwatch.core.check import Check
from netwatch.core.params import PortParams
from netwatch.core.result import Outcome, Reason
from netwatch.net.peer import Peer
from netwatch.probes.base import ProbeKind
from netwatch.probes.service import ServiceProbe
from netwatch.probes.tasks import Measured


class TcpParams(PortParams):
    """Keys of ``probe: tcp``.

    Attributes:
        banner: the service speaks first (SSH, SMTP), and has to; a firewall that takes the
            connection in its place can't.
    """

    banner: bool = False


class TcpProbe(ServiceProbe[TcpParams]):
    """Connects and closes at once; sends no byte of any protocol above TCP."""

    async def ask(self, check: Check[TcpParams], peer: Peer) -> Measured:
        """Connect to the check's port, and wait for the banner if there has to be one."""
        begin = time.monotonic()
        sock = await peer.reach(check.params.port)
        took = time.monotonic() - begin
        if check.params.banner:
            connection = await peer.open_stream(sock)
            await connection.read_exactly(1)
        return Measured(Outcome.SUCCESS, Reason.OK, took)


PROBE = ProbeKind("tcp", TcpParams, TcpProbe)

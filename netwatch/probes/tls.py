"""TLS handshake: is the certificate whole, trusted, of the right name and in time (RFC 5280)."""

from __future__ import annotations

import time

from netwatch.core.check import Check
from netwatch.core.params import Port
from netwatch.core.result import Outcome, Reason
from netwatch.net.peer import Peer
from netwatch.net.trust import trust_now
from netwatch.probes.base import ProbeKind
from netwatch.probes.certificates import CERTIFICATE_END, CertifiedParams, certificate_facts
from netwatch.probes.service import ServiceProbe
from netwatch.probes.tasks import Measured


class TlsParams(CertifiedParams):
    """Keys of ``probe: tls``."""

    port: Port = 443

    @property
    def qualifier(self) -> str:
        """Port, and name where there is one."""
        return f"{self.name}:{self.port}" if self.name else str(self.port)


class TlsProbe(ServiceProbe[TlsParams]):
    """Shakes hands, looks at the certificate, and hangs up."""

    async def ask(self, check: Check[TlsParams], peer: Peer) -> Measured:
        """Connect and shake hands."""
        begin = time.monotonic()
        connection = await peer.connect(check.params.port)
        context = trust_now(check.params.ca)
        await connection.start_tls(context, check.params.name or check.address)
        took = time.monotonic() - begin
        facts = certificate_facts(connection.certificate_end)
        return Measured(Outcome.SUCCESS, Reason.OK, took, facts=facts)


PROBE = ProbeKind("tls", TlsParams, TlsProbe, facts=(CERTIFICATE_END,))

"""TLS handshake: is the certificate whole, trusted, of the right name and in time (RFC 5280)."""

from __future__ import annotations

import time

from netwatch.core.check import Check
from netwatch.core.facts import CERTIFICATE_END
from netwatch.core.params import Port
from netwatch.core.result import Outcome, Reason
from netwatch.probes.base import ProbeKind
from netwatch.probes.conversation import ConversationProbe, Talk
from netwatch.probes.tasks import Measured
from netwatch.probes.trust import CertifiedParams, certificate_facts, trust


class TlsParams(CertifiedParams):
    """Keys of ``probe: tls``."""

    port: Port = 443

    @property
    def qualifier(self) -> str:
        """Port, and name where there is one."""
        return f"{self.name}:{self.port}" if self.name else str(self.port)


class TlsProbe(ConversationProbe[TlsParams]):
    """Shakes hands, looks at the certificate, and hangs up."""

    async def converse(self, check: Check[TlsParams], talk: Talk) -> Measured:
        """Connect and shake hands."""
        begin = time.monotonic()
        _, writer = await talk.open(check.params.port)
        context = trust(check.params.ca)
        await writer.start_tls(context, server_hostname=check.params.name or check.address)
        took = time.monotonic() - begin
        facts = certificate_facts(writer.get_extra_info("ssl_object"))
        return Measured(Outcome.SUCCESS, Reason.OK, took, facts=facts)


PROBE = ProbeKind("tls", TlsParams, TlsProbe, facts=(CERTIFICATE_END,))

"""TLS handshake: is the certificate whole, trusted, of the right name and in time (RFC 5280)."""

from __future__ import annotations

import re
import time
from typing import Annotated

from pydantic import AfterValidator, Field

from netwatch.core.check import Check
from netwatch.core.params import ProbeParams
from netwatch.core.result import Outcome, Reason, Sink
from netwatch.probes.base import ProbeKind
from netwatch.probes.conversation import SIMULTANEOUS, ConversationProbe, Talk
from netwatch.probes.tasks import Measured
from netwatch.probes.trust import SYSTEM, Bundle, certificate_facts, trust


def _host_name(value: str) -> str:
    label = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
    if len(value) > 253 or not re.fullmatch(rf"{label}(?:\.{label})*", value):
        raise ValueError(f"{value[:64]!r} is not a host name; write e.g. mail.haiduong.gov.vn")
    return value.lower()


HostName = Annotated[str, AfterValidator(_host_name)]
"""What the server is called (RFC 1123). It is never looked up."""


class TlsParams(ProbeParams):
    """Keys of ``probe: tls``.

    Attributes:
        name: what the certificate must be for; the target's address when none is given.
        ca: path of the authorities' certificates, or ``system``.
    """

    port: int = Field(default=443, ge=1, le=65535)
    name: HostName | None = None
    ca: Bundle = Field(default=SYSTEM, validate_default=True)

    @property
    def qualifier(self) -> str:
        """Port, and name where there is one."""
        return f"{self.name}:{self.port}" if self.name else str(self.port)

    @property
    def tcp_port(self) -> int:
        """The port."""
        return self.port


class TlsProbe(ConversationProbe):
    """Shakes hands, looks at the certificate, and hangs up."""

    def __init__(self, sink: Sink) -> None:
        super().__init__(sink, SIMULTANEOUS)

    async def converse(self, check: Check, talk: Talk) -> Measured:
        """Connect and shake hands."""
        assert isinstance(check.params, TlsParams)
        begin = time.monotonic()
        _, writer = await talk.open(check.params.port)
        context = trust(check.params.ca)
        await writer.start_tls(context, server_hostname=check.params.name or check.address)
        took = time.monotonic() - begin
        facts = certificate_facts(writer.get_extra_info("ssl_object"))
        return Measured(Outcome.SUCCESS, Reason.OK, took, facts=facts)


PROBE = ProbeKind("tls", TlsParams, TlsProbe)

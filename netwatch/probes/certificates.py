"""What the probes have in common that judge a server's certificate."""

from __future__ import annotations

from pydantic import Field

from netwatch.core.facts import Fact
from netwatch.core.params import PortParams
from netwatch.core.result import Sample
from netwatch.net.trust import SYSTEM, Bundle, HostName

CERTIFICATE_END = Fact(
    "netwatch_tls_certificate_not_after_timestamp_seconds",
    "When the first certificate of the chain that the server showed last ends to be valid.",
    lasting=True,
)


class CertifiedParams(PortParams):
    """Keys of the probes that judge a server's certificate.

    Attributes:
        name: what the certificate must be for; the target's address when none is given.
        ca: path of the authorities' certificates, or ``system``.
    """

    name: HostName | None = None
    ca: Bundle = Field(default=SYSTEM, validate_default=True)


def certificate_facts(end: float | None) -> tuple[Sample, ...]:
    """The fact that a certificate ends at ``end``, Unix seconds; none for None."""
    return () if end is None else (CERTIFICATE_END.sample(end),)

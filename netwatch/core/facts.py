"""What probes learn of a service besides whether it answers: the kinds of ``Result.facts``."""

from __future__ import annotations

from dataclasses import dataclass

from netwatch.core.result import Sample


@dataclass(frozen=True, slots=True)
class Fact:
    """A gauge that is shown as the last result said it.

    Attributes:
        labels: names of the labels that tell two values of one result apart.
    """

    name: str
    help: str
    labels: tuple[str, ...] = ()

    def sample(self, value: float, *labels: str) -> Sample:
        """One value, with its label values in the order of ``labels``."""
        return Sample(self.name, tuple(zip(self.labels, labels, strict=True)), value)


CERTIFICATE_END = Fact(
    "netwatch_tls_certificate_not_after_timestamp_seconds",
    "When the certificate that the server showed ends to be valid.",
)
HTTP_STATUS = Fact("netwatch_http_status_code", "Status of the last answer.")
HTTP_PHASE = Fact(
    "netwatch_http_phase_duration_seconds",
    "Time of each phase: connect (with TLS), wait (until the header came), transfer (the body).",
    ("phase",),
)

FACTS = (CERTIFICATE_END, HTTP_STATUS, HTTP_PHASE)
"""All kinds."""

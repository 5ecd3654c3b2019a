"""What is told of the last answer of a web server."""

from __future__ import annotations

from netwatch.core.facts import Fact
from netwatch.core.result import Sample
from netwatch.net.http.client import HttpResponse
from netwatch.probes.certificates import certificate_facts

HTTP_STATUS = Fact("netwatch_http_status_code", "Status of the last answer.")
HTTP_PHASE = Fact(
    "netwatch_http_phase_duration_seconds",
    "Time of each phase: connect (with TLS), wait (until the header came), transfer (the body).",
    ("phase",),
)


def response_facts(response: HttpResponse) -> tuple[Sample, ...]:
    """Status, end of the certificate, and seconds of each phase."""
    phases = response.phases
    return (
        HTTP_STATUS.sample(response.status),
        *certificate_facts(response.certificate_end),
        HTTP_PHASE.sample(phases.connect, "connect"),
        HTTP_PHASE.sample(phases.wait, "wait"),
        HTTP_PHASE.sample(phases.transfer, "transfer"),
    )

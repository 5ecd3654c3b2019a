"""What is told of the last answer of a web server."""

from __future__ import annotations

from netwatch.core.facts import HTTP_PHASE, HTTP_STATUS
from netwatch.core.result import Sample
from netwatch.net.http.client import HttpResponse
from netwatch.probes.certificates import certificate_facts


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

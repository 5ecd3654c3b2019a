"""Meeting systems that say over HTTP how they are, read by adapters."""

from __future__ import annotations

from netwatch.core.facts import ENDPOINT_FACTS, PARTICIPANTS
from netwatch.probes.api.params import ApiParams
from netwatch.probes.api.probe import ApiProbe
from netwatch.probes.base import ProbeKind
from netwatch.probes.certificates import CERTIFICATE_END
from netwatch.probes.http.facts import HTTP_PHASE, HTTP_STATUS

PROBE = ProbeKind(
    "api",
    ApiParams,
    ApiProbe,
    facts=(*ENDPOINT_FACTS, PARTICIPANTS, CERTIFICATE_END, HTTP_STATUS, HTTP_PHASE),
)

__all__ = ["PROBE", "ApiParams", "ApiProbe"]

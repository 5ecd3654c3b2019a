"""HTTP and HTTPS (RFC 9110): status, content, certificate, and the time of each phase."""

from __future__ import annotations

from netwatch.probes.base import ProbeKind
from netwatch.probes.certificates import CERTIFICATE_END
from netwatch.probes.http.facts import HTTP_PHASE, HTTP_STATUS
from netwatch.probes.http.params import HttpParams
from netwatch.probes.http.probe import HttpProbe

PROBE = ProbeKind("http", HttpParams, HttpProbe, facts=(CERTIFICATE_END, HTTP_STATUS, HTTP_PHASE))

__all__ = ["PROBE", "HttpParams", "HttpProbe"]

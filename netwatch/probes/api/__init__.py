"""Meeting systems that say over HTTP how they are, read by adapters."""

from __future__ import annotations

from netwatch.probes.api.params import ApiParams
from netwatch.probes.api.probe import ApiProbe
from netwatch.probes.base import ProbeKind

PROBE = ProbeKind("api", ApiParams, ApiProbe)

__all__ = ["PROBE", "ApiParams", "ApiProbe"]

"""H.323: does an endpoint accept call signalling, does a gatekeeper answer (ITU-T H.225.0)."""

from __future__ import annotations

from netwatch.core.facts import REACHABLE, READY, STACK_ALIVE
from netwatch.probes.base import ProbeKind
from netwatch.probes.h323.params import H323Params
from netwatch.probes.h323.probe import H323Probe

PROBE = ProbeKind("h323", H323Params, H323Probe, facts=(REACHABLE, STACK_ALIVE, READY))

__all__ = ["PROBE", "H323Params", "H323Probe"]

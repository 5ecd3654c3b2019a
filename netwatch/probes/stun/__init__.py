"""STUN Binding (RFC 8489), and whether TURN would allocate (RFC 8656)."""

from __future__ import annotations

from netwatch.core.facts import REACHABLE, READY, STACK_ALIVE
from netwatch.probes.base import ProbeKind
from netwatch.probes.stun.params import StunParams
from netwatch.probes.stun.probe import STUN_MAPPED_ADDRESS, StunProbe

PROBE = ProbeKind(
    "stun", StunParams, StunProbe, facts=(REACHABLE, STACK_ALIVE, READY, STUN_MAPPED_ADDRESS)
)

__all__ = ["PROBE", "StunParams", "StunProbe"]

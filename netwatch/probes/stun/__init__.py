"""STUN Binding (RFC 8489), and whether TURN would allocate (RFC 8656)."""

from __future__ import annotations

from netwatch.probes.base import ProbeKind
from netwatch.probes.stun.params import StunParams
from netwatch.probes.stun.probe import StunProbe

PROBE = ProbeKind("stun", StunParams, StunProbe)

__all__ = ["PROBE", "StunParams", "StunProbe"]

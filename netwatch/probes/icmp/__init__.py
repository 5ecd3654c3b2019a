"""ICMP echo (RFC 792, RFC 4443): one socket for all targets, time stamps from the kernel."""

from __future__ import annotations

from netwatch.probes.base import ProbeKind
from netwatch.probes.icmp.params import IcmpParams
from netwatch.probes.icmp.probe import IcmpProbe

PROBE = ProbeKind("icmp", IcmpParams, IcmpProbe)

__all__ = ["PROBE", "IcmpParams", "IcmpProbe"]

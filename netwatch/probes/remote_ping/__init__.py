"""Pings that a border router sends from its own side, read from it over SNMP."""

from __future__ import annotations

from netwatch.probes.base import ProbeKind
from netwatch.probes.remote_ping.params import RemotePingParams
from netwatch.probes.remote_ping.probe import RemotePingProbe

PROBE = ProbeKind("remote-ping", RemotePingParams, RemotePingProbe)

__all__ = ["PROBE", "RemotePingParams", "RemotePingProbe"]

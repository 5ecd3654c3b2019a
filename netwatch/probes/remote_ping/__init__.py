"""Pings that a border router sends from its own side, read from it over SNMP."""

from __future__ import annotations

from netwatch.core.facts import MEDIA_LOSS, MEDIA_ROUND_TRIP
from netwatch.probes.base import ProbeKind
from netwatch.probes.remote_ping.params import RemotePingParams
from netwatch.probes.remote_ping.probe import RemotePingProbe

PROBE = ProbeKind(
    "remote-ping", RemotePingParams, RemotePingProbe, facts=(MEDIA_LOSS, MEDIA_ROUND_TRIP)
)

__all__ = ["PROBE", "RemotePingParams", "RemotePingProbe"]

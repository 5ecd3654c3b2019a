"""The way of a call: a stream of test packets to a STAMP reflector (RFC 8762)."""

from __future__ import annotations

from netwatch.probes.base import ProbeKind
from netwatch.probes.stamp.facts import MEDIA_FACTS
from netwatch.probes.stamp.params import StampParams
from netwatch.probes.stamp.probe import StampProbe

PROBE = ProbeKind("stamp", StampParams, StampProbe, facts=MEDIA_FACTS)

__all__ = ["PROBE", "StampParams", "StampProbe"]

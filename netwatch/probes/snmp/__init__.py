"""SNMP v2c and v3: what a device says of itself and its interfaces (RFC 3416, RFC 3414)."""

from __future__ import annotations

from netwatch.core.fact_rules import DERIVED_FACTS
from netwatch.probes.base import ProbeKind
from netwatch.probes.snmp.params import SnmpParams
from netwatch.probes.snmp.probe import SnmpProbe

PROBE = ProbeKind("snmp", SnmpParams, SnmpProbe, facts=DERIVED_FACTS)

__all__ = ["PROBE", "SnmpParams", "SnmpProbe"]

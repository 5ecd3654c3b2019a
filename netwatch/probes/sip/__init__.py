"""SIP OPTIONS: does an endpoint answer, and would it take a call (RFC 3261, section 11)."""

from __future__ import annotations

from netwatch.probes.base import ProbeKind
from netwatch.probes.sip.params import SipParams
from netwatch.probes.sip.probe import SipProbe

PROBE = ProbeKind("sip", SipParams, SipProbe)

__all__ = ["PROBE", "SipParams", "SipProbe"]

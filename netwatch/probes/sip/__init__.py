"""SIP OPTIONS: does an endpoint answer, and would it take a call (RFC 3261, section 11)."""

from __future__ import annotations

from netwatch.core.facts import IN_CALL, REACHABLE, READY, STACK_ALIVE
from netwatch.probes.base import ProbeKind
from netwatch.probes.sip.params import SipParams
from netwatch.probes.sip.probe import SIP_STATUS, SipProbe

PROBE = ProbeKind(
    "sip", SipParams, SipProbe, facts=(REACHABLE, STACK_ALIVE, READY, IN_CALL, SIP_STATUS)
)

__all__ = ["PROBE", "SipParams", "SipProbe"]

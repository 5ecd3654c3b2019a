"""DNS: does a server answer for a name, and what (RFC 1035)."""

from netwatch.probes.base import ProbeKind
from netwatch.probes.dns.params import DnsParams
from netwatch.probes.dns.probe import DnsProbe

__all__ = ["PROBE", "DnsParams", "DnsProbe"]

PROBE = ProbeKind("dns", DnsParams, DnsProbe)

"""What it says of a meeting endpoint that there is no answer: the policy of all its probes.

Of ``endpoint_reachable``: a packet that came back from the address proves it, a reset and a
connection that stays silent included. Where a router or a firewall says that nothing gets there,
it is 0. When the time is up and nothing came, nobody knows.
"""

from __future__ import annotations

from dataclasses import replace

from netwatch.core.check import Check
from netwatch.core.facts import endpoint_facts
from netwatch.core.result import Outcome, Reason
from netwatch.net.errors import NetworkError
from netwatch.probes.service import ServiceProbe
from netwatch.probes.tasks import Measured, P

_CAME_BACK = {Reason.REFUSED, Reason.RESET, Reason.PROTOCOL_ERROR, Reason.SILENT, Reason.TARPIT}
"""A packet of the address came back, which was not an answer."""

_KEPT_AWAY = {
    Reason.PROHIBITED,
    Reason.HOST_UNREACHABLE,
    Reason.NETWORK_UNREACHABLE,
    Reason.TTL_EXCEEDED,
}
"""Somebody on the way said that nothing gets there."""

_UNTRUSTED = {Reason.CERTIFICATE_EXPIRED, Reason.CERTIFICATE_INVALID}
"""It spoke, but not to us."""


class EndpointProbe(ServiceProbe[P]):
    """Base of the probes that ask a meeting endpoint."""

    def without_answer(self, error: NetworkError) -> Measured:
        """The outcome, and what is known of the endpoint."""
        return with_endpoint_facts(super().without_answer(error))

    def silence(self, check: Check[P]) -> Measured:
        """The outcome when the time was up before the peer's own was."""
        return with_endpoint_facts(super().silence(check))


def with_endpoint_facts(measured: Measured) -> Measured:
    """An outcome without an answer, with what it says of the endpoint: nobody could call it now."""
    if measured.outcome is Outcome.INVALID:
        return measured
    if measured.reason in _UNTRUSTED:
        return replace(measured, facts=endpoint_facts(reachable=True))
    reachable = True if measured.reason in _CAME_BACK else None
    if measured.reason in _KEPT_AWAY:
        reachable = False
    known = endpoint_facts(reachable=reachable, stack_alive=False, ready=False)
    return replace(measured, facts=known)

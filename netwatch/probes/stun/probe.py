"""Asks STUN and TURN servers over UDP, TCP or TLS."""

from __future__ import annotations

import time
from dataclasses import replace

from netwatch.core.check import Check
from netwatch.core.facts import Fact, endpoint_facts
from netwatch.core.result import Outcome, Reason
from netwatch.net.peer import Peer
from netwatch.probes.endpoint import EndpointProbe
from netwatch.probes.stun.message import BINDING, binding_request, new_transaction, parse_response
from netwatch.probes.stun.params import StunParams
from netwatch.probes.stun.relay import redirection, try_relay
from netwatch.probes.stun.transport import StunTransport, transport_to
from netwatch.probes.tasks import Measured

STUN_MAPPED_ADDRESS = Fact(
    "netwatch_stun_mapped_address_info",
    "Our address as the server sees it, always 1.",
    ("address",),
)


class StunProbe(EndpointProbe[StunParams]):
    """A Binding request a slot, or all that it takes to get a relay."""

    async def ask(self, check: Check[StunParams], peer: Peer) -> Measured:
        """Ask, and judge the answer."""
        params = check.params
        begin = time.monotonic()
        async with transport_to(peer, params) as transport:
            measured = await (
                try_relay(transport, check.login) if params.turn else _bind(transport)
            )
        if measured.outcome is Outcome.SUCCESS:
            measured = replace(measured, duration=time.monotonic() - begin)
        return measured


async def _bind(transport: StunTransport) -> Measured:
    transaction = new_transaction()
    response = await transport.ask(
        binding_request(transaction), lambda data: parse_response(data, BINDING, transaction)
    )
    if sent_on := redirection(response):
        return sent_on
    if response.error is not None:
        known = endpoint_facts(reachable=True, stack_alive=True)
        detail = f"error {response.error}"
        return Measured(Outcome.FAILURE, Reason.UNEXPECTED_ANSWER, detail=detail, facts=known)
    if response.mapped is None:
        known = endpoint_facts(reachable=True, stack_alive=True, ready=False)
        detail = "a success without our address"
        return Measured(Outcome.FAILURE, Reason.PROTOCOL_ERROR, detail=detail, facts=known)
    known = endpoint_facts(reachable=True, stack_alive=True, ready=True)
    known += (STUN_MAPPED_ADDRESS.sample(1, response.mapped),)
    return Measured(Outcome.SUCCESS, Reason.OK, detail=f"sees us as {response.mapped}", facts=known)

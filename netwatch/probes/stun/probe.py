"""Asks STUN and TURN servers over UDP, TCP or TLS."""

from __future__ import annotations

import time
from dataclasses import replace

from netwatch.core.check import Check
from netwatch.core.facts import Fact, endpoint_facts
from netwatch.core.result import Outcome, Reason, Sink
from netwatch.probes.endpoint import EndpointProbe
from netwatch.probes.stun.line import Line, line_to
from netwatch.probes.stun.message import BINDING, binding_request, new_transaction, parse_answer
from netwatch.probes.stun.params import StunParams
from netwatch.probes.stun.relay import try_relay
from netwatch.probes.tasks import Measured

MAX_CONCURRENT = 256
"""Open questions at one time; each holds a file descriptor."""

STUN_MAPPED_ADDRESS = Fact(
    "netwatch_stun_mapped_address_info",
    "Our address as the server sees it, always 1.",
    ("address",),
)


class StunProbe(EndpointProbe[StunParams]):
    """A Binding request a slot, or all that it takes to get a relay."""

    def __init__(self, sink: Sink) -> None:
        super().__init__(sink, MAX_CONCURRENT)

    async def ask(self, check: Check[StunParams]) -> Measured:
        """Ask, and judge the answer."""
        params = check.params
        begin = time.monotonic()
        async with line_to(check.address, params) as line:
            measured = await (try_relay(line, check.login) if params.turn else _bind(line))
        if measured.outcome is Outcome.SUCCESS:
            measured = replace(measured, duration=time.monotonic() - begin)
        return measured


async def _bind(line: Line) -> Measured:
    transaction = new_transaction()
    answer = await line.ask(
        binding_request(transaction), lambda data: parse_answer(data, BINDING, transaction)
    )
    if answer.error is not None:
        known = endpoint_facts(reachable=True, stack_alive=True)
        detail = f"error {answer.error}"
        return Measured(Outcome.FAILURE, Reason.UNEXPECTED_ANSWER, detail=detail, facts=known)
    if answer.mapped is None:
        known = endpoint_facts(reachable=True, stack_alive=True, ready=False)
        detail = "a success without our address"
        return Measured(Outcome.FAILURE, Reason.PROTOCOL_ERROR, detail=detail, facts=known)
    known = endpoint_facts(reachable=True, stack_alive=True, ready=True)
    known += (STUN_MAPPED_ADDRESS.sample(1, answer.mapped),)
    return Measured(Outcome.SUCCESS, Reason.OK, detail=f"sees us as {answer.mapped}", facts=known)

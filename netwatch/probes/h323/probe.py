"""Connects to H.323 endpoints, and asks gatekeepers. Never a Setup: codecs would answer it."""

from __future__ import annotations

import secrets
import time

from netwatch.core.check import Check
from netwatch.core.facts import endpoint_facts
from netwatch.core.result import Outcome, Reason
from netwatch.net.datagrams import Datagrams
from netwatch.net.peer import Peer
from netwatch.probes.endpoint import EndpointProbe
from netwatch.probes.h323.params import H323Params
from netwatch.probes.h323.ras import RasKind, gatekeeper_request, parse_answer
from netwatch.probes.tasks import Measured

_WORDS = {
    RasKind.CONFIRM: "gatekeeperConfirm",
    RasKind.REJECT: "gatekeeperReject",
    RasKind.UNKNOWN_MESSAGE: "unknownMessageResponse",
}


class H323Probe(EndpointProbe[H323Params]):
    """One connection, or one gatekeeperRequest, a slot."""

    async def ask(self, check: Check[H323Params], peer: Peer) -> Measured:
        """Connect to an endpoint, or ask a gatekeeper."""
        port = check.params.destination_port
        if check.params.service == "gatekeeper":
            return await _discover(peer.address, port)
        return await _connect(peer, port)


async def _connect(peer: Peer, port: int) -> Measured:
    """That a connection is accepted says nothing of the stack behind it, but that it is there."""
    begin = time.monotonic()
    await peer.reach(port)
    duration = time.monotonic() - begin
    return Measured(Outcome.SUCCESS, Reason.OK, duration, facts=endpoint_facts(reachable=True))


async def _discover(address: str, port: int) -> Measured:
    """A reject is an answer, too: the gatekeeper lives, and does not want us as an endpoint."""
    begin = time.monotonic()
    number = 1 + secrets.randbelow(65535)
    with Datagrams(address, port) as datagrams:
        request = gatekeeper_request(number, datagrams.local)
        reply = await datagrams.ask(request, lambda data: parse_answer(data, number))
    duration = time.monotonic() - begin
    ready = True if reply.content is RasKind.CONFIRM else None
    known = endpoint_facts(reachable=True, stack_alive=True, ready=ready)
    detail = _WORDS[reply.content]
    return Measured(Outcome.SUCCESS, Reason.OK, duration, detail=detail, facts=known)

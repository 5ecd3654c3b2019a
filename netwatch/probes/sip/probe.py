"""Asks endpoints with OPTIONS over UDP, TCP or TLS. Never rings, never registers."""

from __future__ import annotations

import time

from netwatch.core.check import Check
from netwatch.core.facts import Fact, endpoint_facts
from netwatch.core.result import Outcome, Reason
from netwatch.net.connection import Connection
from netwatch.net.datagrams import Datagrams
from netwatch.net.errors import NetworkError, NoAnswerError, printable
from netwatch.net.peer import Peer
from netwatch.net.trust import any_certificate
from netwatch.probes.endpoint import EndpointProbe
from netwatch.probes.sip.message import (
    MAX_BODY,
    MAX_HEAD,
    OptionsRequest,
    SipResponse,
    body_of_another,
    complaint,
    is_final_answer,
    names,
    new_request,
    options_request,
    parse_response,
)
from netwatch.probes.sip.params import SipParams
from netwatch.probes.sip.verdict import in_call, ready
from netwatch.probes.tasks import Measured

_MAX_MESSAGES = 16
"""On one connection; all but the last are provisional, or not for us."""

SIP_STATUS = Fact("netwatch_endpoint_sip_status", "Final status of the last OPTIONS.")


class SipProbe(EndpointProbe[SipParams]):
    """One OPTIONS a slot."""

    async def ask(self, check: Check[SipParams], peer: Peer) -> Measured:
        """Ask, and judge the first final response that is ours."""
        begin = time.monotonic()
        if check.params.transport == "udp":
            response, requests = await _over_udp(peer, check.params)
        else:
            response, requests = await _over_stream(peer, check.params), 1
        return _judged(check.params, response, requests, time.monotonic() - begin)


def _judged(params: SipParams, response: SipResponse, requests: int, duration: float) -> Measured:
    status = response.status
    known = endpoint_facts(
        reachable=True, stack_alive=True, ready=ready(params, status), in_call=in_call(status)
    )
    known += (SIP_STATUS.sample(status),)
    detail = f"{status} {printable(response.reason)}".strip()
    if requests > 1:
        detail += f", asked {requests} times"
    if params.is_ok(status):
        return Measured(Outcome.SUCCESS, Reason.OK, duration, detail=detail, facts=known)
    return Measured(Outcome.FAILURE, Reason.UNEXPECTED_ANSWER, detail=detail, facts=known)


async def _over_udp(peer: Peer, params: SipParams) -> tuple[SipResponse, int]:
    with Datagrams(peer.address, params.destination_port) as datagrams:
        request = new_request("udp", datagrams.local)

        def accept(data: bytes) -> SipResponse | None:
            if names(data, request):
                peer.note_answer()
            return _answer(data, request)

        destination = peer.address, params.destination_port
        reply = await datagrams.ask(options_request(request, destination, params.user), accept)
        return reply.content, reply.requests


def _answer(data: bytes, request: OptionsRequest) -> SipResponse | None:
    """The final response in a datagram; None when it has another one, or none.

    Raises:
        NetworkError: it is a response to this request, but can't be read.
    """
    if not names(data, request):
        return None
    response = parse_response(data)
    if response is None:
        if why := complaint(data):
            raise NetworkError(Reason.PROTOCOL_ERROR, f"not SIP: {why}")
        return None
    if (response.body or 0) > response.following:
        return None  # cut short: to be dropped (section 18.3)
    return response if is_final_answer(response, request) else None


async def _over_stream(peer: Peer, params: SipParams) -> SipResponse:
    destination = peer.address, params.destination_port
    connection = await peer.connect(params.destination_port, MAX_HEAD)
    if params.transport == "tls":
        await connection.start_tls(any_certificate(), peer.address)
    request = new_request(params.transport, connection.local)
    connection.write(options_request(request, destination, params.user))
    for _ in range(_MAX_MESSAGES):
        head = await connection.read_head(MAX_HEAD)
        body = body_of_another(head, request)
        if body is None:
            response = _readable(head)
            if is_final_answer(response, request):
                return response
            body = response.body or 0
        await _pass_over(connection, body)
    raise NoAnswerError


def _readable(head: bytes) -> SipResponse:
    """The response that begins with this head.

    Raises:
        NetworkError: it is none, or can't be read.
    """
    response = parse_response(head)
    if response is None:
        why = complaint(head)
        raise NoAnswerError(f"not SIP: {why}") if why else NoAnswerError
    return response


async def _pass_over(connection: Connection, body: int) -> None:
    """Read the body of a message that isn't looked at (RFC 3261, section 18.3)."""
    if body > MAX_BODY:
        raise NoAnswerError(f"a body of {body} octets")
    await connection.read_exactly(body)

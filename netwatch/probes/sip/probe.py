"""Asks endpoints with OPTIONS over UDP, TCP or TLS. Never rings, never registers."""

from __future__ import annotations

import asyncio
import time

from netwatch.core.check import Check
from netwatch.core.facts import Fact, endpoint_facts
from netwatch.core.result import Outcome, Reason, Sink
from netwatch.probes.datagram import Datagrams
from netwatch.probes.endpoint import BabbleError, EndpointProbe
from netwatch.probes.sip.message import (
    MAX_BODY,
    MAX_HEAD,
    SipResponse,
    is_final_answer,
    new_question,
    options_request,
    parse_response,
)
from netwatch.probes.sip.params import SipParams
from netwatch.probes.sip.verdict import in_call, ready
from netwatch.probes.stream import conversation, read_head
from netwatch.probes.tasks import Measured

MAX_CONCURRENT = 512
"""Open questions at one time; each holds a file descriptor."""

_MAX_MESSAGES = 16
"""On one connection; all but the last are provisional, or not for us."""

SIP_STATUS = Fact("netwatch_endpoint_sip_status", "Final status of the last OPTIONS.")


class SipProbe(EndpointProbe[SipParams]):
    """One OPTIONS a slot."""

    def __init__(self, sink: Sink) -> None:
        super().__init__(sink, MAX_CONCURRENT)

    async def ask(self, check: Check[SipParams]) -> Measured:
        """Ask, and judge the first final response that is ours."""
        begin = time.monotonic()
        if check.params.transport == "udp":
            response, requests = await _over_udp(check, check.params)
        else:
            response, requests = await _over_stream(check, check.params), 1
        return _judged(check.params, response, requests, time.monotonic() - begin)


def _judged(params: SipParams, response: SipResponse, requests: int, duration: float) -> Measured:
    status = response.status
    known = endpoint_facts(
        reachable=True, stack_alive=True, ready=ready(params, status), in_call=in_call(status)
    )
    known += (SIP_STATUS.sample(status),)
    detail = f"{status} {_printable(response.reason)}".strip()
    if requests > 1:
        detail += f", asked {requests} times"
    if params.is_ok(status):
        return Measured(Outcome.SUCCESS, Reason.OK, duration, detail=detail, facts=known)
    return Measured(Outcome.FAILURE, Reason.UNEXPECTED_ANSWER, detail=detail, facts=known)


async def _over_udp(check: Check, params: SipParams) -> tuple[SipResponse, int]:
    with Datagrams(check.address, params.destination_port) as datagrams:
        question = new_question("udp", datagrams.local)

        def accept(data: bytes) -> SipResponse | None:
            response = parse_response(data)
            if response is None or (response.body or 0) > response.following:
                return None  # cut short: to be dropped (section 18.3)
            return response if is_final_answer(response, question) else None

        request = options_request(question, (check.address, params.destination_port), params.user)
        answer = await datagrams.ask(request, accept)
        return answer.content, answer.requests


async def _over_stream(check: Check, params: SipParams) -> SipResponse:
    destination = check.address, params.destination_port
    tls = params.transport == "tls"
    async with conversation(*destination, tls=tls, limit=MAX_HEAD) as (reader, writer):
        question = new_question(params.transport, writer.get_extra_info("sockname")[:2])
        writer.write(options_request(question, destination, params.user))
        for _ in range(_MAX_MESSAGES):
            response = await _next_response(reader)
            if is_final_answer(response, question):
                return response
            await reader.readexactly(response.body or 0)
        raise BabbleError


async def _next_response(reader: asyncio.StreamReader) -> SipResponse:
    """The next message of a connection (RFC 3261, section 18.3).

    Raises:
        EOFError: the peer hung up.
        BabbleError: it is no response.
    """
    response = parse_response(await read_head(reader, MAX_HEAD))
    if response is None or (response.body or 0) > MAX_BODY:
        raise BabbleError
    return response


def _printable(text: str) -> str:
    return "".join(letter for letter in text[:60] if letter.isprintable())

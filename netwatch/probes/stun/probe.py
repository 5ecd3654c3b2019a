"""Asks STUN and TURN servers over UDP, TCP or TLS."""

from __future__ import annotations

import asyncio
import time

from netwatch.core.check import Check
from netwatch.core.facts import STUN_MAPPED_ADDRESS, endpoint_facts
from netwatch.core.result import Outcome, Reason, Sink
from netwatch.probes.datagram import Datagrams
from netwatch.probes.endpoint import BabbleError, EndpointProbe
from netwatch.probes.stream import conversation
from netwatch.probes.stun.message import (
    ALLOCATE,
    BINDING,
    HEADER,
    MAX_LENGTH,
    Answer,
    allocate_request,
    binding_request,
    length_of,
    new_transaction,
    parse_answer,
    release_request,
)
from netwatch.probes.stun.params import StunParams
from netwatch.probes.tasks import Measured

SIMULTANEOUS = 256
"""Open questions at one time; each holds a file descriptor."""

_UNAUTHORIZED = 401
_QUOTA_REACHED, _NO_CAPACITY = 486, 508


class StunProbe(EndpointProbe):
    """One Binding or Allocate request a slot."""

    def __init__(self, sink: Sink) -> None:
        super().__init__(sink, SIMULTANEOUS)

    async def ask(self, check: Check) -> Measured:
        """Ask, and judge the answer."""
        params = check.params
        assert isinstance(params, StunParams)
        begin = time.monotonic()
        over = _over_udp if params.transport == "udp" else _over_stream
        answer = await over(check.address, params)
        judge = _judge_turn if params.turn else _judge_binding
        return judge(answer, time.monotonic() - begin)


def _judge_binding(answer: Answer, duration: float) -> Measured:
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
    return Measured(
        Outcome.SUCCESS, Reason.OK, duration, detail=f"sees us as {answer.mapped}", facts=known
    )


def _judge_turn(answer: Answer, duration: float) -> Measured:
    """A server that demands a password is well; whether it has room, only a password tells."""
    if answer.error is None:
        known = endpoint_facts(reachable=True, stack_alive=True, ready=True)
        detail = "allocates for anyone"
    elif answer.error == _UNAUTHORIZED and answer.challenges:
        known = endpoint_facts(reachable=True, stack_alive=True)
        detail = "demands a password"
    else:
        full = answer.error in {_QUOTA_REACHED, _NO_CAPACITY}
        known = endpoint_facts(reachable=True, stack_alive=True, ready=False if full else None)
        detail = f"error {answer.error}"
        return Measured(Outcome.FAILURE, Reason.UNEXPECTED_ANSWER, detail=detail, facts=known)
    return Measured(Outcome.SUCCESS, Reason.OK, duration, detail=detail, facts=known)


def _request(params: StunParams, transaction: bytes) -> tuple[bytes, int]:
    """The message, and its method."""
    if params.turn:
        return allocate_request(transaction), ALLOCATE
    return binding_request(transaction), BINDING


async def _over_udp(address: str, params: StunParams) -> Answer:
    transaction = new_transaction()
    request, method = _request(params, transaction)
    with Datagrams(address, params.destination_port) as datagrams:
        found = await datagrams.ask(request, lambda data: parse_answer(data, method, transaction))
        answer = found.content
        if params.turn and answer.error is None:
            await datagrams.send(release_request(new_transaction()))
        return answer


async def _over_stream(address: str, params: StunParams) -> Answer:
    """Over a connection; with its end an allocation ends, too (RFC 8656, section 3.1)."""
    transaction = new_transaction()
    request, method = _request(params, transaction)
    tls = params.transport == "tls"
    port = params.destination_port
    async with conversation(address, port, tls=tls, limit=MAX_LENGTH) as (reader, writer):
        writer.write(request)
        answer = parse_answer(await _next_message(reader), method, transaction)
        if answer is None:
            raise BabbleError
        return answer


async def _next_message(reader: asyncio.StreamReader) -> bytes:
    """The next message of a connection.

    Raises:
        EOFError: the peer hung up.
        BabbleError: it would be longer than any answer.
    """
    header = await reader.readexactly(HEADER)
    if length_of(header) > MAX_LENGTH:
        raise BabbleError
    return header + await reader.readexactly(length_of(header))

"""Asks one server for one name: over UDP, and over TCP when the answer did not fit."""

from __future__ import annotations

import secrets
import time

from netwatch.core.check import Check
from netwatch.core.result import Outcome, Reason
from netwatch.net.datagrams import Datagrams
from netwatch.net.errors import NetworkError, NoAnswerError, printable
from netwatch.net.peer import Peer
from netwatch.probes.dns.message import DnsAnswer, build_query, parse_answer
from netwatch.probes.dns.params import DnsParams
from netwatch.probes.dns.records import is_same
from netwatch.probes.service import ServiceProbe
from netwatch.probes.tasks import Measured

MAX_ANSWER_OCTETS = 16 * 1024
"""Octets of an answer over TCP."""

MAX_MESSAGES = 16
"""On a TCP connection; all but the last answer what we didn't ask."""


class DnsProbe(ServiceProbe[DnsParams]):
    """Asks, matches the answer to the question, and holds it against what is wanted."""

    async def ask(self, check: Check[DnsParams], peer: Peer) -> Measured:
        """Ask once; DNS over UDP loses datagrams, and that is what is measured."""
        params = check.params
        begin = time.monotonic()
        query = build_query(secrets.randbits(16), params.name, params.code)
        try:
            answer = await _ask(peer, params.port, query)
        except ValueError as error:
            raise NetworkError(Reason.PROTOCOL_ERROR, str(error)) from None
        took = time.monotonic() - begin
        _judge(answer, params)
        return Measured(Outcome.SUCCESS, Reason.OK, took)


async def _ask(peer: Peer, port: int, query: bytes) -> DnsAnswer:
    """The answer over UDP, or over TCP when it did not fit.

    UDP is sent from a port of the kernel's choice; see RFC 5452.
    """
    with Datagrams(peer.address, port) as datagrams:
        await datagrams.send(query)
        answer = await datagrams.receive(lambda data: parse_answer(data, query))
    if not answer.truncated:
        return answer
    peer.note_answer("truncated over UDP; TCP")
    return await _ask_over_tcp(peer, port, query)


async def _ask_over_tcp(peer: Peer, port: int, query: bytes) -> DnsAnswer:
    """The same question, where answers have no limit but ours (RFC 7766)."""
    connection = await peer.connect(port)
    connection.write(len(query).to_bytes(2, "big") + query)
    for _ in range(MAX_MESSAGES):
        length = int.from_bytes(await connection.read_exactly(2), "big")
        if length > MAX_ANSWER_OCTETS:
            raise NoAnswerError(f"an answer of {length} octets")
        message = await connection.read_exactly(length)
        if _answers_another(message, query):
            continue
        answer = parse_answer(message, query)
        if answer is None or answer.truncated:
            raise NoAnswerError
        return answer
    raise NoAnswerError


def _answers_another(message: bytes, query: bytes) -> bool:
    """Whether it is an answer with another number than ours (RFC 7766, section 7)."""
    return len(message) >= 12 and message[2] >= 0x80 and message[:2] != query[:2]


def _judge(answer: DnsAnswer, params: DnsParams) -> None:
    """Raises NetworkError when it is not what is wanted."""
    if answer.rcode != params.rcode:
        raise NetworkError(Reason.UNEXPECTED_ANSWER, f"{answer.rcode} instead of {params.rcode}")
    if answer.rcode != "NOERROR":
        return
    if not answer.records:
        raise NetworkError(Reason.UNEXPECTED_ANSWER, f"no record of type {params.type}")
    wanted = params.answer
    if wanted is None or any(is_same(params.type, each, wanted) for each in answer.records):
        return
    raise NetworkError(Reason.UNEXPECTED_ANSWER, printable(", ".join(answer.records)))

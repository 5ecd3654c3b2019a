"""Asks one server for one name: over UDP, and over TCP when the answer did not fit."""

from __future__ import annotations

import asyncio
import secrets
import socket
import time

from netwatch.core.check import Check
from netwatch.core.result import Outcome, Reason
from netwatch.net.icmp import keep_icmp_errors, refusal_of
from netwatch.probes.conversation import (
    ConversationProbe,
    Talk,
    UnfitError,
    printable,
)
from netwatch.probes.dns.message import Answer, build_query, parse_answer
from netwatch.probes.dns.params import DnsParams
from netwatch.probes.sockets import failed, family_of
from netwatch.probes.tasks import Measured

LARGEST = 16 * 1024
"""Octets of an answer over TCP."""

_DATAGRAM = 4096
_MAX_FOREIGN_DATAGRAMS = 100
"""Datagrams that are no answer, after which the server is not listened to any longer."""


class DnsProbe(ConversationProbe[DnsParams]):
    """Asks, matches the answer to the question, and holds it against what is wanted."""

    async def converse(self, check: Check[DnsParams], talk: Talk) -> Measured:
        """Ask once; DNS over UDP loses datagrams, and that is what is measured."""
        params = check.params
        begin = time.monotonic()
        query = build_query(secrets.randbits(16), params.name, params.code)
        try:
            answer = await _ask(talk, (check.address, params.port), query)
        except ValueError as error:
            raise UnfitError(Reason.PROTOCOL_ERROR, str(error)) from None
        if isinstance(answer, Measured):
            return answer
        took = time.monotonic() - begin
        _judge(answer, params)
        return Measured(Outcome.SUCCESS, Reason.OK, took)


async def _ask(talk: Talk, server: tuple[str, int], query: bytes) -> Answer | Measured:
    """The answer over UDP, or over TCP when it did not fit."""
    with socket.socket(family_of(server[0]), socket.SOCK_DGRAM) as sock:
        answer = await _ask_over_udp(sock, server, query)
    if isinstance(answer, Answer) and answer.truncated:
        return await _ask_over_tcp(talk, server[1], query)
    return answer


async def _ask_over_udp(
    sock: socket.socket, server: tuple[str, int], query: bytes
) -> Answer | Measured:
    """Send the question from a port of the kernel's choice, and wait for its answer.

    What is no answer to it is passed over: else anybody could end the wait (RFC 5452).
    """
    sock.setblocking(False)
    keep_icmp_errors(sock)
    loop = asyncio.get_running_loop()
    try:
        sock.connect(server)
        await loop.sock_sendall(sock, query)
        for _ in range(_MAX_FOREIGN_DATAGRAMS):
            answer = parse_answer(await loop.sock_recv(sock, _DATAGRAM), query)
            if answer is not None:
                return answer
    except OSError as error:
        return failed(error, refusal_of(sock))
    raise UnfitError(Reason.PROTOCOL_ERROR, "what came was no answer")


async def _ask_over_tcp(talk: Talk, port: int, query: bytes) -> Answer:
    """The same question, where answers have no limit but ours (RFC 7766)."""
    reader, writer = await talk.open(port)
    writer.write(len(query).to_bytes(2, "big") + query)
    length = int.from_bytes(await reader.readexactly(2), "big")
    if length > LARGEST:
        raise UnfitError(Reason.PROTOCOL_ERROR, f"an answer of {length} octets")
    answer = parse_answer(await reader.readexactly(length), query)
    if answer is None or answer.truncated:
        raise UnfitError(Reason.PROTOCOL_ERROR, "what came was no answer")
    return answer


def _judge(answer: Answer, params: DnsParams) -> None:
    """Raises UnfitError when it is not what is wanted."""
    if answer.rcode != params.rcode:
        raise UnfitError(Reason.UNEXPECTED_ANSWER, f"{answer.rcode} instead of {params.rcode}")
    if params.answer is not None and params.answer not in answer.records:
        detail = ", ".join(answer.records) or "no record"
        raise UnfitError(Reason.UNEXPECTED_ANSWER, printable(detail))

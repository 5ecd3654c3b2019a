"""Plays SNMP agents on 127.0.0.0/8: ``python -m tests.bench.agents COUNT PORTS FIRST KIND``.

Kinds: ``honest``; ``silent``; ``lying``, whose interface table has no end; and ``changing``, which
gives its interfaces other names at each poll, so that nothing that is known of it helps.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from netwatch.lab import ber
from netwatch.lab.agent import GET_BULK, RESPONSE, respond
from netwatch.lab.mib import IFX_ENTRY, LabInterface, Mib
from tests.harness.daemon import address, started

PORT = 10161
COMMUNITY = b"bench-community"
GENERATION = 10.0
"""Seconds for which a changing device keeps its names."""

FRESH = 5.0
"""Seconds for which an answer is used again: the agents must be cheaper than who is measured."""


class _Answers:
    """The answers of all agents, which show the same device, kept while they are fresh."""

    def __init__(self, mib: Mib) -> None:
        self._mib = mib
        self._kept: dict[bytes, tuple[float, bytes, bytes]] = {}

    def to(self, request: bytes) -> bytes | None:
        before, identifier, after = _around_id(request)
        now = time.monotonic()
        made, head, tail = self._kept.get(before + after, (-FRESH, b"", b""))
        if now - made >= FRESH:
            answer = respond(request, COMMUNITY, self._mib, now)
            if answer is None:
                return None
            head, _, tail = _around_id(answer)
            self._kept[before + after] = now, head, tail
        return head + identifier + tail


def _around_id(message: bytes) -> tuple[bytes, bytes, bytes]:
    """What precedes the request id, the id, and what follows."""
    pdu = list(ber.elements(ber.fields(message, ber.SEQUENCE)[0]))[2][1]
    start = len(message) - len(pdu) + 2
    end = start + pdu[1]
    return message[:start], message[start:end], message[end:]


class _Lies(_Answers):
    """An honest system group, and a table that goes on for ever."""

    def to(self, request: bytes) -> bytes | None:
        pdu = list(ber.elements(ber.fields(request, ber.SEQUENCE)[0]))[2]
        if pdu[0] != GET_BULK:
            return super().to(request)
        identifier, _, _, bindings = (content for _, content in ber.elements(pdu[1]))
        name = ber.to_oid(ber.fields(ber.fields(bindings, ber.SEQUENCE)[0], 6, 5)[0])
        start = name[-1] if len(name) > len(IFX_ENTRY) + 1 else 0
        rows = b"".join(
            ber.tlv(ber.SEQUENCE, ber.oid((*IFX_ENTRY, 1, row)) + ber.octets("x"))
            for row in range(start + 1, start + 51)
        )
        head = ber.tlv(ber.INTEGER, identifier) + ber.integer(0) + ber.integer(0)
        answer = ber.tlv(RESPONSE, head + ber.tlv(ber.SEQUENCE, rows))
        return ber.tlv(ber.SEQUENCE, ber.integer(1) + ber.octets(COMMUNITY) + answer)


class _Changes(_Answers):
    """All names at once, so that no poll sees half of them."""

    def __init__(self, mib: Mib) -> None:
        super().__init__(mib)
        self._generation = 0

    def to(self, request: bytes) -> bytes | None:
        generation = int(time.monotonic() // GENERATION)
        if generation != self._generation:
            self._generation = generation
            self._mib = Mib("switch", "bench", _interfaces(48, f"Te{generation}"))
            self._kept.clear()
        return super().to(request)


class _Silence(_Answers):
    def to(self, request: bytes) -> bytes | None:
        del request
        return None


_KINDS = {"honest": _Answers, "lying": _Lies, "silent": _Silence, "changing": _Changes}


class _Agent(asyncio.DatagramProtocol):
    def __init__(self, answers: _Answers) -> None:
        self._answers = answers

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # asyncio's own class is not derived from the interface that it implements.
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, source: tuple[str, int]) -> None:
        if answer := self._answers.to(data):
            self._transport.sendto(answer, source)


async def play(count: int, ports: int, first: int, kind: str) -> None:
    """Answer for ``count`` switches of ``ports`` interfaces each, from a number on, until ended."""
    answers = _KINDS[kind](Mib("switch", "bench", _interfaces(ports, "Gi0")))
    for number in range(first, first + count):
        await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: _Agent(answers), local_addr=(address(number), PORT)
        )
    print("ready", flush=True)
    await asyncio.Event().wait()


def _interfaces(ports: int, slot: str) -> tuple[LabInterface, ...]:
    return tuple(
        LabInterface(f"{slot}/{port}", 1e9, f"phong {port}") for port in range(1, ports + 1)
    )


@contextmanager
def agents(devices: int, ports: int, first: int = 0, kind: str = "honest") -> Iterator[None]:
    """Switches of a kind, from a number on, in another process until the end of the block."""
    with started("tests.bench.agents", str(devices), str(ports), str(first), kind):
        yield


if __name__ == "__main__":
    asyncio.run(play(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]))

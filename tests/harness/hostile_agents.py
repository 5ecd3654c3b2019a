"""Agents that do what no agent should: each is a function from request to answer."""

from __future__ import annotations

import asyncio
from bisect import bisect_right
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import cast

from netwatch.lab.ber import Oid, oid, to_oid

SYSTEM_UP_TIME: Oid = (1, 3, 6, 1, 2, 1, 1, 3, 0)
IF_ENTRY: Oid = (1, 3, 6, 1, 2, 1, 2, 2, 1)
IFX_ENTRY: Oid = (1, 3, 6, 1, 2, 1, 31, 1, 1, 1)
GET, GET_NEXT, GET_BULK, RESPONSE = 0xA0, 0xA1, 0xA5, 0xA2
NO_SUCH_INSTANCE, END_OF_MIB_VIEW = b"\x81\x00", b"\x82\x00"


def tlv(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    return bytes((tag, 0x82)) + size.to_bytes(2, "big") + content


def integer(value: int, tag: int = 2) -> bytes:
    return tlv(tag, value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True))


def text(value: bytes) -> bytes:
    return tlv(4, value)


def elements(data: bytes) -> list[tuple[int, bytes]]:
    found = []
    while data:
        size, at = data[1], 2
        if size & 0x80:
            at += size & 0x7F
            size = int.from_bytes(data[2:at], "big")
        found.append((data[0], data[at : at + size]))
        data = data[at + size :]
    return found


@dataclass(frozen=True)
class Request:
    """What netwatch asked: it can be trusted, so this decodes the good case only."""

    kind: int
    community: bytes
    id: bytes
    repetitions: int
    """1 for GETNEXT."""
    names: list[Oid]

    @classmethod
    def read(cls, data: bytes) -> Request:
        _, (_, community), (kind, pdu) = elements(elements(data)[0][1])
        (_, identifier), _, (_, repetitions), (_, bindings) = elements(pdu)
        names = [to_oid(elements(binding)[0][1]) for _, binding in elements(bindings)]
        most = 1 if kind == GET_NEXT else int.from_bytes(repetitions, "big")
        return cls(kind, community, identifier, most, names)

    def answer(self, *bindings: tuple[Oid, bytes], error: int = 0, other_id: bool = False) -> bytes:
        """A well-formed response."""
        bound = b"".join(tlv(0x30, oid(name) + value) for name, value in bindings)
        identifier = b"\x00" if other_id else self.id
        head = tlv(2, identifier) + integer(error) + integer(0)
        return self.message(head + tlv(0x30, bound))

    def message(self, pdu: bytes) -> bytes:
        """A response with any content."""
        return tlv(0x30, integer(1) + text(self.community) + tlv(RESPONSE, pdu))

    def raw(self, bindings: bytes) -> bytes:
        """A response whose bindings are any octets."""
        return self.message(tlv(2, self.id) + integer(0) + integer(0) + bindings)

    def system(self) -> bytes:
        """An honest answer to a GET."""
        return self.answer((SYSTEM_UP_TIME, integer(100, 0x43)))


Behaviour = Callable[[Request], bytes | Awaitable[bytes | None] | None]


@dataclass
class Agent(asyncio.DatagramProtocol):
    """Answers on 127.0.0.1 as its behaviour tells."""

    behaviour: Behaviour
    port: int = 0
    requests: list[Request] = field(default_factory=list)
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.DatagramTransport", transport)
        self.port = transport.get_extra_info("sockname")[1]

    def datagram_received(self, data: bytes, peer: tuple[str, int]) -> None:
        request = Request.read(data)
        self.requests.append(request)
        answer = self.behaviour(request)
        if isinstance(answer, Awaitable):
            task = asyncio.get_running_loop().create_task(self._later(answer, peer))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)
        elif answer is not None:
            self.transport.sendto(answer, peer)

    async def _later(self, answer: Awaitable[bytes | None], peer: tuple[str, int]) -> None:
        data = await answer
        if data is not None:
            self.transport.sendto(data, peer)


@asynccontextmanager
async def agents(*behaviours: Behaviour) -> AsyncIterator[list[Agent]]:
    loop = asyncio.get_running_loop()
    opened: list[Agent] = []
    try:
        for behaviour in behaviours:
            agent = Agent(behaviour)
            await loop.create_datagram_endpoint(
                lambda agent=agent: agent,  # type: ignore[misc]  # binds this turn's agent
                local_addr=("127.0.0.1", 0),
            )
            opened.append(agent)
        yield opened
    finally:
        for agent in opened:
            for task in list(agent.tasks):
                task.cancel()
            await asyncio.gather(*agent.tasks, return_exceptions=True)
            agent.transport.close()
        await asyncio.sleep(0)  # transports close in the loop's next turn


def play(request: Request, objects: Mapping[Oid, bytes]) -> bytes:
    """What a device with these objects answers."""
    if request.kind == GET:
        return request.answer(
            *((name, objects.get(name, NO_SUCH_INSTANCE)) for name in request.names)
        )
    names = sorted(objects)
    start = bisect_right(names, request.names[0])
    later = names[start : start + request.repetitions]
    if not later:
        return request.answer((request.names[0], END_OF_MIB_VIEW))
    return request.answer(*((each, objects[each]) for each in later))


def honest(request: Request, *, interfaces: int = 2, name: bytes = b"eth") -> bytes:
    """A device with some interfaces, of the columns that the tests look at."""
    if request.kind == GET:
        return request.system()
    names, table = _table(interfaces, name)
    start = bisect_right(names, request.names[0])
    later = names[start : start + request.repetitions]
    if not later:
        return request.answer((request.names[0], END_OF_MIB_VIEW))
    return request.answer(*((each, table[each]) for each in later))


@cache
def _table(interfaces: int, name: bytes) -> tuple[list[Oid], dict[Oid, bytes]]:
    table: dict[Oid, bytes] = {}
    for index in range(1, interfaces + 1):
        table[*IF_ENTRY, 2, index] = text(name + b"%d" % index)
        table[*IF_ENTRY, 8, index] = integer(1)
        table[*IFX_ENTRY, 1, index] = text(name + b"%d" % index)
        table[*IFX_ENTRY, 6, index] = integer(1000 + index, 0x46)
        table[*IFX_ENTRY, 18, index] = text(b"uplink")
    return sorted(table), table

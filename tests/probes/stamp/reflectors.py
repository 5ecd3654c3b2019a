"""Reflectors that lose, delay, forge or lie, as they are told."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from ipaddress import ip_network

from netwatch.media.reflector import Reflector, bind
from netwatch.net.stamped import Datagram, receive, send_marked

HERE = "127.7.2.3"

Answers = list[tuple[float, bytes]]
"""Seconds to wait, and what to send then."""

Behaviour = Callable[[int, Datagram, bytes], Answers]
"""From the number of a packet, the packet, and the honest answer."""


def honest(_number: int, _question: Datagram, answer: bytes) -> Answers:
    return [(0.0, answer)]


@asynccontextmanager
async def reflecting(behave: Behaviour = honest, address: str = HERE) -> AsyncIterator[int]:
    """A reflector that behaves so; yields its port."""
    reflector = Reflector([ip_network("127.0.0.0/8"), ip_network("::1")])
    sock = bind(address, 0)
    loop = asyncio.get_running_loop()
    number = 0

    def drain() -> None:
        nonlocal number
        while True:
            try:
                question = receive(sock)
            except BlockingIOError:
                return
            found = reflector.answer(question, time.monotonic())
            assert found is not None
            for wait, data in behave(number, question, found[0]):
                loop.call_later(wait, send, data, question.source, found[1])
            number += 1

    def send(data: bytes, destination: tuple[str, int], dscp: int) -> None:
        if sock.fileno() != -1:
            send_marked(sock, data, destination, dscp)

    loop.add_reader(sock, drain)
    try:
        yield sock.getsockname()[1]
    finally:
        loop.remove_reader(sock)
        sock.close()

from __future__ import annotations

import asyncio
import socket

import pytest

from netwatch.core.result import Reason
from netwatch.net.datagrams import MAX_FOREIGN_DATAGRAMS, MAX_FOREIGN_OCTETS, Datagrams
from netwatch.net.errors import NetworkError

HERE = "127.0.0.1"


class Flood:
    """A peer that has sent many datagrams, none of them an answer, before it is listened to."""

    def __init__(self, octets: int) -> None:
        self.octets = octets
        self.seen = 0
        self.turns = 0

    def accept(self, _data: bytes) -> None:
        self.seen += 1

    async def others(self) -> None:
        while True:
            self.turns += 1
            await asyncio.sleep(0)

    async def meet(self) -> Reason:
        """What is told of it; meanwhile another task wants its turns."""
        with socket.socket(type=socket.SOCK_DGRAM) as peer:
            peer.bind((HERE, 0))
            with Datagrams(HERE, peer.getsockname()[1]) as datagrams:
                task = asyncio.create_task(self.others())
                sending = asyncio.create_task(self._send(peer, datagrams.local))
                with pytest.raises(NetworkError) as told:
                    await datagrams.receive(self.accept)
                task.cancel()
                sending.cancel()
        return told.value.reason

    async def _send(self, peer: socket.socket, to: tuple[str, int]) -> None:
        while True:
            peer.sendto(bytes(self.octets), to)
            peer.sendto(bytes(self.octets), to)
            await asyncio.sleep(0)


async def test_a_flood_lets_others_have_their_turns() -> None:
    flood = Flood(20)
    assert await flood.meet() is Reason.PROTOCOL_ERROR
    assert flood.seen == MAX_FOREIGN_DATAGRAMS
    assert flood.turns >= flood.seen - 1


async def test_of_long_datagrams_fewer_are_looked_at() -> None:
    flood = Flood(60_000)
    assert await flood.meet() is Reason.PROTOCOL_ERROR
    assert flood.seen == MAX_FOREIGN_OCTETS // 60_000 + 1

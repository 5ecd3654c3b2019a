"""Plays SNMP agents on 127.0.0.0/8: ``python -m tests.bench.agents COUNT PORTS``."""

from __future__ import annotations

import asyncio
import sys
import time
from typing import cast

from netwatch.lab.agent import respond
from netwatch.lab.mib import Interface, Mib
from tests.bench.daemon import address

PORT = 10161
COMMUNITY = b"bench-community"


class _Agent(asyncio.DatagramProtocol):
    def __init__(self, mib: Mib) -> None:
        self._mib = mib

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # asyncio's own class is not derived from the interface that it implements.
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, source: tuple[str, int]) -> None:
        if answer := respond(data, COMMUNITY, self._mib, time.monotonic()):
            self._transport.sendto(answer, source)


async def play(count: int, ports: int) -> None:
    """Answer for ``count`` switches of ``ports`` interfaces each until ended."""
    interfaces = tuple(Interface(f"Gi0/{port}", 1e9) for port in range(1, ports + 1))
    for number in range(count):
        mib = Mib(f"switch-{number}", "bench", interfaces)
        await asyncio.get_running_loop().create_datagram_endpoint(
            lambda mib=mib: _Agent(mib), local_addr=(address(number), PORT)
        )
    print("ready", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(play(int(sys.argv[1]), int(sys.argv[2])))

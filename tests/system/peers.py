"""What the sandboxed daemon measures; run in the test machine: ``peers.py ADDRESS COMMUNITY``."""

from __future__ import annotations

import asyncio
import socket
import ssl
import sys
import time
from pathlib import Path

from netwatch.lab import agent
from netwatch.lab.certificate import server_context
from netwatch.lab.mib import Mib
from netwatch.lab.services import LabService, play

SERVICES = (
    LabService("sip", False, 5060),
    LabService("sip", True, 5060),
    LabService("gatekeeper", False, 1719),
    LabService("stun", False, 3478),
    LabService("stamp", False, 862),
    LabService("http", True, 80),
    LabService("http", True, 443, tls=True),
    LabService("smtp", True, 25),
)

FOLDER = Path("/etc/netwatch/peers")
"""Has the certificate to trust."""


class Agent(asyncio.DatagramProtocol):
    """An SNMP agent."""

    def __init__(self, community: str) -> None:
        self._community = community.encode()
        self._mib = Mib("peer", "a peer", ())

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def datagram_received(self, data: bytes, source: tuple[str, int]) -> None:
        if answer := agent.respond(data, self._community, self._mib, time.monotonic()):
            self._transport.sendto(answer, source)  # type: ignore[attr-defined]


class Resolver(asyncio.DatagramProtocol):
    """Knows one address for every name (RFC 1035, section 4.1)."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def datagram_received(self, data: bytes, source: tuple[str, int]) -> None:
        question = data[12 : data.index(b"\0", 12) + 5]
        record = b"\xc0\x0c" + bytes((0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 1))
        head = data[:2] + bytes((0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0))
        self._transport.sendto(head + question + record, source)  # type: ignore[attr-defined]


def bound(address: str, port: int, *, stream: bool) -> socket.socket:
    sock = socket.socket(type=socket.SOCK_STREAM if stream else socket.SOCK_DGRAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind((address, port))
    sock.setblocking(False)
    return sock


async def main(address: str, community: str, tls: ssl.SSLContext) -> None:
    """Answer until ended."""
    for service in SERVICES:
        sock = bound(address, service.port, stream=service.stream)
        await play(service, sock, lambda: False, tls)
    loop = asyncio.get_running_loop()
    await loop.create_datagram_endpoint(lambda: Agent(community), local_addr=(address, 161))
    await loop.create_datagram_endpoint(Resolver, local_addr=(address, 53))
    await asyncio.Event().wait()


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    where, shown = sys.argv[1:]
    asyncio.run(main(where, shown, server_context(FOLDER, [where])))

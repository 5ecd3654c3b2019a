"""The province's side: a process in which every device answers at its own address."""

from __future__ import annotations

import asyncio
import hashlib
import resource
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from ipaddress import ip_address
from typing import cast

from netwatch.core.credential import CommunityCredential, Credential, UserCredential
from netwatch.core.errors import NetwatchError, StartError
from netwatch.lab import trap
from netwatch.lab.agent import respond
from netwatch.lab.child import Channel, Message
from netwatch.lab.mib import Mib
from netwatch.lab.services import play
from netwatch.lab.world import LabDevice

_IP_FREEBIND = 15  # linux/in.h
_CONNECTION_TIMEOUT = 30.0
"""Seconds after which a connection that the caller left open is closed."""


class _Agent(asyncio.DatagramProtocol):
    def __init__(self, community: bytes, host: Host) -> None:
        self._community = community
        self._host = host
        self._traps = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # asyncio's own class is not derived from the interface that it implements.
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, source: tuple[str | int, ...]) -> None:
        answer = respond(data, self._community, self._host.mib, self._host.uptime())
        if answer is not None:
            self._transport.sendto(answer, source)

    def tell(self, said: trap.Bindings, to: str) -> None:
        """Send a trap to an address."""
        self._traps += 1
        self._transport.sendto(trap.message(self._community, said, self._traps), (to, trap.PORT))


class _Listener(asyncio.Protocol):
    """Accepts connections, sends nothing, and closes them after ``_CONNECTION_TIMEOUT``."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._end = asyncio.get_running_loop().call_later(_CONNECTION_TIMEOUT, transport.abort)

    def connection_lost(self, error: Exception | None) -> None:
        self._end.cancel()


class Host:
    """One simulated device: its SNMP objects, its start time, and its open sockets.

    Args:
        device: what it is.
        credential: of its SNMP agent; None: it has none.
        tls: of its services.
        collector: addresses that it sends traps to.
    """

    def __init__(
        self,
        device: LabDevice,
        credential: Credential | None,
        tls: ssl.SSLContext | None = None,
        collector: Sequence[str] = (),
    ) -> None:
        self.device = device
        self._collector = collector
        self._tls = tls
        self.mib = Mib(device.name, device.description, device.interfaces)
        # Devices have not all been started today: up to 200 days ago, always the same.
        digest = hashlib.blake2b(device.name.encode(), digest_size=4).digest()
        self._started = time.monotonic() - int.from_bytes(digest, "big") / 2**32 * 200 * 86400
        self.in_call = False
        self._credential = credential
        self._close: list[Callable[[], None]] = []
        self._tell: Callable[[trap.Bindings, str], None] | None = None

    def uptime(self) -> float:
        """Seconds since the device was started."""
        return time.monotonic() - self._started

    def restart(self) -> None:
        """Restart the device: uptime and counters begin at 0."""
        self._started = time.monotonic()

    async def open(self) -> None:
        """Open the device's sockets, unless they are open; it answers from then on.

        Raises:
            OSError: the kernel refuses one of them.
        """
        if self._close:
            return
        loop = asyncio.get_running_loop()
        address, credential = self.device.address, self._credential
        for port in self.device.tcp_ports:
            listener = _bound(address, port, socket.SOCK_STREAM)
            server = await loop.create_server(_Listener, sock=listener, backlog=16)
            self._close.append(server.close)
        for service in self.device.services:
            kind = socket.SOCK_STREAM if service.stream else socket.SOCK_DGRAM
            bound = _bound(address, service.port, kind)
            self._close.append(await play(service, bound, lambda: self.in_call, self._tls))
        if isinstance(credential, CommunityCredential):
            community = credential.community.get_secret_value().encode()
            endpoint = _bound(address, self.device.snmp_port, socket.SOCK_DGRAM)
            transport, agent = await loop.create_datagram_endpoint(
                partial(_Agent, community, self), sock=endpoint
            )
            self._close.append(transport.close)
            self._tell = agent.tell
        elif isinstance(credential, UserCredential):
            # pysnmp is large, and most provinces have few devices with v3.
            from netwatch.lab.agent_v3 import start_agent  # noqa: PLC0415

            port = self.device.snmp_port
            agent_v3 = start_agent(address, port, credential, self.mib, self.uptime)
            self._close.append(agent_v3.close)
            self._tell = agent_v3.tell

    def set_line(self, interface: str, *, up: bool) -> None:
        """Connect an interface, or not, and send a trap of it to the collector."""
        is_news = up is (interface in self.mib.down)
        self.mib.set_line(interface, up=up, at=self.uptime())
        index = self.mib.index(interface)
        if not is_news or index is None or self._tell is None:
            return
        version = ip_address(self.device.address).version
        said = trap.bindings(index, up=up, uptime=self.uptime())
        for to in self._collector:
            if ip_address(to).version == version:
                self._tell(said, to)

    def close(self) -> None:
        """Close the device's sockets: it falls silent."""
        self._tell = None
        while self._close:
            self._close.pop()()


class SimulatedProvince:
    """All devices, and what the lab may do to them."""

    def __init__(
        self,
        devices: Iterable[LabDevice],
        credentials: Mapping[str, Credential],
        tls: ssl.SSLContext | None = None,
        collector: Sequence[str] = (),
    ) -> None:
        known = {device: device.credential for device in devices}
        self._hosts = [
            Host(device, credentials[name] if name else None, tls, collector)
            for device, name in known.items()
        ]
        self._by_name = {host.device.name: host for host in self._hosts}

    async def open(self) -> None:
        """Have every device answer.

        Raises:
            StartError: the kernel refuses a socket.
        """
        for host in self._hosts:
            try:
                await host.open()
            except OSError as error:
                where = f"{host.device.name} at {host.device.address}"
                raise StartError(f"lab: cannot play {where}: {error.strerror}") from None

    async def handle(self, message: Message) -> Message:
        """Carry out a command of the lab; returns when that was done."""
        match message["do"]:
            case "silence":
                for host in self._at(message["addresses"]):
                    host.close()
            case "speak":
                for host in self._at(message["addresses"]):
                    await host.open()
            case "restart":
                self._by_name[message["device"]].restart()
            case "call":
                self._call(set(message["addresses"]))
            case "line":
                self._line(message["ends"], up=message["up"])
            case unknown:
                raise NetwatchError(f"unknown command {unknown!r}")
        return {"time": time.time(), "monotonic": time.monotonic()}

    def _at(self, addresses: Iterable[str]) -> list[Host]:
        wanted = set(addresses)
        return [host for host in self._hosts if host.device.address in wanted]

    def _call(self, addresses: set[str]) -> None:
        for host in self._hosts:
            host.in_call = host.device.address in addresses

    def _line(self, ends: list[tuple[str, str]], *, up: bool) -> None:
        for device, interface in ends:
            if host := self._by_name.get(device):
                host.set_line(interface, up=up)


def serve(channel: Channel, province: SimulatedProvince) -> None:
    """The body of the province's process; returns when the lab hangs up."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # a socket for each port of each
    asyncio.run(_serve(channel, province))


async def _serve(channel: Channel, province: SimulatedProvince) -> None:
    await province.open()
    channel.send({"ready": True})
    loop = asyncio.get_running_loop()
    while True:
        asked = asyncio.Event()
        loop.add_reader(channel, asked.set)
        await asked.wait()
        loop.remove_reader(channel)
        message = channel.receive()
        if message is None:
            return
        channel.send(await province.handle(message))


def _bound(address: str, port: int, kind: socket.SocketKind) -> socket.socket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    bound = socket.socket(family, kind)
    bound.setblocking(False)
    if kind is socket.SOCK_STREAM:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    # The kernel answers for the province's IPv6 ranges too, but lets nobody bind there unasked.
    bound.setsockopt(socket.IPPROTO_IP, _IP_FREEBIND, 1)
    try:
        bound.bind((address, port))
    except OSError:
        bound.close()
        raise
    return bound

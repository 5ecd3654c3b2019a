"""Runs on the collector's side of the lab and writes down what it finds there, as JSON."""

from __future__ import annotations

import asyncio
import fcntl
import ipaddress
import json
import os
import socket
import struct
import sys
import time
from pathlib import Path
from typing import Any

from gufo.snmp import Aes128Key, Sha256Key, User
from gufo.snmp.aio import SnmpSession

SYS_NAME, SYS_UPTIME = "1.3.6.1.2.1.1.5.0", "1.3.6.1.2.1.1.3.0"
IF_OPER_STATUS = "1.3.6.1.2.1.2.2.1.8"
SIOCOUTQ = 0x5411
BULK = 200_000


class Echo:
    """Sends an echo every 20 ms; knows which were answered, and after how long."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.sent: list[float] = []
        self.answered: dict[int, float] = {}
        six = ipaddress.ip_address(address).version == 6
        self._kind = 128 if six else 8
        family = socket.AF_INET6 if six else socket.AF_INET
        protocol = socket.IPPROTO_ICMPV6 if six else socket.IPPROTO_ICMP
        self._socket = socket.socket(family, socket.SOCK_DGRAM, protocol)
        self._socket.setblocking(False)
        asyncio.get_running_loop().add_reader(self._socket, self._receive)

    async def run(self) -> None:
        while True:
            header = struct.pack("!BBHHH", self._kind, 0, 0, 0, len(self.sent))
            self.sent.append(time.monotonic())
            self._socket.sendto(header + bytes(16), (self.address, 0))
            await asyncio.sleep(0.02)

    def _receive(self) -> None:
        number = struct.unpack("!H", self._socket.recv(1500)[6:8])[0]
        self.answered.setdefault(number, time.monotonic() - self.sent[number])

    def report(self) -> list[tuple[float, float | None]]:
        return [(at, self.answered.get(number)) for number, at in enumerate(self.sent)]


async def connects(address: str, port: int) -> str:
    try:
        async with asyncio.timeout(0.5):
            _, writer = await asyncio.open_connection(address, port)
    except TimeoutError:
        return "silence"
    except ConnectionRefusedError:
        return "refused"
    writer.close()
    return "open"


def push(address: str, port: int) -> int:
    """Send much more than a frame holds; octets that were not acknowledged within 5 s."""
    with socket.create_connection((address, port), 5) as connection:
        connection.settimeout(5)
        connection.sendall(bytes(BULK))
        until = time.monotonic() + 5
        while time.monotonic() < until:
            left = struct.unpack("i", fcntl.ioctl(connection, SIOCOUTQ, bytes(4)))[0]
            if left == 0:
                break
            time.sleep(0.01)
        return int(left)


async def uptime(address: str) -> int:
    async with SnmpSession(address, community=os.environ["NETWATCH_SECRET_WAN"], timeout=5) as snmp:
        return int(str(await snmp.get(SYS_UPTIME)))


async def operational(address: str) -> list[int]:
    async with SnmpSession(address, community=os.environ["NETWATCH_SECRET_WAN"], timeout=5) as snmp:
        return [int(str(value)) async for _, value in snmp.getbulk(IF_OPER_STATUS)]


async def name_by_v3(address: str) -> str:
    user = User(
        "netwatch",
        auth_key=Sha256Key(os.environ["NETWATCH_SECRET_AUTH"].encode()),
        priv_key=Aes128Key(os.environ["NETWATCH_SECRET_PRIV"].encode()),
    )
    async with SnmpSession(address, user=user, timeout=5) as snmp:
        return (await snmp.get(SYS_NAME)).decode()


def serve_once() -> None:
    """Answer one caller at the listener that was handed over."""
    assert (os.environ["LISTEN_FDS"], os.environ["LISTEN_PID"]) == ("1", str(os.getpid()))
    listener = socket.socket(fileno=3)
    listener.settimeout(10)
    caller, _ = listener.accept()
    caller.sendall(b"from inside")
    caller.close()


def wait_for(log: Path, subject: str, action: str) -> None:
    """Return when the lab says that it has done something."""
    while not any(
        (event.get("subject"), event.get("action")) == (subject, action)
        for event in map(json.loads, log.read_text(encoding="utf-8").splitlines())
    ):
        time.sleep(0.02)


async def visit(log: Path, *, v3: bool) -> dict[str, Any]:
    await asyncio.to_thread(serve_once)
    targets = {"cut": "10.30.1.1", "cut6": "fd30::1:20", "slow": "10.30.4.1", "none": "10.30.9.9"}
    echoes = {name: Echo(address) for name, address in targets.items()}
    tasks = [asyncio.create_task(echo.run()) for echo in echoes.values()]
    found: dict[str, Any] = {}
    await asyncio.to_thread(wait_for, log, "centre/switch-1", "end")
    found["tcp"] = {port: await connects("10.30.0.30", port) for port in (443, 444, 445, 3389)}
    found["unacknowledged"] = await asyncio.to_thread(push, "10.30.0.30", 443)
    found["uptime"] = {
        "rebooted": await uptime("10.30.0.2"),
        "never rebooted": await uptime("10.30.0.1"),
    }
    await asyncio.to_thread(wait_for, log, "north", "end")
    await asyncio.to_thread(wait_for, log, "south", "end")
    found["interfaces"] = await operational("10.30.0.1")
    if v3:
        found["v3"] = await name_by_v3("10.30.4.1")
    for task in tasks:
        task.cancel()
    await asyncio.sleep(0.3)  # for the last replies
    found["echoes"] = {name: echo.report() for name, echo in echoes.items()}
    return found


if __name__ == "__main__":
    directory = Path(sys.argv[1])
    result = asyncio.run(visit(directory / "log", v3=sys.argv[2] == "v3"))
    (directory / "found").write_text(json.dumps(result), encoding="utf-8")
    sys.exit(7)

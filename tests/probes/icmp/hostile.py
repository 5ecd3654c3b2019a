"""Run as a tool_path, in a network of its own: streams of echoes, and somebody who forges packets.

Prints a line of JSON for each thing that was done, with what the probe reported meanwhile.
"""

from __future__ import annotations

import asyncio
import json
import socket
import struct
import subprocess
import time
from collections import Counter
from pathlib import Path

import numpy as np

from netwatch.core.echo import REASONS, Discard, EchoResults
from netwatch.core.result import StrayKind
from netwatch.core.streams import Rows, Streams
from netwatch.lab.namespaces import enter_user_namespace
from netwatch.probes.icmp import IcmpParams, IcmpProbe
from netwatch.probes.icmp.packet import HEADER, checksums
from tests.harness.builders import make_check
from tests.harness.namespaces import tool_path

ALIVE, SILENT, OTHER = "127.3.0.1", "127.3.0.2", "127.3.0.3"
RULES = f"""
table inet fence {{
  chain in {{
    type filter hook input priority 0;
    icmp type echo-request ip daddr {SILENT} drop
  }}
}}
"""

FORGED = 200_000


class Sink:
    """Counts what is reported of streams."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.ttls: list[int] = []
        self.details: list[str] = []

    def sent(self, rows: Rows) -> None:
        self.counts["sent"] += len(rows)

    def late(self, rows: Rows) -> None: ...

    def settled(self, results: EchoResults) -> None:
        assert len(set(results.rows.tolist())) == len(results.rows)
        for code in results.reasons.tolist():
            self.counts[REASONS[code]] += 1
        if results.ttls is not None:
            self.ttls += results.ttls.tolist()
        self.details += results.details.values()

    def stray(self, rows: Rows, kind: StrayKind) -> None:
        self.counts[kind] += len(rows)

    def path_mtu(self, row: int, octets: int) -> None:
        self.counts[f"mtu {octets}"] += 1

    def discarded(self, kind: Discard, messages: int) -> None:
        self.counts[kind] += messages


class Stage:
    """A probe with three streams, and a raw socket to forge with."""

    def __init__(self) -> None:
        self.sink = Sink()
        self.probe = IcmpProbe(lambda _: None)
        self.streams = Streams()
        checks = [
            make_check(site=address, address=address, timeout=1.5, params=IcmpParams())
            for address in (ALIVE, SILENT)
        ]
        self.streams.watch(checks)
        self.rows = dict(zip((ALIVE, SILENT), self.streams.rows(checks).tolist(), strict=True))
        self.raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)

    async def open(self) -> None:
        await self.probe.open()
        self.probe.watch(self.streams, self.sink)
        (self.socket,) = self.probe._sockets.values()

    @property
    def identifier(self) -> int:
        """The kernel gave it to the datagram socket when it first sent."""
        return int(self.socket._socket.getsockname()[1])

    def launch(self, *addresses: str) -> None:
        rows = np.array([self.rows[address] for address in addresses])
        self.probe.launch_streams(rows, np.full(len(rows), time.monotonic()))

    def forge(self, source: str, message: bytes) -> None:
        """Send an ICMP message to the probe from another address."""
        self.raw.bind((source, 0))
        self.raw.sendto(signed(message), ("127.0.0.1", 0))

    async def summary(self, seconds: float = 2.5) -> dict[str, int]:
        """What was reported since the last time."""
        await asyncio.sleep(seconds)
        counts = dict(self.sink.counts)
        self.sink.counts.clear()
        return {str(name): count for name, count in counts.items()}


def signed(message: bytes) -> bytes:
    padded = np.frombuffer(message + b"\0" * (len(message) % 2), np.uint8).reshape(1, -1)
    return message[:2] + checksums(padded).tobytes() + message[4:]


async def play() -> None:
    stage = Stage()
    await stage.open()
    stage.launch(ALIVE)
    say("alive", await stage.summary())
    await forge_many(stage)
    await forge_odd(stage)
    await refuse(stage)
    await redirect(stage)
    await change_ttl(stage)
    await overflow(stage)
    await stage.probe.close()


async def forge_many(stage: Stage) -> None:
    """Right identifier, sequence, address and length; the token is guessed."""
    stage.launch(ALIVE, SILENT)
    sequence = (stage.probe._echoes._next - 1) & 0xFFFF
    head = HEADER.pack(0, 0, 0, stage.identifier, sequence)
    stage.raw.bind((SILENT, 0))
    for number in range(FORGED):
        stage.raw.sendto(signed(head + number.to_bytes(56, "little")), ("127.0.0.1", 0))
        if number % 2000 == 0:
            await asyncio.sleep(0)
            stage.probe._poll()
    stage.probe._poll()
    say("forged", await stage.summary())


async def forge_odd(stage: Stage) -> None:
    """A true token, but the message is not what was asked for; then a true reply from elsewhere."""
    stage.launch(SILENT)
    echoes = stage.probe._echoes
    number = echoes._next - 1
    slot = number & echoes._mask
    token = echoes.columns.token[slot].tobytes()
    head = HEADER.pack(0, 0, 0, stage.identifier, number & 0xFFFF)
    for size in (0, 8, 15, 16, 55, 57, 1400, 8000):
        stage.forge(SILENT, head + token.ljust(size, b"\0")[:size])
    stage.forge(OTHER, head + token.ljust(56, b"\0"))
    stage.forge(SILENT, HEADER.pack(0, 1, 0, stage.identifier, 0) + token.ljust(56, b"\0"))
    say("odd", await stage.summary())


async def refuse(stage: Stage) -> None:
    """A router says that the packet is too long; another speaks of an echo that is none."""
    stage.launch(SILENT)
    sequence = (stage.probe._echoes._next - 1) & 0xFFFF
    for quoted in (sequence, sequence ^ 0x5555):
        inner = HEADER.pack(8, 0, 0, stage.identifier, quoted)
        addresses = socket.inet_aton("127.0.0.1"), socket.inet_aton(SILENT)
        header = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 84, 0, 0x4000, 64, 1, 0, *addresses)
        stage.forge(OTHER, struct.pack("!BBHHH", 3, 4, 0, 0, 1300) + header + inner)
    say("refused", await stage.summary() | {"router": int(f"from {OTHER}" in stage.sink.details)})


NO_ERRORS = {"redirect": (5, 1), "source quench": (4, 0)}
"""Type and code of ICMP messages that the kernel gives a socket as errors, and that are none."""


async def redirect(stage: Stage) -> None:
    """A router speaks of a better way, and of haste, again and again: no slot may be lost."""
    for what, (kind, code) in NO_ERRORS.items():
        for _ in range(20):
            stage.launch(ALIVE)
            sequence = (stage.probe._echoes._next - 1) & 0xFFFF
            inner = HEADER.pack(8, 0, 0, stage.identifier, sequence)
            addresses = socket.inet_aton("127.0.0.1"), socket.inet_aton(ALIVE)
            header = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 84, 0, 0x4000, 64, 1, 0, *addresses)
            message = struct.pack("!BBH4s", kind, code, 0, socket.inet_aton(OTHER))
            for _ in range(3):
                stage.forge(OTHER, message + header + inner)
        say(what, await stage.summary())


async def change_ttl(stage: Stage) -> None:
    """The way back becomes longer by two."""
    stage.sink.ttls.clear()
    stage.launch(ALIVE)
    await stage.summary()
    set_ttl(62)
    stage.launch(ALIVE)
    await stage.summary()
    print(json.dumps(["ttls", stage.sink.ttls]))


async def overflow(stage: Stage) -> None:
    """More comes than the socket can hold, while nobody reads."""
    stage.socket._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    stage.launch(ALIVE, SILENT)
    message = HEADER.pack(0, 0, 0, stage.identifier, 0) + bytes(56)
    for _ in range(200):
        stage.forge(OTHER, message)
    summary = await stage.summary()
    say("overflowed", summary | {"all": summary[Discard.REJECTED] + summary[Discard.OVERFLOW]})


def set_ttl(ttl: int) -> None:
    Path("/proc/sys/net/ipv4/ip_default_ttl").write_text(str(ttl))


def say(what: str, counts: dict[str, int]) -> None:
    print(json.dumps([what, counts]))


def main() -> None:
    enter_user_namespace()
    subprocess.run([tool_path("ip"), "link", "set", "lo", "up"], check=True)
    subprocess.run([tool_path("nft"), "-f", "-"], input=RULES, text=True, check=True)
    asyncio.run(play())


if __name__ == "__main__":
    main()

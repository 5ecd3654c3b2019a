"""Measures streams of test packets: ``python -m tests.bench.media``."""

from __future__ import annotations

import asyncio
import ctypes
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import numpy as np

from netwatch.core.result import Report, Result
from netwatch.media.stamp import extensions, request
from netwatch.net.recvmmsg import MessageBuffer
from netwatch.net.stamped import open_stamped, receive
from netwatch.probes.stamp import StampParams, StampProbe
from netwatch.probes.stamp.stream import new_buffer
from tests.bench.table import row
from tests.harness.builders import make_check

REFLECTOR = "127.7.3.1"
PORT = 10862
STREAMS = 100
PACKETS = 250
SIZE = 172
GAP = 0.02


def main() -> None:
    """Print the rows of docs/benchmarks.md."""
    with _reflecting():
        whole = asyncio.run(_streams(PACKETS))
        short = asyncio.run(_streams(StampParams().packets))
        kernel = _in_step(PACKETS)
        together = _together(PACKETS)
        bare = _bare(PACKETS * STREAMS // 4)
    what = f"STAMP, {STREAMS} streams at once, 50 packets of {SIZE} octets a second each"
    row(f"{what}: share of a core", f"{whole.share:.1%}", f"{whole.packets} packets")
    row(f"{what}: CPU a packet, there and back", f"{whole.cost * 1e6:.1f} µs")
    row(f"{what}: packets lost", f"{whole.lost}", f"of {whole.packets}")
    row(
        f"the same streams of {short.packets // STREAMS} packets, once a minute: share of a core",
        f"{short.cost * short.packets / 60:.2%}",
        f"{short.cost * 1e6:.1f} µs a packet",
    )
    for others, cost in (
        ("send and recvmmsg alone, at the same rhythm", kernel),
        ("sendmmsg and recvmmsg alone, 50 packets a call, without a pause", together),
        ("send and recvmsg in a bare loop", bare),
    ):
        row(f"{others}: CPU a packet", f"{cost * 1e6:.1f} µs", f"{whole.cost / cost:.2f} of it")


@dataclass(frozen=True, slots=True)
class _Figures:
    """CPU seconds of a packet; share of a core."""

    cost: float
    share: float
    packets: int
    lost: int


async def _streams(packets: int) -> _Figures:
    reports: asyncio.Queue[Report] = asyncio.Queue()
    probe = StampProbe(reports.put_nowait)
    await probe.open()
    params = StampParams(port=PORT, packets=packets)
    timeout = params.shortest_timeout + 2
    begin, cpu = time.monotonic(), time.process_time()
    for number in range(STREAMS):
        target = f"codec-{number}"
        check = make_check(
            "stamp", target=target, address=REFLECTOR, params=params, timeout=timeout
        )
        probe.launch(check, time.monotonic())
        await asyncio.sleep(GAP / STREAMS)
    results = [await reports.get() for _ in range(STREAMS)]
    cpu, wall = time.process_time() - cpu, time.monotonic() - begin
    await probe.close()
    lost = sum(
        round(fact.value * packets)
        for result in results
        if isinstance(result, Result)
        for fact in result.facts
        if fact.name == "netwatch_media_loss_ratio"
    )
    return _Figures(cpu / (packets * STREAMS), cpu / wall, packets * STREAMS, lost)


def _in_step(packets: int) -> float:
    """CPU seconds of a packet that is only sent and read by the kernel, and woken up for."""
    data, box = request(0, 1, 1, 1) + extensions(SIZE, 46), new_buffer()
    with ExitStack() as stack:
        sockets = [stack.enter_context(_connected()) for _ in range(STREAMS)]
        begin, cpu = time.monotonic(), time.process_time()
        for number in range(packets):
            for sock in sockets:
                sock.send(data)
            if number % 25 == 24:
                for sock in sockets:
                    box.receive(sock.fileno())
            time.sleep(max(0.0, begin + number * GAP - time.monotonic()))
        return (time.process_time() - cpu) / (packets * STREAMS)


def _together(packets: int) -> float:
    """The same with one call for many packets, all on one socket and without a pause."""
    calls, together = packets * STREAMS // 50, 50
    outgoing, box = MessageBuffer(together, SIZE, control=0, name=0), new_buffer()
    outgoing.data[:] = np.frombuffer(request(0, 1, 1, 1) + extensions(SIZE, 46), np.uint8)
    sendmmsg = ctypes.CDLL(None, use_errno=True).sendmmsg
    cpu = 0.0
    with _connected() as sock:
        for _ in range(calls):
            begin = time.process_time()
            sent = sendmmsg(
                sock.fileno(), ctypes.c_void_p(outgoing.address), ctypes.c_uint(together), 0
            )
            cpu += time.process_time() - begin
            assert sent == together
            answered = 0
            while answered < together:
                time.sleep(0.001)  # for the reflector
                begin = time.process_time()
                answered += box.receive(sock.fileno())
                cpu += time.process_time() - begin
    return cpu / (calls * together)


def _bare(packets: int) -> float:
    """CPU seconds of a packet that is built, sent, and received with its stamps, and no more."""
    rest = extensions(SIZE, 46)
    with _connected() as sock:
        sock.settimeout(2)
        cpu = time.process_time()
        for number in range(packets):
            sock.send(request(number, 1, 1, 1) + rest)
            receive(sock)
        return (time.process_time() - cpu) / packets


def _connected() -> socket.socket:
    sock = open_stamped(socket.AF_INET, 46)
    sock.connect((REFLECTOR, PORT))
    return sock


@contextmanager
def _reflecting() -> Iterator[None]:
    command = [sys.executable, "-m", "netwatch", "reflect", "--address", REFLECTOR]
    options = ["--port", str(PORT), "--allow", "127.0.0.0/8", "--rate", "100000"]
    with subprocess.Popen([*command, *options], stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        process.stderr.readline()
        try:
            yield
        finally:
            process.terminate()


if __name__ == "__main__":
    main()

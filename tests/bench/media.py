"""Measures streams of test packets: ``python -m tests.bench.media``."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from netwatch.core.result import Report, Result
from netwatch.media.sockets import open_stamped, receive
from netwatch.media.stamp import extensions, request
from netwatch.probes.stamp import StampParams, StampProbe
from tests.builders import make_check

REFLECTOR = "127.7.3.1"
PORT = 10862
STREAMS = 100


def main() -> None:
    """Print the rows of docs/benchmarks.md."""
    with _reflecting():
        whole = asyncio.run(_streams(packets=250))
        bare = _bare(250 * STREAMS // 4)
    what = f"STAMP, {STREAMS} streams at once, 50 packets of 172 octets a second each"
    print(f"| {what}: share of a core | {whole.share:.1%} | {whole.packets} packets |")
    print(f"| {what}: CPU a packet, there and back | {whole.cost * 1e6:.1f} µs | |")
    print(f"| {what}: packets lost | {whole.lost} | of {whole.packets} |")
    print(
        f"| the same, {STREAMS} packets a stream each minute: share of a core | "
        f"{whole.cost * STREAMS * 100 / 60:.2%} | |"
    )
    print(f"| send and recvmsg in a bare loop: CPU a packet | {bare * 1e6:.1f} µs | |")
    print(f"| ratio | {whole.cost / bare:.1f} | |")


class _Figures:
    def __init__(self, cpu: float, wall: float, packets: int, lost: int) -> None:
        self.share = cpu / wall
        self.cost = cpu / packets
        self.packets = packets
        self.lost = lost


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
        await asyncio.sleep(0.02 / STREAMS)
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
    return _Figures(cpu, wall, packets * STREAMS, lost)


def _bare(packets: int) -> float:
    """CPU seconds of a packet that is built, sent, and received with its stamps, and no more."""
    rest = extensions(172, 46)
    with open_stamped(socket.AF_INET, 46) as sock:
        sock.connect((REFLECTOR, PORT))
        sock.setblocking(True)
        sock.settimeout(2)
        cpu = time.process_time()
        for number in range(packets):
            sock.send(request(number, 1, 1, 1) + rest)
            receive(sock)
        return (time.process_time() - cpu) / packets


@contextmanager
def _reflecting() -> Iterator[None]:
    command = [sys.executable, "-m", "netwatch", "reflect", "--address", REFLECTOR]
    options = ["--port", str(PORT), "--allow", "127.0.0.0/8", "--rate", "100000"]
    with subprocess.Popen([*command, *options], stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        process.stderr.readline()
        yield
        process.terminate()


if __name__ == "__main__":
    main()

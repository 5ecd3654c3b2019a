"""A day in minutes: does memory grow? ``python -m tests.bench.soak [MINUTES]``, 10 by default.

Everything that a province does every 30 s and more is done 150 times as often: echoes every 0.2 s,
connections every second, a scrape every tenth of a second that Prometheus would make every 15 s, a
reload a minute. A target in ten refuses all connections, and another one comes and goes all the
time, so that states, causes and the journal have work. So 9.6 minutes hold the slots of 24 hours.

The slope is a line through resident memory (least squares) after a quarter of the time, in which
tables fill that have a bound, in MiB an hour of that day.
"""

from __future__ import annotations

import os
import selectors
import signal
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread

from tests.bench.table import row
from tests.harness.daemon import Daemon, address, inventory, running
from tests.harness.ports import free_port

TARGETS = 300
COMPRESSED = 150
SAMPLE, RELOAD, FLAP = 2.0, 60.0, 7.0
"""Seconds between two samples of memory, two reloads, and two changes of the targets that flap."""

WARMING = 0.25
"""Share of the time before the slope is taken."""

FLAPPING = TARGETS // 10


def main() -> None:
    """Print the rows."""
    minutes = float(sys.argv[1]) if len(sys.argv) > 1 else 10.0
    port = free_port()
    checks = (
        "{probe: icmp, interval: 200ms, timeout: 150ms}, "
        f"{{probe: tcp, port: {port}, interval: 1s, timeout: 500ms}}"
    )
    with ExitStack() as stack:
        home = stack.enter_context(TemporaryDirectory(prefix="netwatch-soak-"))
        os.environ["NETWATCH_STATE_DIR"] = str(Path(home) / "state")
        daemon = stack.enter_context(running(inventory(TARGETS, checks)))
        stack.enter_context(_flapping(port))
        memory = _live(daemon, minutes * 60)
        [run, late, skipped] = _slots(daemon)
        things = _things(daemon.process.pid)
    hours = minutes / 60 * COMPRESSED
    what = f"{minutes:g} min as {hours:.0f} h, {run + late:.0f} slots, {skipped:.0f} skipped"
    settled = [each for each in memory if each[0] >= minutes * 60 * WARMING]
    slope = _slope(settled) * 3600 / COMPRESSED / 2**20
    row("soak: resident memory at the end", f"{memory[-1][1] / 2**20:.1f} MiB", what)
    row("soak: slope of it after a quarter", f"{slope:+.3f} MiB an hour", "by least squares")
    row("soak: descriptors and threads at the end", f"{things[0]}, {things[1]}", "")


def _live(daemon: Daemon, seconds: float) -> list[tuple[float, float]]:
    """Scrape, reload, and look at memory until the time is over; seconds and octets."""
    began = time.monotonic()
    sampled, reloaded = -SAMPLE, 0.0
    memory: list[tuple[float, float]] = []
    while (passed := time.monotonic() - began) < seconds:
        daemon.get("/metrics", packed=True)
        if passed - sampled >= SAMPLE:
            sampled = passed
            memory.append((passed, float(daemon.usage().memory)))
        if passed - reloaded >= RELOAD:
            reloaded = passed
            daemon.process.send_signal(signal.SIGHUP)
        time.sleep(15 / COMPRESSED)
    return memory


@contextmanager
def _flapping(port: int) -> Iterator[None]:
    """Targets of which a tenth lets nobody connect half of the time, and another one never."""
    stop = Event()

    def play() -> None:
        while not stop.is_set():
            with ExitStack() as open_:
                for number in range(FLAPPING, 2 * FLAPPING):
                    server = socket.create_server((address(number), port), backlog=64)
                    open_.enter_context(server)
                stop.wait(FLAP)
            stop.wait(FLAP)

    steady = [
        socket.create_server((address(number), port), backlog=64)
        for number in range(2 * FLAPPING, TARGETS)
    ]
    acceptor = Thread(target=_accept, args=(steady, stop), daemon=True)
    player = Thread(target=play, daemon=True)
    acceptor.start()
    player.start()
    try:
        yield
    finally:
        stop.set()
        player.join()
        acceptor.join()


def _accept(servers: list[socket.socket], stop: Event) -> None:
    """Take the connections off the servers, so that their queues don't fill."""
    selector = selectors.DefaultSelector()
    for server in servers:
        server.setblocking(False)
        selector.register(server, selectors.EVENT_READ)
    while not stop.is_set():
        for key, _ in selector.select(0.5):
            assert isinstance(key.fileobj, socket.socket)
            key.fileobj.accept()[0].close()
    for server in servers:
        server.close()


def _slots(daemon: Daemon) -> list[float]:
    page = daemon.get("/metrics")
    lines = [line for line in page.splitlines() if line.startswith("netwatch_slots_total{")]
    return [
        sum(float(line.rpartition(" ")[2]) for line in lines if f'outcome="{outcome}"' in line)
        for outcome in ("run", "late", "skipped")
    ]


def _things(process: int) -> tuple[int, int]:
    """Descriptors and threads of a process."""
    here = Path("/proc") / str(process)
    return len(list((here / "fd").iterdir())), len(list((here / "task").iterdir()))


def _slope(points: list[tuple[float, float]]) -> float:
    mean_x = sum(x for x, _ in points) / len(points)
    mean_y = sum(y for _, y in points) / len(points)
    above = sum((x - mean_x) * (y - mean_y) for x, y in points)
    return above / sum((x - mean_x) ** 2 for x, _ in points)


if __name__ == "__main__":
    main()

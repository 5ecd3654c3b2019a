"""What reloads cost: ``python -m tests.bench.reloads [RELOADS [SITES [broken]]]``, one a second.

200 reloads of the same 301 sites by default; with ``broken``, every second one is of a file that is
wrong in one of the ways of ``tests.harness.broken``.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import sys
import time
from itertools import cycle
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from tests.harness.broken import BROKEN
from tests.harness.daemon import Daemon, inventory, running

INTERVAL = 5.0
LAG = re.compile(r'^netwatch_loop_lag_seconds_bucket\{le="(.+)"\} (\S+)$', re.MULTILINE)


def slots(page: str) -> dict[str, float]:
    """How many slots of echoes were run, late and skipped."""
    found = re.findall(r'^netwatch_slots_total\{.*outcome="(\w+)".*\} (\S+)$', page, re.MULTILINE)
    return {outcome: float(value) for outcome, value in found}


def lags(page: str) -> dict[str, float]:
    """How often the event loop woke up at most so many seconds late."""
    return {bound: float(value) for bound, value in LAG.findall(page)}


def main(reloads: int, sites: int, *, broken: bool) -> None:
    """Reload again and again, and print what became of the slots meanwhile."""
    check = f"{{probe: icmp, interval: {INTERVAL:g}s, timeout: 2s}}"
    sound = inventory(2 * sites, check, 2)
    with TemporaryDirectory() as home, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(f"{home}/notify")
        os.environ["NOTIFY_SOCKET"] = f"{home}/notify"
        with running(sound) as daemon:
            time.sleep(INTERVAL)
            before, cpu, began = daemon.get("/metrics"), daemon.usage().cpu, time.monotonic()
            kinds = cycle(BROKEN.values())
            texts = (next(kinds)(sound) if broken and n % 2 else sound for n in range(reloads))
            took = [_reload(daemon, manager, text, sound) for text in texts]
            after = daemon.get("/metrics")
            due = 2 * sites * (time.monotonic() - began) / INTERVAL
            spent = daemon.usage().cpu - cpu
    told = ", ".join(f"{key} {slots(after)[key] - slots(before)[key]:.0f}" for key in slots(after))
    print(f"{reloads} reloads of {sites} sites: {told} of {due:.0f}; {spent:.1f} s of CPU")
    taken = [each for each in took if each is not None]
    print(f"{len(taken)} were taken over in {median(taken):.2f} s, {max(taken):.2f} s at most")
    late = {bound: lags(after)[bound] - lags(before)[bound] for bound in lags(after)}
    print("beats that were at most so many seconds late:", late)


def _reload(daemon: Daemon, manager: socket.socket, text: str, sound: str) -> float | None:
    """Reload with this file; returns the seconds that it took, None where it was refused."""
    environment = Path(f"/proc/{daemon.process.pid}/environ").read_bytes().split(b"\0")
    [home] = (each[19:] for each in environment if each.startswith(b"NETWATCH_INVENTORY="))
    (Path(home.decode()) / "bench.yaml").write_text(text, encoding="utf-8")
    _drain(manager)
    began = time.monotonic()
    daemon.process.send_signal(signal.SIGHUP)
    said = ""
    while "READY=1" not in said.split("\n"):
        said = manager.recv(4096).decode()
        if said.startswith("STATUS=reload refused") and text == sound:
            raise SystemExit(said)
    took = time.monotonic() - began
    time.sleep(max(0.0, 1.0 - took))
    return took if text == sound else None


def _drain(manager: socket.socket) -> None:
    """Take what was said before."""
    manager.setblocking(False)
    try:
        while True:
            manager.recv(4096)
    except BlockingIOError:
        manager.setblocking(True)


if __name__ == "__main__":
    numbers = [int(each) for each in sys.argv[1:] if each.isdigit()]
    main(*(numbers + [200, 301][len(numbers) :]), broken="broken" in sys.argv)

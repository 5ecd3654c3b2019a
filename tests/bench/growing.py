"""One daemon of ``growth``: ``python -m tests.bench.growing SITES`` prints its figures as JSON."""

from __future__ import annotations

import asyncio
import json
import os
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import time
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from netwatch.settings import load_settings
from tests.bench.echoes import own_network, program
from tests.bench.loop import Lag, watched
from tests.harness.country import CUT_REGION, country_files
from tests.harness.ports import free_port

INTERVAL = 10.0
"""Seconds between two echoes to a target."""

CHECKS = f"{{probe: icmp, interval: {INTERVAL:g}s, timeout: 1s}}"

CALM, CALM_SECONDS = "two slots", 2 * INTERVAL
"""What is measured while nothing happens, and for how long."""

CUT = 45.0
"""Seconds in which a cut, blindness, and their ends are seen through."""

LOOK = 0.005
"""Seconds between two looks at the loop's lag: few enough that they cost little."""

PATIENCE = 600.0
"""Seconds for anything that is waited for."""

TABLE = "add table inet bench; add chain inet bench in {type filter hook input priority 0;}"
RULE = "add rule inet bench in icmp type echo-request ip daddr %s drop"


class Growing:
    """Measures what is done.

    Attributes:
        figures: seconds of CPU, and the longest hold of the loop, by what was done.
    """

    def __init__(self) -> None:
        self.figures: dict[str, float] = {}

    @asynccontextmanager
    async def measuring(self, what: str) -> AsyncIterator[None]:
        """Take the figures of a block; of the CPU only what is more than in calm."""
        lag = Lag(LOOK)
        began, since = time.process_time(), time.monotonic()
        async with watched(lag):
            yield
            await asyncio.sleep(0.1)  # so that the last step is seen
        used = time.process_time() - began
        calm = self.figures.get(CALM, 0.0) / CALM_SECONDS * (time.monotonic() - since)
        self.figures[what] = max(0.0, used - calm)
        self.figures[f"{what} held"] = max(lag.own)

    async def lasting(self, what: str, seconds: float) -> None:
        """Take the figures of some seconds."""
        async with self.measuring(what):
            await asyncio.sleep(seconds)


def main(sites: int) -> None:
    """Measure, and print."""
    if not own_network():
        raise SystemExit("no network of its own")
    with tempfile.TemporaryDirectory(prefix="netwatch-growth-") as home:
        inventory = Path(home) / "inventory"
        inventory.mkdir()
        for number, text in enumerate(country_files(sites, CHECKS)):
            (inventory / f"country-{number}.yaml").write_text(text, encoding="utf-8")
        port = free_port()
        os.environ |= {
            "NETWATCH_INVENTORY": str(inventory),
            "NETWATCH_STATE_DIR": f"{home}/state",
            "NETWATCH_LISTEN": f"127.0.0.1:{port}",
            "NETWATCH_LOG_LEVEL": "error",
        }
        growing = Growing()
        _check(growing)
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told:
            told.bind(f"{home}/notify")
            told.setblocking(False)
            os.environ["NOTIFY_SOCKET"] = f"{home}/notify"
            asyncio.run(_live(growing, port, told))
        print(json.dumps(growing.figures))


def _check(growing: Growing) -> None:
    command = [sys.executable, "-m", "netwatch", "check"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    growing.figures["check"] = used.ru_utime + used.ru_stime


async def _live(growing: Growing, port: int, told: socket.socket) -> None:
    # Here, so that its parts are imported as the daemon does, within the start.
    from netwatch import daemon  # noqa: PLC0415

    url = f"http://127.0.0.1:{port}"
    async with growing.measuring("start"):
        running = asyncio.create_task(daemon.run(load_settings()))
        await _until_ready(told)
    await asyncio.sleep(3 * INTERVAL)
    growing.figures["memory"] = _resident()
    await growing.lasting(CALM, CALM_SECONDS)
    for what, path in (
        ("status", "/status.json"),
        ("page", "/metrics"),
        ("places", "/places.json"),
    ):
        async with growing.measuring(what):
            await _get(url + path)
    await _reload(growing, told)
    await _cuts(growing)
    os.kill(os.getpid(), signal.SIGTERM)
    await running


async def _reload(growing: Growing, told: socket.socket) -> None:
    async with growing.measuring("reload"):
        os.kill(os.getpid(), signal.SIGHUP)
        await _until_ready(told)


async def _cuts(growing: Growing) -> None:
    for what, addresses in (("core cut", CUT_REGION), ("blind", "127.0.0.0/8")):
        _filter(f"{TABLE}\n{RULE % addresses}\n")
        await growing.lasting(what, CUT)
        _filter("flush ruleset\n")
        await growing.lasting(f"end of {what}", CUT)


async def _until_ready(told: socket.socket) -> None:
    """Wait until the daemon tells systemd that it is ready."""
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(PATIENCE):
        while b"READY=1" not in await loop.sock_recv(told, 4096):
            pass


def _filter(rules: str) -> None:
    subprocess.run([program("nft") or "", "-f", "-"], input=rules, text=True, check=True)


async def _get(url: str) -> None:
    """Ask for a page from another process, as its reader does."""
    curl = await asyncio.create_subprocess_exec(
        *("curl", "-sf", "--max-time", "300", "--compressed", "-o", "/dev/null", url),
        stdout=DEVNULL,
    )
    assert await curl.wait() == 0, url


def _resident() -> float:
    """Megabytes of memory."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


if __name__ == "__main__":
    main(int(sys.argv[1]))

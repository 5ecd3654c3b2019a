"""The loop and the memory of a server with a large page: ``python -m tests.bench.page``.

A process of its own, so that its memory is that of the registry and the page.
"""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

from netwatch.metrics import Registry, page
from netwatch.metrics.own import OwnMetrics
from netwatch.web.app import create_app
from netwatch.web.listener import open_listener
from netwatch.web.server import serve
from tests.bench import content
from tests.bench.content import Content
from tests.bench.loop import Lag, watched
from tests.bench.table import row
from tests.harness.status_source import FakeSource

QUIET = 10.0
"""Seconds of the loop without a scrape, to compare with."""

SCRAPES = 12
READERS = 100


class Source(FakeSource):
    """Serves a registry as the daemon does."""

    def __init__(self, registry: Registry) -> None:
        super().__init__()
        self._registry = registry
        self._own = OwnMetrics("bench")

    def metrics(self) -> AsyncIterator[bytes]:
        return page(self._registry, self._own.registry)


async def measure() -> None:
    """Print the rows: first nobody scrapes, then one does, then many read slowly."""
    empty = memory("VmRSS")
    whole = content.whole_page(peer=False)
    full = memory("VmRSS")
    what = f"Page of {whole.series} series"
    row(f"{what}: memory a series", f"{(full - empty) / whole.series:.0f} B", "labels of 80 bytes")
    listener = open_listener("127.0.0.1", 0)
    port = listener.getsockname()[1]
    async with serve(create_app(Source(whole.ours)), listener):
        probing = asyncio.create_task(keep_changing(whole))
        lag = Lag()
        async with watched(lag):
            await asyncio.sleep(QUIET)
        row(f"{what}, not scraped: loop lag", str(lag), f"{QUIET:.0f} s")
        await scraped(what, port)
        grown = (memory("VmHWM") - full) / 1e6
        row(f"{what}: memory for the page", f"at most {grown:.0f} MB", "plain and packed")
        lag = Lag()
        async with watched(lag):
            await (await clients("crawl", port, READERS)).communicate()
        row(f"{what}, {READERS} slow readers: loop lag", str(lag), "80 kB/s each, plain")
        grown = (memory("VmHWM") - full) / 1e6
        row(f"{what}, {READERS} slow readers: memory", f"at most {grown:.0f} MB", "all pages")
        probing.cancel()


async def scraped(what: str, port: int) -> None:
    """One client that scrapes with gzip: the lag of all the time, and of the scrapes alone."""
    always, scraping = Lag(), Lag()
    longest, size = 0.0, 0
    scraper = await clients("scrape", port, SCRAPES)
    assert scraper.stdout is not None
    async with watched(always), AsyncExitStack() as stack:
        async for line in scraper.stdout:
            if line == b"begin\n":
                await stack.enter_async_context(watched(scraping))
                continue
            await stack.aclose()
            longest, size = max(longest, float(line.split()[0])), int(line.split()[1])
    of = f"{SCRAPES} scrapes, one every 5 s"
    row(f"{what}: longest scrape", f"{longest:.2f} s", f"{size / 1e6:.1f} MB gzip")
    row(f"{what}, scraped: loop lag, all the time", str(always), of)
    row(f"{what}, scraped: loop lag, during scrapes", str(scraping), of)


async def keep_changing(whole: Content) -> None:
    """Change every series in the course of some seconds, as probes do."""
    while True:
        for number, _ in enumerate(whole.change()):
            if number % 150 == 0:
                await asyncio.sleep(0.01)


async def clients(mode: str, port: int, count: int) -> Process:
    arguments = ("-m", "tests.bench.scrapers", mode, str(port), str(count))
    return await asyncio.create_subprocess_exec(sys.executable, *arguments, stdout=PIPE)


def memory(field: str) -> float:
    """A field of ``/proc/self/status``, in bytes."""
    status = Path("/proc/self/status").read_text()
    [line] = [line for line in status.splitlines() if line.startswith(field)]
    return int(line.split()[1]) * 1024


if __name__ == "__main__":
    asyncio.run(measure())

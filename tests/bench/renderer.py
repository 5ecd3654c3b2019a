"""The renderer beside prometheus_client's: ``python -m tests.bench.renderer``."""

from __future__ import annotations

import asyncio
import time

from prometheus_client import CollectorRegistry, generate_latest

from netwatch.metrics import page
from tests.bench import content
from tests.bench.content import Content
from tests.bench.table import row

ROUNDS = 3
"""Times that each side is measured, in turn; the best counts."""


async def measure() -> None:
    """CPU a sample: of a whole page, and of each kind of value that there is on it."""
    whole = content.whole_page()
    what = f"Renderer, page of {whole.series} series"
    await compare(f"{what}, all changed", whole)
    await compare(f"{what}, none changed", whole, changed=False)
    for kind, draw in (content.COLUMNS | content.FRACTIONS).items():
        one = Content()
        content.add(one, "netwatch_bench", 50_000, draw)
        await compare(f"Renderer, {kind}", one)
    trips = Content()
    content.add_histograms(trips, 4_000)
    await compare("Renderer, histograms", trips)


async def whole_page(both: Content) -> list[bytes]:
    """Our page of these series."""
    return [block async for block in page(both.ours, CollectorRegistry())]


async def compare(what: str, both: Content, *, changed: bool = True) -> None:
    """CPU a sample, against generate_latest on a page that is the same before the first change."""
    ours = theirs = float("inf")
    if changed and b"".join(await whole_page(both)) != generate_latest(both.theirs):
        raise SystemExit(f"{what}: the two pages differ")
    for _ in range(ROUNDS):
        for _ in both.change() if changed else ():
            pass
        began = time.process_time()
        await whole_page(both)
        ours = min(ours, time.process_time() - began)
        began = time.process_time()
        generate_latest(both.theirs)
        theirs = min(theirs, time.process_time() - began)
    ours, theirs = (1e6 * figure / both.series for figure in (ours, theirs))
    row(
        what, f"{ours:.2f} µs a sample", f"generate_latest: {theirs:.1f}, {theirs / ours:.0f} times"
    )


if __name__ == "__main__":
    asyncio.run(measure())

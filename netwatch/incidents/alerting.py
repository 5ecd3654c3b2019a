"""Keeps incidents and Alertmanager in step, while the daemon runs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from netwatch.incidents.alertmanager import Alertmanager
from netwatch.incidents.follower import IncidentFollower
from netwatch.incidents.links import IncidentLinks
from netwatch.incidents.paging import PageWatch
from netwatch.incidents.silencer import Silencer

LOOK_INTERVAL = 5.0
"""Seconds between two comparisons."""


@asynccontextmanager
async def alerting(
    follower: IncidentFollower, url: str | None, links: IncidentLinks
) -> AsyncIterator[None]:
    """Silence what was taken on, and note who is told, until the end of the block.

    Args:
        follower: knows the incidents.
        url: of Alertmanager; None: there is none.
        links: where people read on.
    """
    if url is None:
        yield
        return
    manager = Alertmanager(url)
    running = _run(PageWatch(follower, manager), Silencer(follower, manager, links))
    task = asyncio.create_task(running, name="alerting")
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _run(pages: PageWatch, silencer: Silencer) -> None:
    while True:
        await pages.look()
        await silencer.compare()
        await asyncio.sleep(LOOK_INTERVAL)

"""Fills the columns from the states, now and then, and has them kept."""

from __future__ import annotations

import asyncio
import time
from contextlib import AbstractAsyncContextManager

import numpy as np

from netwatch.disk.kept_file import saving
from netwatch.history.columns import Day, DayColumns, Shares, Trips, codes
from netwatch.history.store import HistoryStore
from netwatch.inventory.former_ids import former_ids
from netwatch.inventory.model import Inventory
from netwatch.state.check_status import CheckStatus
from netwatch.state.echoes import StreamStatus
from netwatch.state.table import StateTable

SAMPLE_INTERVAL = 2.0
"""Seconds between two looks at the states: whatever lasts longer is seen."""

SAVE_INTERVAL = 300.0
"""Seconds between two writings of the file; so much is lost when the machine loses power."""


class HistoryRecorder:
    """The last day of every site.

    Nothing is done when an echo comes: loss and round trip are read from the columns that the
    states keep of the first target of each site, all sites at once.

    Args:
        states: of the sites.
        inventory: says which target is the first.
        store: keeps the columns over a restart.
        past: what it kept; None when nothing.
    """

    def __init__(
        self, states: StateTable, inventory: Inventory, store: HistoryStore, past: DayColumns | None
    ) -> None:
        self._states = states
        self._store = store
        self._columns = past or DayColumns(())
        self._next = 0.0
        self.watch(inventory)

    def watch(self, inventory: Inventory) -> None:
        """Go by another inventory, whose states are in the table already."""
        present = former_ids(inventory).site
        self._columns = self._columns.renamed(present).of_sites(tuple(inventory.sites))
        streams: list[tuple[int, int]] = []
        self._others: list[tuple[int, CheckStatus]] = []
        for at, (site_id, site) in enumerate(inventory.sites.items()):
            first = next(iter(site.targets), None)
            primary = None if first is None else self._states.targets[site_id, first].primary
            if isinstance(primary, StreamStatus):
                streams.append((at, primary.row))
            elif primary is not None:
                self._others.append((at, primary))
        pairs = np.array(streams, np.int64).reshape(-1, 2)
        self._places, self._rows = pairs[:, 0], pairs[:, 1]

    def tick(self) -> None:
        """Look at the states when it is time to; call it on each beat."""
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + SAMPLE_INTERVAL
            self.sample(time.time())

    def sample(self, at: float) -> None:
        """Take in the states at a unix time."""
        sites = self._states.sites.values()
        loss: Shares = np.full(len(sites), np.nan, np.float16)
        trips: Trips = np.full(len(sites), np.nan, np.float32)
        qualities = self._states.echoes.qualities
        loss[self._places] = qualities.loss_ratio(self._rows)
        trips[self._places] = qualities.round_trips(self._rows)
        for place, check in self._others:
            loss[place] = _number(check.quality.loss_ratio)
            trips[place] = _number(check.quality.round_trip)
        states = np.fromiter((site.state for site in sites), np.uint8, len(sites))
        self._columns.record(at, codes(states), loss, trips)

    def day(self, site: str) -> Day | None:
        """The last day of a site; None when there is no such site."""
        try:
            return self._columns.day(site)
        except ValueError:
            return None

    def kept(self) -> AbstractAsyncContextManager[None]:
        """Write the file now and then until the end of the block, and at its end."""
        return saving(self._save(), lambda: self._store.save(self._columns))

    async def _save(self) -> None:
        while True:
            await asyncio.sleep(SAVE_INTERVAL)
            await self._store.save(self._columns)


def _number(value: float | None) -> float:
    return np.nan if value is None else value

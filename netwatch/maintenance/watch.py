"""Puts planned work into effect: compares the clock with windows and announcements."""

from __future__ import annotations

import time

from netwatch.inventory.model import Inventory
from netwatch.maintenance.announced import AnnouncedMaintenance
from netwatch.state.maintenance import Calendar, Work
from netwatch.state.table import StateTable

MAX_TOLD_BEFORE = 7 * 86400.0
"""Seconds before its begin from which on work is told."""

MAX_COMING = 100
"""Coming works that are told, the next ones."""


class MaintenanceWatch:
    """Gives the states the maintenance that is under way.

    Args:
        states: are given the work that is under way, whenever that changes.
        announced: None where nothing can be announced, because there is no directory for it.
        inventory: names the windows.
    """

    def __init__(
        self, states: StateTable, announced: AnnouncedMaintenance | None, inventory: Inventory
    ) -> None:
        self._states = states
        self._announced = announced
        self.replace(inventory)

    def replace(self, inventory: Inventory) -> None:
        """Go by another inventory's windows from now on."""
        self._inventory = inventory
        self._calendar = Calendar(inventory)
        self.tick()

    def under_way(self) -> list[Work]:
        """The work that the states were given last."""
        return self._states.plan.works

    def coming(self) -> list[Work]:
        """The work that begins within ``MAX_TOLD_BEFORE``, the next one first."""
        now = time.time()
        works = self._calendar.coming(now, MAX_TOLD_BEFORE)
        if self._announced is not None:
            works += self._announced.coming(now, MAX_TOLD_BEFORE)
        return sorted(works, key=lambda work: (work.began, work.id))[:MAX_COMING]

    def tick(self) -> None:
        """Give the states the work that is under way, if it changed; call it once a second."""
        now = time.time()
        works = self._calendar.under_way(now)
        if self._announced is not None:
            works += self._announced.under_way(self._inventory, now)
        if works != self._states.plan.works:
            self._states.work_on(works, time.monotonic())

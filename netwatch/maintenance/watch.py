"""Puts planned work into effect: compares the clock with windows and announcements."""

from __future__ import annotations

import time

from netwatch.inventory.model import Inventory
from netwatch.maintenance.announced import AnnouncedMaintenance
from netwatch.state.maintenance import Calendar
from netwatch.state.table import StateTable


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

    def tick(self) -> None:
        """Give the states the work that is under way, if it changed; call it once a second."""
        now = time.time()
        works = self._calendar.under_way(now)
        if self._announced is not None:
            works += self._announced.under_way(self._inventory, now)
        if works != self._states.plan.works:
            self._states.work_on(works, time.monotonic())

"""Planned work: tells the states when it begins and when it ends."""

from __future__ import annotations

import time

from netwatch.announcements import AnnouncedMaintenance
from netwatch.inventory.model import Inventory
from netwatch.state.maintenance import Calendar
from netwatch.state.table import StateTable


class MaintenanceWatch:
    """Looks at the clock, the inventory's windows and what was announced by hand.

    Args:
        states: told of the work that is under way, whenever that changes.
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
        """Tell the states when other work is under way than before; call it once a second."""
        now = time.time()
        works = self._calendar.under_way(now)
        if self._announced is not None:
            works += self._announced.under_way(self._inventory, now)
        if works != self._states.plan.works:
            self._states.work_on(works, time.monotonic())

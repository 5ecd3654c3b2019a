"""Takes announcements over HTTP: writes them where commands do, and takes down who made them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

from netwatch.audit.log import AuditLog
from netwatch.audit.who import Who
from netwatch.disk.worker import DiskWorker
from netwatch.inventory.model import Inventory
from netwatch.maintenance.announcements import Announcement
from netwatch.maintenance.change import announce, as_details, end
from netwatch.maintenance.order import MaintenanceOrder
from netwatch.maintenance.refused import MaintenanceError


class MaintenanceDesk:
    """Where those who may act announce work and end it, one after the other.

    Args:
        path: the file of announcements; None where nothing can be announced.
        audit: takes down who did what.
        inventory: what is watched.
    """

    def __init__(self, path: Path | None, audit: AuditLog, inventory: Inventory) -> None:
        self._path = path
        self._audit = audit
        self._inventory = inventory
        self._disk = DiskWorker()
        self._turn = asyncio.Lock()

    def replace(self, inventory: Inventory) -> None:
        """Judge by another inventory from now on."""
        self._inventory = inventory

    async def announce(self, order: MaintenanceOrder, who: Who) -> Announcement:
        """Announce work; the states follow within a second.

        Raises:
            MaintenanceError: it is refused, and nothing has changed.
        """
        inventory, path = self._inventory, self._place()
        request = order.request(ZoneInfo(inventory.province.timezone), time.time())
        done = await self._change(lambda: announce(path, request, inventory, who.name))
        self._audit.record(who, "maintenance-announced", done.subject, as_details(done))
        return done

    async def end(self, identity: str, who: Who) -> Announcement:
        """End work, or call it off; returns what it was.

        Raises:
            MaintenanceError: there is no such announcement, or it can't be written.
        """
        path = self._place()
        done = await self._change(lambda: end(path, identity))
        self._audit.record(who, "maintenance-ended", done.subject, as_details(done))
        return done

    def _place(self) -> Path:
        if self._path is None:
            vi = "chưa đặt state_dir, nên không báo trước được"
            en = "is not set, so nothing can be announced; set it"
            raise MaintenanceError("state_dir", "disk", vi, en)
        return self._path

    async def _change(self, work: Callable[[], Announcement]) -> Announcement:
        try:
            async with self._turn:
                return await self._disk.run(work)
        except OSError as error:
            vi = f"đĩa không trả lời: {error.strerror}"
            raise MaintenanceError("disk", "disk", vi, str(error.strerror)) from None

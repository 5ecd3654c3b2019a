"""Takes down what was changed in the inventory, at each reload and while the daemon was stopped."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from typing import Any

from netwatch.audit.changes import InventoryChange
from netwatch.audit.log import AuditLog
from netwatch.audit.seen import SeenInventory
from netwatch.audit.snapshot import snapshot_of
from netwatch.audit.who import PROGRAM, Who
from netwatch.core.errors import NetwatchError
from netwatch.disk.worker import DiskWorker
from netwatch.inventory.former_ids import former_ids
from netwatch.inventory.model import Inventory

Changes = tuple[InventoryChange, ...]

logger = logging.getLogger(__name__)

MAX_LINES = 2000
"""Lines for one reload; further changes are counted. What was removed comes first."""

MAX_AT_ONCE = 10
"""Lines before the event loop has its turn; each takes less than 0.1 ms."""

MAX_PROBLEMS = 20
"""Problems of a refused reload that are told."""


class InventoryAudit:
    """Compares each inventory with the one before, and takes down what is different.

    Args:
        audit: takes the lines.
        seen: the inventory that was seen last.
    """

    def __init__(self, audit: AuditLog, seen: SeenInventory) -> None:
        self._audit = audit
        self._seen = seen
        self._disk = DiskWorker()
        self._looking = asyncio.Lock()

    def removed_forbidden(self) -> dict[str, float]:
        """The forbidden flows that were removed in the last days, with the unix time."""
        return self._seen.removed_forbidden()

    async def started(self, inventory: Inventory) -> None:
        """Take down what was changed since the last run."""
        changes = await self._look(inventory, is_first=True)
        await self._tell(PROGRAM, changes, {"while": "stopped"})

    async def reloaded(self, who: Who, inventory: Inventory) -> None:
        """Take down a reload, and what it changed."""
        changes = await self._look(inventory, is_first=False)
        counts = Counter(f"{change.kind} {change.what}" for change in changes)
        details: dict[str, Any] = {"changes": dict(counts)}
        if (left_out := len(changes) - MAX_LINES) > 0:
            details["left_out"] = left_out
        self._audit.record(who, "reload", "inventory", details)
        await self._tell(who, changes, {})

    def refused(self, who: Who, error: NetwatchError) -> None:
        """Take down a reload that was refused."""
        problems = str(error).splitlines()
        details: dict[str, Any] = {"problems": problems[:MAX_PROBLEMS]}
        if (left_out := len(problems) - MAX_PROBLEMS) > 0:
            details["left_out"] = left_out
        self._audit.record(who, "reload-refused", "inventory", details)

    async def _look(self, inventory: Inventory, *, is_first: bool) -> Changes:
        def look() -> Changes:
            if is_first:
                self._seen.open()
            return self._seen.see(snapshot_of(inventory), former_ids(inventory))

        try:
            async with self._looking:
                return await self._disk.run(look)
        except OSError as error:
            logger.error("what changed in the inventory is not known: %s", error.strerror)
            return ()

    async def _tell(self, who: Who, changes: Changes, also: dict[str, Any]) -> None:
        """Take down the changes, a few at a time: a new inventory has thousands."""
        for number, change in enumerate(changes[:MAX_LINES]):
            if number % MAX_AT_ONCE == 0:
                await asyncio.sleep(0)
            self._audit.record(who, change.what, change.subject, {**change.details, **also})
            if change.forbids_less:
                logger.warning("a forbidden flow is no longer watched: %s", change.id)

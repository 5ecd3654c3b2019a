"""Verifies the chain of the audit now and then, so that nobody has to think of it."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from pathlib import Path

from netwatch.audit.verify import find_damage
from netwatch.disk.worker import DiskWorker

CHECK_INTERVAL = 86400.0
"""Seconds between two looks: 100 000 lines take a second of a thread."""

FIRST_CHECK_AFTER = 60.0
"""Seconds after the start, when there is less to do."""

MAX_LOGGED = 20
"""Damages that are logged of one look."""

logger = logging.getLogger(__name__)


class AuditChainWatch:
    """Looks whether a line is missing or was changed.

    Args:
        journal: its file; None where nothing is kept.

    Attributes:
        is_whole: what the last look has found; None before it, or where the journal can't be read.
    """

    def __init__(self, journal: Path | None = None) -> None:
        self.is_whole: bool | None = None
        self._journal = journal
        self._disk = DiskWorker()

    async def run(self) -> None:
        """Look again and again, until cancelled."""
        await asyncio.sleep(FIRST_CHECK_AFTER)
        while self._journal is not None:
            await self.look(self._journal)
            await asyncio.sleep(CHECK_INTERVAL)

    async def look(self, journal: Path) -> None:
        """Look once; what is wrong is logged."""
        try:
            damage = await self._disk.run(lambda: find_damage(journal))
        except (sqlite3.Error, OSError) as error:
            self.is_whole = None
            logger.warning("the audit can't be verified: %s", error)
            return
        self.is_whole = not damage
        for each in damage[:MAX_LOGGED]:
            logger.error("audit: %s", each)

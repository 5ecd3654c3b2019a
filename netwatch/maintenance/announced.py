"""What was announced by hand, as the daemon sees it: the file is read again when it has changed."""

from __future__ import annotations

import asyncio
import logging
import time
from concurrent.futures import Future
from pathlib import Path
from typing import TypeAlias
from zoneinfo import ZoneInfo

from netwatch.core.errors import ConfigError
from netwatch.disk.worker import DISK_TIMEOUT, in_thread
from netwatch.inventory.model import Inventory
from netwatch.maintenance.announcements import Announcement, read_announcements
from netwatch.maintenance.work import AnnouncedWork
from netwatch.state.maintenance import Work, scope_of

logger = logging.getLogger(__name__)

_Seen: TypeAlias = tuple[int, int, int] | None
"""What tells one content of the file from the next; None: there is no file."""

_Look: TypeAlias = tuple[_Seen, list[Announcement] | ConfigError | None]
"""What was seen, and what it says; None: nothing new."""


class AnnouncedMaintenance:
    """The announced maintenance of a file, which is looked at in a thread, once at a time.

    While the file can't be read, or the disk hangs, what it said last stays in force, and that is
    logged once.

    Attributes:
        path: of the file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._seen: _Seen = None
        self._announcements: list[Announcement] = []
        self._inventory: Inventory | None = None
        self._works: list[AnnouncedWork] = []
        self._looking: Future[_Look] | None = None
        self._began = 0.0
        self._hangs = False

    async def look(self) -> None:
        """Look at the file for the first time, and wait until that is done or the disk hangs."""
        self._begin()
        assert self._looking is not None
        await asyncio.wait([asyncio.wrap_future(self._looking)], timeout=DISK_TIMEOUT)

    def under_way(self, inventory: Inventory, now: float) -> list[Work]:
        """The announced work that is under way at a unix time, as it was seen a moment ago."""
        if self._has_changed() or inventory is not self._inventory:
            self._inventory = inventory
            self._works = [
                AnnouncedWork(each, scope, ZoneInfo(inventory.province.timezone))
                for each in self._announcements
                if (scope := scope_of(inventory, each.kind, each.name)) is not None
            ]
        return [work for each in self._works if (work := each.at(now)) is not None]

    def coming(self, now: float, within: float) -> list[Work]:
        """The announced work that begins within so many seconds, as it was seen by the last look.

        Of what recurs the next time is told.
        """
        works = [work for each in self._works if (work := each.after(now)) is not None]
        return [work for work in works if work.began - now <= within]

    def _has_changed(self) -> bool:
        """Take over what was seen, and look again; returns whether there was something new."""
        looking = self._looking
        if looking is not None and not looking.done():
            self._tell_if_it_hangs()
            return False
        self._begin()
        if looking is None:
            return False
        if self._hangs:
            self._hangs = False
            logger.warning("maintenance can be read again file=%s", self.path)
        self._seen, found = looking.result()
        if isinstance(found, ConfigError):
            logger.error("maintenance stays as it was: %s", found)
        elif found is not None:
            self._announcements = found
            return True
        return False

    def _begin(self) -> None:
        path, seen = self.path, self._seen
        if self._looking is not None and self._looking.done():
            seen = self._looking.result()[0]
        self._began = time.monotonic()
        self._looking = in_thread(lambda: _look(path, seen))

    def _tell_if_it_hangs(self) -> None:
        seconds = time.monotonic() - self._began
        if not self._hangs and seconds > DISK_TIMEOUT:
            self._hangs = True
            logger.error(
                "maintenance stays as it was: the disk has not answered for %.0f s file=%s",
                seconds,
                self.path,
            )


def _look(path: Path, before: _Seen) -> _Look:
    try:
        status = path.lstat()
    except OSError:
        seen = None
    else:
        seen = status.st_ino, status.st_mtime_ns, status.st_size
    if seen == before:
        return seen, None
    try:
        return seen, read_announcements(path)
    except ConfigError as error:
        return seen, error

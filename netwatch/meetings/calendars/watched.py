"""One calendar of the inventory: what it says, as far as it could be read last."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path

from netwatch.disk.worker import DiskWorker
from netwatch.meetings.calendars.bounds import CalendarBounds
from netwatch.meetings.calendars.ical import CalendarError, CalendarReading
from netwatch.meetings.calendars.kept import load, save_apart
from netwatch.meetings.calendars.origin import Origin, OriginError
from netwatch.meetings.calendars.process import read_apart
from netwatch.meetings.calendars.readings import LastReading, digest_of

NOT_READ_YET = "not read yet"


class WatchedCalendar:
    """Reads a calendar when it changed, in another process, and keeps what was read last.

    Args:
        source: path or URL.
        origin: gives its octets.
        file: in which the last reading is kept over restarts; None: nowhere.
        zone: of times without one.
        bounds: of a reading.

    Attributes:
        refusal: why it can't be read now; empty when it can.
    """

    def __init__(
        self, source: str, origin: Origin, file: Path | None, zone: str, bounds: CalendarBounds
    ) -> None:
        self.refusal = NOT_READ_YET
        self._origin, self._file, self._zone, self._bounds = origin, file, zone, bounds
        self._disk = DiskWorker() if file is None else DiskWorker.of(file)
        self._last = nothing = LastReading.nothing(source, bounds)
        kept = None if file is None else load(file, LastReading)
        if kept is not None and kept.source == source:
            same = kept.bounds == nothing.bounds
            self._last = kept if same else nothing.model_copy(update={"reading": kept.reading})

    @property
    def reading(self) -> CalendarReading | None:
        """The last good reading; None when there never was one."""
        return self._last.reading

    def checked(self) -> float | None:
        """Unix time at which the copy in use was current; None: there is no copy."""
        return self._origin.checked()

    async def refresh(self, begin: datetime, end: datetime, now: datetime) -> None:
        """See whether it changed, and read it anew if it did; ``refusal`` says why it can't be."""
        try:
            self.refusal = await self._read(await self._origin.get(), begin, end, now)
        except OriginError as error:
            self.refusal = str(error)
        if not self.refusal:
            await self._origin.keep()
            return
        kept = self._origin.last()
        if kept is not None:  # time goes on, and with it the days that are asked for
            await self._read(kept, begin, end, now)

    async def _read(self, content: bytes, begin: datetime, end: datetime, now: datetime) -> str:
        """Read a content, unless that was done before; returns why it can't be, or nothing."""
        digest = await asyncio.to_thread(digest_of, content)
        if self._last.is_of(digest, begin, end):
            return ""
        if self._last.refuses(digest):
            return self._last.refusal
        why = ""
        try:
            found = await read_apart(content, begin, end, self._zone, self._bounds.at(now))
            self._last = self._last.with_reading(digest, found)
        except CalendarError as error:
            why = str(error)
            self._last = self._last.with_refusal(digest, why)
        if self._file is not None:
            await save_apart(self._disk, self._file, self._last)
        return why

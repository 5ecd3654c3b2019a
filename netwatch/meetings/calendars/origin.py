"""Where the octets of a calendar come from: a file, or a server whose last good copy is kept."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from netwatch.core.login import Login
from netwatch.disk.reading import read_begin
from netwatch.disk.worker import DiskWorker
from netwatch.inventory.meetings import CalendarSpec
from netwatch.meetings.calendars.bounds import CalendarBounds
from netwatch.meetings.calendars.copies import CalendarCopy
from netwatch.meetings.calendars.fetch import FetchError, fetch
from netwatch.meetings.calendars.kept import load, save_apart


class OriginError(Exception):
    """There is no newer content; says why."""


class Origin(Protocol):
    """Gives the octets of a calendar."""

    async def get(self) -> bytes:
        """The calendar as it is now.

        Raises:
            OriginError: it can't be had.
        """

    async def keep(self) -> None:
        """Keep what ``get`` gave: it could be read."""

    def last(self) -> bytes | None:
        """What was kept last; None when nothing is."""

    def checked(self) -> float | None:
        """Unix time at which what is kept was current; None: it is not known."""


class FileOrigin:
    """A calendar in a file of this machine; no copy is kept of it."""

    def __init__(self, path: Path, bounds: CalendarBounds) -> None:
        self._path = path
        self._most = bounds.octets + 1
        self._disk = DiskWorker.of(path)

    async def get(self) -> bytes:
        """The file's octets, one more than may be read at the most."""
        try:
            return await self._disk.run(lambda: read_begin(self._path, self._most))
        except OSError as error:
            raise OriginError(error.strerror or str(error)) from None

    async def keep(self) -> None:
        """Keep nothing: the file is there."""

    def last(self) -> bytes | None:
        """Nothing."""
        return None

    def checked(self) -> float | None:
        """Not known."""
        return None


class UrlOrigin:
    """A calendar on a server.

    Args:
        spec: has the URL.
        login: for the server; None when it wants none.
        file: in which the copy is kept over restarts; None: nowhere.
        bounds: say how much is fetched.
    """

    def __init__(
        self, spec: CalendarSpec, login: Login | None, file: Path | None, bounds: CalendarBounds
    ) -> None:
        self._spec, self._login, self._file, self._bounds = spec, login, file, bounds
        kept = None if file is None else load(file, CalendarCopy)
        self._copy = kept if kept is not None and kept.url == spec.url else None
        self._disk = DiskWorker() if file is None else DiskWorker.of(file)
        self._new = self._copy

    async def get(self) -> bytes:
        """The calendar as the server has it; it is only sent when it changed."""
        try:
            self._new = await fetch(self._spec, self._login, self._copy, self._bounds)
        except FetchError as error:
            raise OriginError(str(error)) from None
        return self._new.content

    async def keep(self) -> None:
        """Keep what was fetched last, also over a restart."""
        self._copy = self._new
        if self._file is not None and self._copy is not None:
            await save_apart(self._disk, self._file, self._copy)

    def last(self) -> bytes | None:
        """The copy's octets."""
        return None if self._copy is None else self._copy.content

    def checked(self) -> float | None:
        """When the server last said that the copy is current."""
        return None if self._copy is None else self._copy.fetched

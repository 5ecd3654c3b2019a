"""The calendars of an inventory: files are read, URLs fetched, and their last good copies kept."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from netwatch.core.login import Login
from netwatch.inventory.model import Inventory
from netwatch.meetings.calendars.copies import CalendarCopy, load, save
from netwatch.meetings.calendars.fetch import FetchError, fetch
from netwatch.meetings.calendars.ical import MAX_CALENDAR_BYTES, CalendarError, read_events

DIRECTORY = "calendars"
"""Name of the directory of copies, within the state directory."""

_ZONE = ZoneInfo("UTC")


class CalendarSources:
    """The texts of an inventory's calendars.

    Args:
        inventory: names the calendars.
        logins: by id of the calendar, for those whose server wants one.
        state: directory in which copies are kept over restarts; None: nowhere.
    """

    def __init__(
        self, inventory: Inventory, logins: Mapping[str, Login], state: Path | None
    ) -> None:
        self._zone = ZoneInfo(inventory.province.timezone)
        self._logins = logins
        self._specs = {id_: spec for id_, spec in inventory.calendars.items() if spec.url}
        self._files = {
            id_: None if state is None else state / DIRECTORY / f"{id_}.json" for id_ in self._specs
        }
        self._copies: dict[str, CalendarCopy | None] = {
            id_: None if file is None else load(file, self._specs[id_].source)
            for id_, file in self._files.items()
        }
        self._refusals = dict.fromkeys(self._specs, "not fetched yet")

    async def refresh(self) -> None:
        """Fetch the calendars that have a URL, all at once; ``warnings`` tells which failed."""
        await asyncio.gather(*map(self._refresh, self._specs))

    def read(self, source: str) -> str:
        """The text of a file, or the last good copy of a URL.

        Raises:
            OSError: the file can't be read, or the URL was never fetched.
            UnicodeDecodeError: the file is not UTF-8.
        """
        id_ = next((id_ for id_, spec in self._specs.items() if spec.url == source), None)
        if id_ is None:
            return _file(Path(source))
        copy = self._copies[id_]
        if copy is None:
            raise OSError(errno.ENODATA, f"can't be fetched: {self._refusals[id_]}")
        return copy.text

    def warnings(self, now: datetime) -> list[str]:
        """A line for each calendar that could not be fetched: how old its copy is, and why."""
        return [
            f"calendar {id_}: the copy of {_moment(copy, self._zone):%Y-%m-%d %H:%M} is used,"
            f" {_age(now - _moment(copy, self._zone))} old: {self._refusals[id_]}"
            for id_, copy in self._copies.items()
            if copy is not None and self._refusals[id_]
        ]

    async def _refresh(self, id_: str) -> None:
        before = self._copies[id_]
        try:
            copy = await fetch(self._specs[id_], self._logins.get(id_), before)
            if before is None or copy.text != before.text:
                await asyncio.to_thread(_examine, copy.text)
        except (FetchError, CalendarError) as error:
            self._refusals[id_] = str(error)
            return
        self._copies[id_], self._refusals[id_] = copy, ""
        file = self._files[id_]
        if file is not None:
            await asyncio.to_thread(save, file, copy)


def _examine(text: str) -> None:
    """Raise CalendarError for what is no calendar, such as a page that asks to log in."""
    begin = datetime.now(UTC)
    read_events(text, begin, begin + timedelta(days=1), _ZONE)


def _file(path: Path) -> str:
    if path.exists() and not path.is_file():  # a pipe could keep us waiting, a device has no end
        raise OSError(errno.EINVAL, "is not a regular file")
    if path.stat().st_size > MAX_CALENDAR_BYTES:
        return " " * (MAX_CALENDAR_BYTES + 1)  # told as too large without being read
    return path.read_text(encoding="utf-8")


def _moment(copy: CalendarCopy, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(copy.fetched, zone)


def _age(age: timedelta) -> str:
    hours = max(0.0, age / timedelta(hours=1))
    return f"{hours / 24:.0f} d" if hours >= 48 else f"{hours:.0f} h"

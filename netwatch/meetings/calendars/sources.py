"""The calendars of an inventory: files are read, URLs fetched, and what they said last kept."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from netwatch.core.login import Login
from netwatch.inventory.meetings import CalendarSpec
from netwatch.inventory.model import Inventory
from netwatch.meetings.calendars.bounds import CalendarBounds
from netwatch.meetings.calendars.ical import CalendarReading
from netwatch.meetings.calendars.origin import FileOrigin, UrlOrigin
from netwatch.meetings.calendars.watched import NOT_READ_YET, WatchedCalendar

DIRECTORY = "calendars"
"""Name of the directory of copies and readings, within the state directory."""

MAX_AT_ONCE = 2
"""Calendars that are fetched and read at one time."""


class KnownCalendar(NamedTuple):
    """What is known of a calendar.

    Attributes:
        reading: the last good one; None when there never was one.
        warnings: why that is not what the calendar says now, and what was left out of it.
        is_current: whether the reading is of the calendar as it is now.
    """

    reading: CalendarReading | None
    warnings: tuple[str, ...]
    is_current: bool


class CalendarSources:
    """The calendars of an inventory.

    Args:
        inventory: names the calendars.
        logins: by id of the calendar, for those whose server wants one.
        state: directory in which copies and readings are kept over restarts; None: nowhere.
        bounds: of a reading.
    """

    def __init__(
        self,
        inventory: Inventory,
        logins: Mapping[str, Login],
        state: Path | None,
        bounds: CalendarBounds | None = None,
    ) -> None:
        self._zone = ZoneInfo(inventory.province.timezone)
        self._specs = inventory.calendars
        self._bounds = bounds or CalendarBounds()
        directory = None if state is None else state / DIRECTORY
        self._calendars = {
            id_: self._watch(id_, spec, logins.get(id_), directory)
            for id_, spec in inventory.calendars.items()
        }

    async def refresh(self, begin: datetime, end: datetime, now: datetime) -> None:
        """See which calendars changed, and read those anew for the time from begin to end."""
        free = asyncio.Semaphore(MAX_AT_ONCE)

        async def refresh(calendar: WatchedCalendar) -> None:
            async with free:
                await calendar.refresh(begin, end, now)

        await asyncio.gather(*map(refresh, self._calendars.values()))

    def known(self, id_: str, now: datetime) -> KnownCalendar:
        """What is known of a calendar."""
        calendar = self._calendars[id_]
        warnings = tuple(f"calendar {id_}: {each}" for each in self._warnings(id_, now))
        return KnownCalendar(calendar.reading, warnings, not calendar.refusal)

    def _warnings(self, id_: str, now: datetime) -> Iterator[str]:
        calendar, spec = self._calendars[id_], self._specs[id_]
        reading, why, checked = calendar.reading, calendar.refusal, calendar.checked()
        if why and checked is not None:
            moment = datetime.fromtimestamp(checked, self._zone)
            yield f"the copy of {moment:%d/%m/%Y %H:%M} is used, {_age(now - moment)} old: {why}"
        elif why and why != NOT_READ_YET:
            stands = "; what was read of it before stands, unsure" if reading else ""
            lead = f"can't be fetched: {why}" if spec.url else why
            yield f"{spec.source} {lead}{stands}"
        yield from () if reading is None else reading.complaints

    def _watch(
        self, id_: str, spec: CalendarSpec, login: Login | None, directory: Path | None
    ) -> WatchedCalendar:
        copy = None if directory is None else directory / f"{id_}.json"
        file = None if directory is None else directory / f"{id_}.reading.json"
        origin = (
            UrlOrigin(spec, login, copy, self._bounds)
            if spec.url
            else FileOrigin(Path(spec.source), self._bounds)
        )
        return WatchedCalendar(spec.source, origin, file, self._zone.key, self._bounds)


def _age(age: timedelta) -> str:
    hours = max(0.0, age / timedelta(hours=1))
    return f"{hours / 24:.0f} d" if hours >= 48 else f"{hours:.0f} h"

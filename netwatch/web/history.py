"""The past of one site, which the page asks for when somebody opens it."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import time
from pathlib import Path
from typing import TypedDict, cast
from zoneinfo import ZoneInfo

from netwatch.core.state import State
from netwatch.disk.worker import DiskWorker
from netwatch.history.columns import STEP, Day
from netwatch.history.month import RecordedDay, read_month
from netwatch.history.recorder import HistoryRecorder
from netwatch.web.status import StateName

logger = logging.getLogger(__name__)


class RecordedDayView(TypedDict):
    """A day of the journal. ``seconds``: of each state but ``up``; ``recorded``: it was kept."""

    date: str
    recorded: bool
    seconds: dict[str, float]


class PastView(TypedDict):
    """The answer to ``/history.json``.

    ``end``: unix time of the end of the newest step; ``step``: seconds; ``states``, ``loss`` (0 to
    1) and ``rtt`` (seconds): a value a step, the oldest first, the worst of it, null where there is
    none; ``days``: by the journal, null when it can't be read.
    """

    site: str
    step: int
    end: int
    states: list[StateName | None]
    loss: list[float | None]
    rtt: list[float | None]
    days: list[RecordedDayView] | None


class SitePast:
    """Puts together what is known of a site's past.

    Args:
        recorder: has the last day.
        journal: file with the days before; None: there is none.
    """

    def __init__(self, recorder: HistoryRecorder, journal: Path | None) -> None:
        self._recorder = recorder
        self._journal = journal
        self._disk = DiskWorker()
        self._turn = asyncio.Lock()  # the journal is read for one at a time

    async def of(self, site: str, zone: ZoneInfo) -> PastView | None:
        """The past of a site; None when there is no such site.

        Args:
            site: its id.
            zone: in which days begin.
        """
        day = self._recorder.day(site)
        if day is None:
            return None
        return _view(site, day, await self._month(site, zone))

    async def _month(self, site: str, zone: ZoneInfo) -> list[RecordedDay] | None:
        path = self._journal
        if path is None:
            return None
        async with self._turn:
            try:
                return await self._disk.run(lambda: read_month(path, site, time.time(), zone))
            except (OSError, sqlite3.Error) as error:
                logger.debug("the past of %s can't be read: %s", site, error)
                return None


def _view(site: str, day: Day, month: list[RecordedDay] | None) -> PastView:
    return {
        "site": site,
        "step": STEP,
        "end": day.end,
        "states": [None if state is None else _name(state) for state in day.states],
        "loss": [_rounded(value, 4) for value in day.loss],
        "rtt": [_rounded(value, 5) for value in day.round_trips],
        "days": None if month is None else [_day(each) for each in month],
    }


def _day(day: RecordedDay) -> RecordedDayView:
    return {
        "date": day.date.isoformat(),
        "recorded": day.is_recorded,
        "seconds": {_name(state): round(value) for state, value in day.seconds.items()},
    }


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)


def _name(state: State) -> StateName:
    return cast("StateName", state.label)

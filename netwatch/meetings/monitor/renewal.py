"""Keeps the plan of meetings up to date: fetches calendars, and reads what is planned anew."""

from __future__ import annotations

import asyncio
import logging
import math
import time
from contextlib import suppress
from datetime import datetime
from zoneinfo import ZoneInfo

from netwatch.inventory.model import Inventory
from netwatch.meetings.calendars.sources import CalendarSources
from netwatch.meetings.occurrences import MeetingFinder
from netwatch.meetings.plan import MeetingPlan, days_of, read_plan

logger = logging.getLogger(__name__)

RENEW_INTERVAL = 60.0
"""Seconds between two readings of the plan, and between two fetches of the calendars."""


class PlanRenewal:
    """Fetches the calendars and reads the plan, each at its own pace.

    Args:
        inventory: names the meetings and the calendars.
        calendars: their texts.
    """

    def __init__(self, inventory: Inventory, calendars: CalendarSources) -> None:
        self._replaced = asyncio.Event()
        self.replace(inventory, calendars)

    def replace(self, inventory: Inventory, calendars: CalendarSources) -> None:
        """Fetch and read at once by another inventory."""
        self._zone = ZoneInfo(inventory.province.timezone)
        self._finder = MeetingFinder(inventory)
        self._calendars = calendars
        self._last_read = -math.inf
        self._replaced.set()

    async def keep_fetching(self) -> None:
        """Fetch and read calendars until cancelled; a server that is slow makes no meeting wait."""
        while True:
            self._replaced.clear()
            try:
                now = datetime.now(self._zone)
                await self._calendars.refresh(*days_of(now), now)
            except Exception:
                # A mistake of ours: it must be seen, but the copies that are there serve on.
                logger.exception("calendars can't be fetched")
            self._last_read = -math.inf
            with suppress(TimeoutError):
                async with asyncio.timeout(RENEW_INTERVAL):
                    await self._replaced.wait()

    def is_due(self) -> bool:
        """Whether the plan should be read: after each fetch, and when it is old."""
        return time.monotonic() - self._last_read > RENEW_INTERVAL

    async def read(self, before: MeetingPlan, now: datetime) -> MeetingPlan | None:
        """The plan of this moment; new warnings are logged. None when it can't be worked out.

        Args:
            before: what stands for calendars that can't be read now.
            now: with the province's time zone.
        """
        self._last_read = time.monotonic()
        try:
            plan = await asyncio.to_thread(read_plan, self._finder, now, before, self._calendars)
        except Exception:
            # A mistake of ours: it must be seen, but meetings as known before go on.
            logger.exception("meetings can't be worked out")
            return None
        for warning in plan.warnings:
            if warning not in before.warnings:
                logger.warning("meetings: %s", warning)
        return plan

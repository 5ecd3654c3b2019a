"""Follows the meetings by the clock: what is planned, measured and written down, and when."""

from __future__ import annotations

import asyncio
import logging
import math
import time
from datetime import datetime
from zoneinfo import ZoneInfo

from netwatch.core.clock import SlotClock
from netwatch.core.measure_now import MeasureNow
from netwatch.inventory.former_ids import former_ids
from netwatch.inventory.links import all_links
from netwatch.meetings.capacity import ReadLoad
from netwatch.meetings.configuration import MeetingConfiguration
from netwatch.meetings.monitor.assessor import RoomAssessor
from netwatch.meetings.monitor.followed import FollowedMeetings, PhaseChanges
from netwatch.meetings.monitor.monitored import MonitoredMeeting
from netwatch.meetings.monitor.preflight import PreflightRound
from netwatch.meetings.monitor.renewal import PlanRenewal
from netwatch.meetings.monitor.rounds import RoundRunner
from netwatch.meetings.phases import Phase
from netwatch.meetings.plan import MeetingPlan
from netwatch.meetings.readiness import Readiness
from netwatch.meetings.records.month import MeetingMonth
from netwatch.meetings.records.store import MeetingRecords
from netwatch.state.table import StateTable

logger = logging.getLogger(__name__)

TICK_INTERVAL = 0.8
"""Seconds between two looks at the clock: at every other beat, so that both wake up together."""

ASSESS_INTERVAL = 5.0
"""Seconds between two assessments of the rooms, by what the regular checks say meanwhile."""


class MeetingMonitor:
    """Has rooms measured before and during meetings, and has records kept of them.

    Args:
        configuration: the inventory, and all that follows from it.
        states: what is known of the rooms.
        load: what a line carries now.
        records: where records are kept.
        launch: begins a check at once.

    Attributes:
        month: the meetings of this month that are over.
    """

    def __init__(
        self,
        configuration: MeetingConfiguration,
        states: StateTable,
        load: ReadLoad,
        records: MeetingRecords,
        launch: MeasureNow,
    ) -> None:
        inventory = configuration.inventory
        self.month = MeetingMonth()
        self._inventory = inventory
        self._records = records
        self._plan = MeetingPlan()
        self._renewal = PlanRenewal(inventory, configuration.calendars)
        self._followed = FollowedMeetings()
        self._rounds = RoundRunner(states, launch, inventory.preflight, configuration.checks)
        self._assessor = RoomAssessor(states, load, configuration.graph, all_links(inventory))
        self._last_assessed = -math.inf

    def replace(self, configuration: MeetingConfiguration) -> None:
        """Work by another configuration; what is in both goes on."""
        inventory = self._inventory = configuration.inventory
        self._records.rename(former_ids(inventory))
        self._renewal.replace(inventory, configuration.calendars)
        self._rounds.replace(inventory.preflight, configuration.checks)
        self._assessor.replace(configuration.graph, all_links(inventory))

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is wrong with the plan."""
        return self._plan.warnings

    def meetings(self) -> list[MonitoredMeeting]:
        """Those that ended last, those that are followed, and the next one."""
        return self._followed.shown()

    async def run(self) -> None:
        """Follow the clock until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._renewal.keep_fetching(), name="calendars")
            tasks.create_task(self._follow_clock(), name="meetings")

    async def _follow_clock(self) -> None:
        slots = SlotClock()
        try:
            while True:
                if self._renewal.is_due():
                    await self._renew(self._now())
                await self.turn(self._now(), time.monotonic())
                moment = time.monotonic()
                await asyncio.sleep(slots.next_start(TICK_INTERVAL, moment) - moment)
        finally:
            self._rounds.stop()

    def _now(self) -> datetime:
        return datetime.now(ZoneInfo(self._inventory.province.timezone))

    async def _renew(self, now: datetime) -> None:
        """Read plan and records anew; without a plan, that of before stands."""
        plan = await self._renewal.read(self._plan, now)
        if plan is None:
            return
        found = await self._records.look_up(now)
        self.follow(plan, now)
        self._records.merge(found, now)
        self.month = self._records.month(now, plan.past)

    def follow(self, plan: MeetingPlan, now: datetime) -> None:
        """Follow the meetings of a plan; one that is followed and not in it is called off."""
        self._plan = plan
        for key in self._followed.replan(plan.online, now):
            self._records.delete(key)

    async def turn(self, now: datetime, moment: float) -> None:
        """Do what is due now.

        Args:
            now: by the wall clock, with time zone.
            moment: the same in monotonic seconds.
        """
        before = self._inventory.preflight.before
        self._record(self._followed.advance(self._plan.online, now, before), now)
        ended = self._rounds.take_ended(moment)
        if ended is not None or moment - self._last_assessed >= ASSESS_INTERVAL:
            self._last_assessed = moment
            followed = list(self._followed.open.values())
            await self._assessor.assess(followed, self._plan.online, moment)
        if ended is not None:
            self._take_round(ended)
        self._rounds.begin_if_due(self._followed.open, now, moment)

    def _record(self, changes: PhaseChanges, now: datetime) -> None:
        for begun in changes.begun:
            self._records.begin(begun.meeting, begun.rooms)
        for over in changes.ended:
            over.record = self._records.close(over.meeting)
            key, verdict = over.record.key, over.record.verdict
            logger.info("meeting over meeting=%s verdict=%s", key, verdict)
        if changes.ended:
            self.month = self._records.month(now, self._plan.past)

    def _take_round(self, ended: PreflightRound) -> None:
        for key, followed in self._followed.open.items():
            if followed.phase is Phase.UNDER_WAY:
                followed.record = self._records.add_round(followed.meeting, followed.rooms)
            elif key in ended.meetings:
                _take_preflight(followed, ended)


def _take_preflight(followed: MonitoredMeeting, ended: PreflightRound) -> None:
    """Note when a preflight ended, and how long it took; one with gaps is begun again."""
    key = followed.meeting.key
    if ended.ended is None:
        logger.warning("preflight incomplete meeting=%s", key)
        followed.preflight_began = None
        return
    seconds = ended.ended - ended.began
    followed.preflight_ended, followed.preflight_seconds = time.time(), seconds
    ready, rooms = followed.counts()[Readiness.READY], len(followed.rooms)
    logger.info("preflight meeting=%s ready=%d/%d seconds=%.1f", key, ready, rooms, seconds)

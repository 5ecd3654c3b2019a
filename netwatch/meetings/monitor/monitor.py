"""Follows the meetings by the clock: when rooms are measured, and what is written down."""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from netwatch.core.check import Check
from netwatch.core.clock import SlotClock
from netwatch.inventory.links import all_links
from netwatch.inventory.model import Inventory
from netwatch.meetings.calendars.sources import CalendarSources
from netwatch.meetings.capacity import Load
from netwatch.meetings.meeting import Meeting
from netwatch.meetings.monitor.assessor import RoomAssessor
from netwatch.meetings.monitor.checks import checks_for, spread
from netwatch.meetings.monitor.monitored import MonitoredMeeting
from netwatch.meetings.monitor.preflight import Launch, PreflightRound
from netwatch.meetings.phases import Phase, due_preflight, phase
from netwatch.meetings.plan import MeetingPlan, read_plan
from netwatch.meetings.readiness import Readiness
from netwatch.meetings.records.record import MeetingMonth
from netwatch.meetings.records.store import MeetingRecords
from netwatch.state.graph import Graph
from netwatch.state.table import StateTable

logger = logging.getLogger(__name__)

TICK = 0.8
"""Seconds between two looks at the clock: at every other beat, so that both wake up together."""

RENEW = 60.0
"""Seconds between two readings of inventory, calendars and journal, and between two fetches."""

JUDGE = 5.0
"""Seconds between two judgements of the rooms, by what the regular checks say meanwhile."""

MOST = 16
"""Meetings that are followed at one time; of further ones only the times are known."""


SHOWN_AFTER = timedelta(hours=1)
"""For how long a meeting that is over is told of; the last one until another one is over."""


class MeetingConfiguration(Protocol):
    """The part of a configuration that meetings depend on."""

    @property
    def inventory(self) -> Inventory:
        """Meetings, rooms and lines."""

    @property
    def checks(self) -> Sequence[Check]:
        """Those that this collector can run."""

    @property
    def graph(self) -> Graph:
        """How each target is reached."""

    @property
    def calendars(self) -> CalendarSources:
        """Where further meetings are planned."""


class MeetingMonitor:
    """Makes preflights, watches over meetings, and keeps their records.

    Args:
        configuration: the inventory, and the checks that are there to be made.
        board: what is known of the rooms.
        load: of a line.
        minutes: where records are kept.
        launch: begins a check at once.

    Attributes:
        month: the meetings of this month that are over.
        warnings: what is wrong with the plan.
    """

    def __init__(
        self,
        configuration: MeetingConfiguration,
        board: StateTable,
        load: Load,
        minutes: MeetingRecords,
        launch: Launch,
    ) -> None:
        self._launch = launch
        self.month = MeetingMonth()
        self.warnings: tuple[str, ...] = ()
        self._board = board
        self._judge = RoomAssessor(board, load)
        self._minutes = minutes
        self._agenda = MeetingPlan()
        self._coming: tuple[Meeting, ...] = ()
        self._open: dict[str, MonitoredMeeting] = {}
        self._closed: list[MonitoredMeeting] = []
        self._next: MonitoredMeeting | None = None
        self._round: PreflightRound | None = None
        self._preflights: set[str] = set()
        self._replaced = asyncio.Event()
        self._watched = -math.inf
        self._judged = -math.inf
        self.replace(configuration)

    def replace(self, configuration: MeetingConfiguration) -> None:
        """Work by another configuration; what is in both goes on."""
        self._configuration = configuration
        self._zone = ZoneInfo(configuration.inventory.province.timezone)
        self._plan = configuration.inventory.preflight
        self._replaced.set()
        self._judge.replace(configuration.graph, all_links(configuration.inventory))
        self._renewed: float | None = None

    def meetings(self) -> list[MonitoredMeeting]:
        """The last ones, those that are followed, and the next one."""
        return [*self._closed, *self._open.values(), *([self._next] if self._next else [])]

    async def run(self) -> None:
        """Follow the clock until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._fetch_calendars(), name="calendars")
            tasks.create_task(self._follow(), name="meetings")

    async def _fetch_calendars(self) -> None:
        """A server that is slow makes no meeting wait."""
        while True:
            self._replaced.clear()
            try:
                await self._configuration.calendars.refresh()
            except Exception:
                # A mistake of ours: it must be seen, but the copies that are there serve on.
                logger.exception("calendars can't be fetched")
            self._renewed = None
            with suppress(TimeoutError):
                async with asyncio.timeout(RENEW):
                    await self._replaced.wait()

    async def _follow(self) -> None:
        slots = SlotClock()
        try:
            while True:
                if self._renewed is None or time.monotonic() - self._renewed > RENEW:
                    await self._renew()
                await self.turn(datetime.now(self._zone), time.monotonic())
                now = time.monotonic()
                await asyncio.sleep(slots.next_start(TICK, now) - now)
        finally:
            if self._round is not None:
                self._round.stop()

    async def _renew(self) -> None:
        """Read plan and records anew; a calendar that nobody foresaw stops nothing."""
        self._renewed = time.monotonic()
        now, inventory = datetime.now(self._zone), self._configuration.inventory
        feeds = self._configuration.calendars
        try:
            agenda = await asyncio.to_thread(read_plan, inventory, now, self._agenda, feeds)
        except Exception:
            # A mistake of ours: it must be seen, but meetings as known before go on.
            logger.exception("meetings can't be worked out")
            return
        found = await asyncio.to_thread(self._minutes.read, now)
        self.plan(agenda, now)
        self._minutes.take(found, now)
        self.month = self._minutes.month(now, agenda.past)

    def plan(self, agenda: MeetingPlan, now: datetime) -> None:
        """Follow these meetings; those that are open and no longer there are called off."""
        for warning in agenda.warnings:
            if warning not in self.warnings:
                logger.warning("meetings: %s", warning)
        self.warnings = agenda.warnings
        self._agenda = agenda
        self._coming = tuple(meeting for meeting in agenda.coming if meeting.online)
        planned = {meeting.key: meeting for meeting in self._coming}
        for key, monitored in list(self._open.items()):
            if key in planned:
                monitored.meeting = planned[key]
            elif monitored.meeting.end > now:
                logger.info("meeting called off meeting=%s", key)
                del self._open[key]
                self._minutes.cancel(key)

    async def turn(self, now: datetime, moment: float) -> None:
        """Do what is due at this moment, by the wall clock and in monotonic seconds."""
        self._open_and_close(now)
        is_over = self._round is not None and self._round.look(self._board, moment)
        if is_over or moment - self._judged >= JUDGE:
            self._judged = moment
            await self._judge.judge(list(self._open.values()), self._coming, moment)
        if self._round is not None and is_over:
            self._end_round(self._round)
            self._round = None
        if self._round is None:
            self._begin_round(now, moment)

    def _open_and_close(self, now: datetime) -> None:
        self._next = None
        for meeting in self._coming:
            stage = phase(meeting, now, self._plan.before)
            monitored = self._open.get(meeting.key)
            if stage is Phase.PLANNED and self._next is None:
                self._next = MonitoredMeeting(meeting, stage)
            if monitored is None:
                if stage in {Phase.PREFLIGHT, Phase.UNDER_WAY} and len(self._open) < MOST:
                    self._open[meeting.key] = MonitoredMeeting(meeting, stage)
                    logger.info("meeting opened meeting=%s phase=%s", meeting.key, stage.label)
                continue
            if monitored.phase is Phase.PREFLIGHT and stage is Phase.UNDER_WAY:
                self._minutes.of(meeting).begin(monitored.rooms)
            monitored.phase = stage
        for key in [key for key, each in self._open.items() if each.meeting.end <= now]:
            self._close(self._open.pop(key), now)
        recent = [each for each in self._closed[-MOST:] if now - each.meeting.end < SHOWN_AFTER]
        self._closed = recent or self._closed[-1:]

    def _close(self, monitored: MonitoredMeeting, now: datetime) -> None:
        monitored.phase = Phase.OVER
        record = self._minutes.of(monitored.meeting)
        record.is_over = True
        self._minutes.keep(record)
        monitored.record = record
        self._closed.append(monitored)
        self.month = self._minutes.month(now, self._agenda.past)
        logger.info("meeting over meeting=%s verdict=%s", record.key, record.verdict)

    def _begin_round(self, now: datetime, moment: float) -> None:
        """A preflight when one is due; else a look at what is under way, and at what is not ready.

        One round at a time: a site is never asked by two.
        """
        before = self._plan.before
        due = {
            key: preflight
            for key, each in self._open.items()
            if (preflight := due_preflight(each.meeting, now, before)) not in {None, each.flown}
        }
        if not due and moment - self._watched < self._plan.every:
            return
        rooms = {room for each in self._open.values() for room in _in_question(each)}
        rooms.update(room for key in due for room in self._open[key].meeting.rooms)
        checks = checks_for(rooms, self._configuration.checks) if rooms else []
        if not checks:
            return
        self._watched = moment
        self._preflights = {*due}
        for key, preflight in due.items():
            self._open[key].flown = preflight
        seconds = self._plan.within if due else self._plan.every
        self._round = PreflightRound(spread(checks, seconds), seconds, self._launch)

    def _end_round(self, done: PreflightRound) -> None:
        for key, monitored in self._open.items():
            if monitored.phase is Phase.UNDER_WAY:
                record = monitored.record = self._minutes.of(monitored.meeting)
                record.add(monitored.rooms)
                self._minutes.keep(record)
            elif key not in self._preflights:
                continue
            elif done.ended is not None:
                monitored.preflight, monitored.took = time.time(), done.ended - done.began
                ready, rooms = monitored.counts()[Readiness.READY], len(monitored.rooms)
                logger.info(
                    "preflight meeting=%s ready=%d/%d seconds=%.1f",
                    *(key, ready, rooms, monitored.took),
                )
            else:
                logger.warning("preflight incomplete meeting=%s", key)


def _in_question(monitored: MonitoredMeeting) -> Iterable[str]:
    """The rooms that are asked again and again: all while it goes on, before that those at fault.

    So whoever mends a room sees it at once.
    """
    if monitored.phase is Phase.UNDER_WAY:
        return monitored.meeting.rooms
    return (
        name
        for name, room in monitored.rooms.items()
        if monitored.preflight is not None and room.state.readiness is Readiness.NOT_READY
    )

"""The monitor by a clock that tests turn: when it asks, what it says, what it writes down."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import pytest

from netwatch.core.check import Check
from netwatch.core.facts import IN_CALL, READY
from netwatch.core.result import Outcome, Sample
from netwatch.inventory.model import Inventory
from netwatch.meetings.calendars.sources import CalendarSources
from netwatch.meetings.meeting import Meeting
from netwatch.meetings.monitor.monitor import MeetingMonitor
from netwatch.meetings.monitor.monitored import MonitoredMeeting
from netwatch.meetings.phases import Phase
from netwatch.meetings.plan import MeetingPlan
from netwatch.meetings.readiness import FindingKind, Readiness
from netwatch.meetings.records.record import MeetingVerdict
from netwatch.meetings.records.store import MeetingRecords
from netwatch.state.graph import Graph
from tests.harness.builders import (
    make_check,
    make_configuration,
    make_inventory,
    make_result,
    make_states,
)
from tests.harness.meetings import START, ZONE, make_meeting

ROOMS = ("nam-sach/codec", "an-lam/codec")
END = START + timedelta(hours=2)


def province() -> Inventory:
    line = {"carrier": "VNPT", "capacity": "20M"}
    made = make_inventory()
    sites = {id_: site.model_dump(exclude_none=True) for id_, site in made.sites.items()}
    sites["hd-dc"]["targets"]["router"] = {"address": "127.1.0.2", "role": "router"}
    sites["an-lam"]["targets"]["codec"] = {"address": "127.1.2.20", "role": "codec"}
    for site_id in ("nam-sach", "an-lam"):
        sites[site_id]["uplink"] = line
    inventory = make_inventory(sites=sites)
    at_once = inventory.preflight.model_copy(update={"within": 1.1, "every": 1.1})
    return inventory.model_copy(update={"preflight": at_once})


class Morning:
    """A province whose endpoints answer as they are told.

    Attributes:
        broken: rooms that don't answer.
        calling: rooms that are in a call.
        asked: rooms that were asked, in order.
        load: bits a second on every line.
    """

    def __init__(self, *meetings: Meeting, records: MeetingRecords | None = None) -> None:
        inventory = province()
        checks = tuple(
            make_check(probe, site, target="codec", interval=60.0, timeout=0.1)
            for site in ("nam-sach", "an-lam")
            for probe in ("icmp", "sip:5060/udp")
        )
        graph = Graph(inventory, "hd-dc")
        self.board = make_states(inventory, checks, time.monotonic(), graph)
        self.records = records or MeetingRecords()
        self.monitor = MeetingMonitor(
            make_configuration(inventory, checks, graph),
            self.board,
            lambda _: self.load,
            self.records,
            self._answer,
        )
        self.broken: set[str] = set()
        self.calling: set[str] = set()
        self.asked: list[str] = []
        self.was_asked = asyncio.Event()
        self.load: float | None = None
        self.moment = time.monotonic()
        self.plan(meetings, START - timedelta(days=1))

    def plan(self, meetings: Iterable[Meeting], now: datetime) -> None:
        self.monitor.follow(MeetingPlan(coming=tuple(meetings)), now)

    async def at(self, now: datetime) -> MonitoredMeeting:
        """Turn the clock to a moment, and let what begins then come to its end."""
        self.moment += 2.0
        for _ in range(2):
            await self.monitor.turn(now, self.moment)
            rounds = {task for task in asyncio.all_tasks() if task.get_name() == "preflight round"}
            if rounds:
                await asyncio.wait(rounds)
        return self.monitor.meetings()[0]

    def _answer(self, check: Check) -> None:
        room = f"{check.site}/{check.target}"
        self.asked.append(room)
        self.was_asked.set()
        now = time.monotonic()
        facts: tuple[Sample, ...] = ()
        if check.kind == "sip":
            facts = (READY.sample(1), IN_CALL.sample(float(room in self.calling)))
        outcome = Outcome.FAILURE if room in self.broken else Outcome.SUCCESS
        self.board.report(make_result(check, outcome, now, facts=facts))


def make(**changes: Any) -> Meeting:
    return make_meeting(**({"endpoints": ROOMS, "bandwidth": 8e6} | changes))


async def test_rooms_are_asked_at_each_preflight_and_not_between() -> None:
    morning = Morning(make())
    assert (await morning.at(START - timedelta(minutes=61))).phase is Phase.PLANNED
    assert morning.asked == []
    meeting = await morning.at(START - timedelta(minutes=60))
    assert meeting.phase is Phase.PREFLIGHT
    assert sorted(morning.asked) == sorted([*ROOMS, *ROOMS])
    assert meeting.counts()[Readiness.READY] == 2
    assert meeting.ready_ratio == 1.0
    assert meeting.preflight_seconds is not None
    for minutes, times in ((59, 4), (31, 4), (30, 8), (29, 8), (10, 12), (1, 12)):
        await morning.at(START - timedelta(minutes=minutes))
        assert len(morning.asked) == times, minutes


async def test_a_daemon_that_starts_late_makes_up_for_the_preflight_that_was_due() -> None:
    morning = Morning(make())
    await morning.at(START - timedelta(minutes=20))
    assert len(morning.asked) == 4


async def test_a_room_that_is_not_ready_is_asked_again_until_it_is() -> None:
    morning = Morning(make())
    morning.broken = {"an-lam/codec"}
    meeting = await morning.at(START - timedelta(minutes=60))
    assert meeting.rooms["an-lam/codec"].state.findings[0].kind is FindingKind.UNREACHABLE
    morning.asked.clear()
    morning.broken = set()
    await morning.at(START - timedelta(minutes=59))
    assert set(morning.asked) == {"an-lam/codec"}
    assert meeting.counts()[Readiness.READY] == 2


async def test_a_meeting_is_watched_and_its_record_kept() -> None:
    morning = Morning(make())
    morning.broken = {"an-lam/codec"}
    await morning.at(START - timedelta(minutes=5))
    morning.broken, morning.calling = set(), {*ROOMS}
    for minute in range(3):
        await morning.at(START + timedelta(minutes=minute))
    morning.broken = {"nam-sach/codec"}
    await morning.at(START + timedelta(minutes=3))
    over = await morning.at(END)
    assert over.phase is Phase.OVER
    record = over.record
    assert record is not None
    assert record.is_over
    assert (record.verdict, record.together) == (MeetingVerdict.HELD, 2)
    assert record.rooms["an-lam/codec"].ready == Readiness.NOT_READY
    assert record.rooms["an-lam/codec"].interruptions == 0
    assert record.rooms["nam-sach/codec"].ready == Readiness.READY
    assert record.rooms["nam-sach/codec"].interruptions == 1
    assert morning.monitor.month.held("province-district") == 1.0
    assert morning.monitor.month.ready("province-district") == 0.5


async def test_another_run_in_the_middle_goes_on_with_the_record() -> None:
    first = Morning(make())
    await first.at(START - timedelta(minutes=5))
    await first.at(START + timedelta(minutes=1))
    second = Morning(make(), records=first.records)
    await second.at(START + timedelta(minutes=30))
    record = (await second.at(END)).record
    assert record is not None
    assert record.rooms["an-lam/codec"].ready == Readiness.READY
    assert record.rooms["an-lam/codec"].measured == 2


async def test_who_was_not_there_at_the_start_does_not_say_who_was_ready() -> None:
    morning = Morning(make())
    await morning.at(START + timedelta(minutes=30))
    record = (await morning.at(END)).record
    assert record is not None
    assert record.rooms["an-lam/codec"].ready is None


@pytest.mark.parametrize("minutes", [-30, 30])
async def test_a_meeting_that_is_called_off_leaves_nothing(minutes: int) -> None:
    morning = Morning(make())
    await morning.at(START - timedelta(minutes=40))
    now = START + timedelta(minutes=minutes)
    await morning.at(now)
    morning.plan([], now)
    await morning.monitor.turn(now, morning.moment)
    assert morning.monitor.meetings() == []
    await morning.monitor.turn(END, morning.moment)
    assert morning.monitor.month.records == ()


async def test_a_room_that_two_meetings_want_is_said_in_both() -> None:
    other = make(id="other", title="Họp khác", endpoints=("nam-sach/codec",))
    morning = Morning(make(bandwidth=1e6), other)
    await morning.at(START - timedelta(minutes=60))
    for meeting in morning.monitor.meetings():
        assert meeting.shared_rooms == 1
        (finding,) = meeting.rooms["nam-sach/codec"].state.findings
        assert finding.kind is FindingKind.WANTED_TWICE


async def test_lines_that_cannot_carry_the_calls_are_said_before_the_meeting() -> None:
    morning = Morning(make())
    meeting = await morning.at(START - timedelta(minutes=60))
    assert meeting.lines_by_capacity() == {"enough": 0, "short": 0, "unmeasured": 2}
    morning.load = 10e6
    meeting = await morning.at(START - timedelta(minutes=30))
    assert meeting.lines_by_capacity() == {"enough": 1, "short": 1, "unmeasured": 0}
    assert {room.state.findings[0].kind for room in meeting.rooms.values()} == {
        FindingKind.OVERLOAD
    }
    meeting = await morning.at(START)  # the load is now that of the meeting itself
    assert meeting.counts()[Readiness.READY] == 2


async def test_meetings_that_end_together_are_both_told_for_an_hour() -> None:
    morning = Morning(make(), make(id="other"))
    await morning.at(END - timedelta(minutes=1))
    await morning.at(END)
    assert [each.meeting.id for each in morning.monitor.meetings()] == ["giao-ban", "other"]
    await morning.at(END + timedelta(hours=1))
    assert [each.meeting.id for each in morning.monitor.meetings()] == ["other"]


async def test_nobody_is_asked_for_a_meeting_that_is_not_online() -> None:
    morning = Morning(make(online=False))
    await morning.monitor.turn(START - timedelta(minutes=60), morning.moment)
    assert (morning.asked, morning.monitor.meetings()) == ([], [])


async def test_the_next_and_the_last_meeting_are_told() -> None:
    later = make(start=START + timedelta(days=1), end=END + timedelta(days=1))
    morning = Morning(make(), later)
    await morning.at(END - timedelta(minutes=1))
    await morning.at(END)
    told = [(each.phase, each.meeting.key) for each in morning.monitor.meetings()]
    assert told == [(Phase.OVER, make().key), (Phase.PLANNED, later.key)]


async def test_a_calendar_that_nobody_foresaw_stops_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def read(*_: object) -> MeetingPlan:
        raise RecursionError

    monkeypatch.setattr("netwatch.meetings.monitor.renewal.read_plan", read)
    start = datetime.now(ZONE) + timedelta(minutes=30)
    morning = Morning(make(start=start, end=start + timedelta(hours=1)))
    running = asyncio.create_task(morning.monitor.run())
    await morning.was_asked.wait()  # the meeting that was known before is followed all the same
    assert "meetings can't be worked out" in caplog.text
    running.cancel()


@pytest.mark.parametrize("harm", ["raises", "hangs"])
async def test_a_calendar_server_that_nobody_foresaw_makes_no_meeting_wait(
    harm: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def refresh(_: CalendarSources) -> None:
        if harm == "raises":
            raise RecursionError
        await asyncio.Event().wait()

    monkeypatch.setattr(CalendarSources, "refresh", refresh)
    start = datetime.now(ZONE) + timedelta(minutes=30)
    planned = MeetingPlan(coming=(make(start=start, end=start + timedelta(hours=1)),))
    monkeypatch.setattr("netwatch.meetings.monitor.renewal.read_plan", lambda *_: planned)
    morning = Morning()
    running = asyncio.create_task(morning.monitor.run())
    await morning.was_asked.wait()
    assert ("calendars can't be fetched" in caplog.text) == (harm == "raises")
    running.cancel()

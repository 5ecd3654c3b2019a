"""The monitor by a clock that tests turn: when it asks, what it says, what it writes down."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest

from netwatch.meetings.calendars.sources import CalendarSources
from netwatch.meetings.phases import Phase
from netwatch.meetings.plan import MeetingPlan
from netwatch.meetings.readiness import FindingKind, Readiness
from netwatch.meetings.records.record import MeetingVerdict
from tests.harness.meeting_day import END, ROOMS, MeetingDay, make_online_meeting
from tests.harness.meetings import START, ZONE


async def test_rooms_are_asked_at_each_preflight_and_not_between() -> None:
    day = MeetingDay(make_online_meeting())
    assert (await day.at(START - timedelta(minutes=61))).phase is Phase.PLANNED
    assert day.asked == []
    meeting = await day.at(START - timedelta(minutes=60))
    assert meeting.phase is Phase.PREFLIGHT
    assert sorted(day.asked) == sorted([*ROOMS, *ROOMS])
    assert meeting.counts()[Readiness.READY] == 2
    assert meeting.ready_ratio == 1.0
    assert meeting.preflight_seconds is not None
    for minutes, times in ((59, 4), (31, 4), (30, 8), (29, 8), (10, 12), (1, 12)):
        await day.at(START - timedelta(minutes=minutes))
        assert len(day.asked) == times, minutes


async def test_a_daemon_that_starts_late_makes_up_for_the_preflight_that_was_due() -> None:
    day = MeetingDay(make_online_meeting())
    await day.at(START - timedelta(minutes=20))
    assert len(day.asked) == 4


async def test_a_preflight_that_measured_too_little_is_made_again() -> None:
    day = MeetingDay(make_online_meeting())
    day.unmeasured = {"an-lam/codec"}
    meeting = await day.at(START - timedelta(minutes=60))
    assert meeting.preflight_ended is None
    day.asked.clear()
    day.unmeasured = set()
    await day.at(START - timedelta(minutes=59))
    assert set(day.asked) == {*ROOMS}
    assert meeting.preflight_ended is not None
    day.asked.clear()
    await day.at(START - timedelta(minutes=58))
    assert day.asked == []


async def test_a_room_that_is_not_ready_is_asked_again_until_it_is() -> None:
    day = MeetingDay(make_online_meeting())
    day.broken = {"an-lam/codec"}
    meeting = await day.at(START - timedelta(minutes=60))
    assert meeting.rooms["an-lam/codec"].state.findings[0].kind is FindingKind.UNREACHABLE
    day.asked.clear()
    day.broken = set()
    await day.at(START - timedelta(minutes=59))
    assert set(day.asked) == {"an-lam/codec"}
    assert meeting.counts()[Readiness.READY] == 2


async def test_a_meeting_is_watched_and_its_record_kept() -> None:
    day = MeetingDay(make_online_meeting())
    day.broken = {"an-lam/codec"}
    await day.at(START - timedelta(minutes=5))
    day.broken, day.calling = set(), {*ROOMS}
    for minute in range(3):
        await day.at(START + timedelta(minutes=minute))
    day.broken = {"nam-sach/codec"}
    await day.at(START + timedelta(minutes=3))
    over = await day.at(END)
    assert over.phase is Phase.OVER
    record = over.record
    assert record is not None
    assert record.is_over
    assert (record.verdict, record.together) == (MeetingVerdict.HELD, 2)
    assert record.rooms["an-lam/codec"].ready == Readiness.NOT_READY
    assert record.rooms["an-lam/codec"].interruptions == 0
    assert record.rooms["nam-sach/codec"].ready == Readiness.READY
    assert record.rooms["nam-sach/codec"].interruptions == 1
    assert day.monitor.month.held("province-district") == 1.0
    assert day.monitor.month.ready("province-district") == 0.5


async def test_another_run_in_the_middle_goes_on_with_the_record() -> None:
    first = MeetingDay(make_online_meeting())
    await first.at(START - timedelta(minutes=5))
    await first.at(START + timedelta(minutes=1))
    second = MeetingDay(make_online_meeting(), records=first.records)
    await second.at(START + timedelta(minutes=30))
    record = (await second.at(END)).record
    assert record is not None
    assert record.rooms["an-lam/codec"].ready == Readiness.READY
    assert record.rooms["an-lam/codec"].measured == 2


async def test_who_was_not_there_at_the_start_does_not_say_who_was_ready() -> None:
    day = MeetingDay(make_online_meeting())
    await day.at(START + timedelta(minutes=30))
    record = (await day.at(END)).record
    assert record is not None
    assert record.rooms["an-lam/codec"].ready is None


@pytest.mark.parametrize("minutes", [-30, 30])
async def test_a_meeting_that_is_called_off_leaves_nothing(minutes: int) -> None:
    day = MeetingDay(make_online_meeting())
    await day.at(START - timedelta(minutes=40))
    now = START + timedelta(minutes=minutes)
    await day.at(now)
    day.plan([], now)
    await day.monitor.turn(now, day.moment)
    assert day.monitor.meetings() == []
    await day.monitor.turn(END, day.moment)
    assert day.monitor.month.records == ()


async def test_a_room_that_two_meetings_want_is_said_in_both() -> None:
    other = make_online_meeting(id="other", title="Họp khác", endpoints=("nam-sach/codec",))
    day = MeetingDay(make_online_meeting(bandwidth=1e6), other)
    await day.at(START - timedelta(minutes=60))
    for meeting in day.monitor.meetings():
        assert meeting.shared_rooms == 1
        (finding,) = meeting.rooms["nam-sach/codec"].state.findings
        assert finding.kind is FindingKind.WANTED_TWICE


async def test_lines_that_cannot_carry_the_calls_are_said_before_the_meeting() -> None:
    day = MeetingDay(make_online_meeting())
    meeting = await day.at(START - timedelta(minutes=60))
    assert meeting.lines_by_capacity() == {"enough": 0, "short": 0, "unmeasured": 2}
    day.load = 10e6
    meeting = await day.at(START - timedelta(minutes=30))
    assert meeting.lines_by_capacity() == {"enough": 1, "short": 1, "unmeasured": 0}
    assert {room.state.findings[0].kind for room in meeting.rooms.values()} == {
        FindingKind.OVERLOAD
    }
    meeting = await day.at(START)  # the load is now that of the meeting itself
    assert meeting.counts()[Readiness.READY] == 2


async def test_meetings_that_end_together_are_both_told_for_an_hour() -> None:
    day = MeetingDay(make_online_meeting(), make_online_meeting(id="other"))
    await day.at(END - timedelta(minutes=1))
    await day.at(END)
    assert [each.meeting.id for each in day.monitor.meetings()] == ["giao-ban", "other"]
    await day.at(END + timedelta(hours=1))
    assert [each.meeting.id for each in day.monitor.meetings()] == ["other"]


async def test_nobody_is_asked_for_a_meeting_that_is_not_online() -> None:
    day = MeetingDay(make_online_meeting(online=False))
    await day.monitor.turn(START - timedelta(minutes=60), day.moment)
    assert (day.asked, day.monitor.meetings()) == ([], [])


async def test_the_next_and_the_last_meeting_are_told() -> None:
    later = make_online_meeting(start=START + timedelta(days=1), end=END + timedelta(days=1))
    day = MeetingDay(make_online_meeting(), later)
    await day.at(END - timedelta(minutes=1))
    await day.at(END)
    told = [(each.phase, each.meeting.key) for each in day.monitor.meetings()]
    assert told == [(Phase.OVER, make_online_meeting().key), (Phase.PLANNED, later.key)]


async def test_a_calendar_that_nobody_foresaw_stops_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def read(*_: object) -> MeetingPlan:
        raise RecursionError

    monkeypatch.setattr("netwatch.meetings.monitor.renewal.read_plan", read)
    start = datetime.now(ZONE) + timedelta(minutes=30)
    day = MeetingDay(make_online_meeting(start=start, end=start + timedelta(hours=1)))
    running = asyncio.create_task(day.monitor.run())
    await day.was_asked.wait()  # the meeting that was known before is followed all the same
    assert "meetings can't be worked out" in caplog.text
    running.cancel()


@pytest.mark.parametrize("harm", ["raises", "hangs"])
async def test_a_calendar_server_that_nobody_foresaw_makes_no_meeting_wait(
    harm: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def refresh(*_: object) -> None:
        if harm == "raises":
            raise RecursionError
        await asyncio.Event().wait()

    monkeypatch.setattr(CalendarSources, "refresh", refresh)
    start = datetime.now(ZONE) + timedelta(minutes=30)
    planned = MeetingPlan(
        coming=(make_online_meeting(start=start, end=start + timedelta(hours=1)),)
    )
    monkeypatch.setattr("netwatch.meetings.monitor.renewal.read_plan", lambda *_: planned)
    day = MeetingDay()
    running = asyncio.create_task(day.monitor.run())
    await day.was_asked.wait()
    assert ("calendars can't be fetched" in caplog.text) == (harm == "raises")
    running.cancel()

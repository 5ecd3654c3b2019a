"""Meetings as series: what is near is there, and nothing of it stays."""

from __future__ import annotations

import re
from datetime import timedelta

from netwatch.export.exporter import Exporters
from netwatch.export.meeting_months import MeetingMonthMetrics
from netwatch.export.meeting_rooms import MeetingRoomMetrics
from netwatch.export.meetings import MeetingMetrics
from netwatch.meetings.monitor.monitor import MeetingMonitor
from netwatch.meetings.monitor.monitored import MonitoredMeeting
from netwatch.meetings.phases import Phase
from netwatch.metrics import Registry
from tests.harness.meeting_day import ROOMS, MeetingDay, make_online_meeting
from tests.harness.meetings import START


class Page:
    """The series of meetings, read anew after each turn of the clock."""

    def __init__(self, monitor: MeetingMonitor) -> None:
        self._registry = Registry()
        kinds = (MeetingMetrics, MeetingRoomMetrics, MeetingMonthMetrics)
        self._exporters = Exporters(kind(self._registry, monitor) for kind in kinds)

    def read(self) -> dict[str, float]:
        for _ in self._exporters.refresh():
            pass
        lines = [
            line
            for family in self._registry.families()
            for piece in family.steps()
            for line in piece.splitlines()
        ]
        found = dict(line.rsplit(" ", 1) for line in lines)
        return {name.removeprefix("netwatch_meeting_"): float(v) for name, v in found.items()}


async def test_series_of_rooms_come_with_the_preflight_and_go_with_the_end() -> None:
    day = MeetingDay(make_online_meeting(unknown=("Phòng lạ",)))
    page = Page(day.monitor)
    await day.at(START - timedelta(hours=2))
    found = page.read()
    assert found['info{level="province-district",meeting="giao-ban",title="Giao ban"}'] == 1
    assert found['phase{meeting="giao-ban"}'] == Phase.PLANNED
    assert found['start_timestamp_seconds{meeting="giao-ban"}'] == START.timestamp()
    assert found['unknown_rooms{meeting="giao-ban"}'] == 1
    assert not [name for name in found if "room_" in name or "participants" in name]

    day.broken = {ROOMS[1]}
    await day.at(START - timedelta(hours=1))
    found = page.read()
    room = 'meeting="giao-ban",site="an-lam",target="codec"'
    assert found[f"room_readiness{{{room}}}"] == 3
    assert found['room_reason{meeting="giao-ban",reason="unreachable",' + room[19:] + "}"] == 1
    assert found['participants{meeting="giao-ban",readiness="ready"}'] == 1
    assert found['participants{meeting="giao-ban",readiness="not_ready"}'] == 1
    assert found['ready_ratio{meeting="giao-ban"}'] == 0.5
    assert found['lines{capacity="unmeasured",meeting="giao-ban"}'] == 2
    assert 0 <= found['preflight_duration_seconds{meeting="giao-ban"}'] < 60

    day.broken = set()
    await day.at(START - timedelta(minutes=30))
    found = page.read()
    assert not [name for name in found if "room_reason" in name]

    await day.at(START + timedelta(minutes=1))
    await day.at(START + timedelta(hours=2))
    found = page.read()
    assert found['phase{meeting="giao-ban"}'] == Phase.OVER
    assert not [name for name in found if "room_" in name or "participants" in name]
    months = {name: value for name, value in found.items() if name.startswith("month")}
    assert months == {
        'month_meetings{level="province-district",verdict="held"}': 0,
        'month_meetings{level="province-district",verdict="not-held"}': 1,
        'month_meetings{level="province-district",verdict="unknown"}': 0,
    }


async def test_a_meeting_that_is_called_off_leaves_no_series() -> None:
    day = MeetingDay(make_online_meeting())
    page = Page(day.monitor)
    await day.at(START - timedelta(minutes=30))
    day.plan([], START - timedelta(minutes=29))
    await day.monitor.turn(START - timedelta(minutes=29), day.moment)
    assert page.read() == {"warnings": 0}


async def test_the_number_of_series_is_bounded() -> None:
    meetings = [make_online_meeting(id=f"meeting-{number}") for number in range(50)]
    day = MeetingDay(*meetings)
    page = Page(day.monitor)
    await day.at(START - timedelta(minutes=30))
    found = page.read()
    shown = {name for each in found for name in re.findall(r'meeting="([^"]*)"', each)}
    assert len(shown) == 16
    assert isinstance(day.monitor.meetings()[0], MonitoredMeeting)

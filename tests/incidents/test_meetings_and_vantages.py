"""Meetings that lack a room, and border routers that tell nothing, become incidents."""

from __future__ import annotations

import time
from typing import cast

import pytest

from netwatch.core.result import Outcome
from netwatch.core.state import State
from netwatch.incidents.follower import IncidentFollower
from netwatch.incidents.incident import Incident, Kind
from netwatch.incidents.sources.meetings import MeetingSource
from netwatch.incidents.sources.vantages import VantageSource
from netwatch.incidents.store import IncidentStore
from netwatch.meetings.monitor.monitor import MeetingMonitor
from netwatch.meetings.monitor.monitored import MonitoredMeeting
from netwatch.meetings.phases import Phase
from netwatch.meetings.readiness import Readiness
from tests.flows.test_routers import INTERVAL, Border
from tests.harness.builders import make_check, make_inventory, make_result, make_states
from tests.harness.meetings import make_meeting, make_room

LACKS, HAS = Readiness.NOT_READY, Readiness.READY
ROOM = "nam-sach/codec"


class Meetings:
    """A monitor that follows one meeting, or none."""

    def __init__(self) -> None:
        self.followed = [MonitoredMeeting(make_meeting(), Phase.PREFLIGHT)]
        source = MeetingSource(cast("MeetingMonitor", self))
        self.follower = IncidentFollower([source], IncidentStore(), make_inventory())

    def meetings(self) -> list[MonitoredMeeting]:
        return self.followed

    def turn(self, phase: Phase, readiness: Readiness) -> list[Incident]:
        """What goes on when the room is so, in that phase."""
        self.followed[0].phase = phase
        self.followed[0].rooms = {ROOM: make_room(readiness=readiness)}
        return self.look()

    def look(self) -> list[Incident]:
        self.follower.tick(time.time())
        return list(self.follower)

    def last_words(self) -> str:
        (ended,) = self.follower.ended.values()
        return ended.timeline[-1].text["en"]


def test_a_meeting_that_lacks_a_room_is_an_incident_until_it_has_it() -> None:
    meetings = Meetings()
    assert meetings.turn(Phase.PREFLIGHT, Readiness.AT_RISK) == []
    (incident,) = meetings.turn(Phase.PREFLIGHT, LACKS)
    assert (incident.kind, set(incident.behind)) == (Kind.MEETING, {"nam-sach"})
    assert incident.cause == f"meeting:{make_meeting().key}"
    assert meetings.turn(Phase.UNDER_WAY, LACKS) == [incident]
    assert meetings.turn(Phase.UNDER_WAY, HAS) == []
    assert meetings.last_words() == "is back"


@pytest.mark.parametrize("is_called_off", [False, True])
def test_a_meeting_that_is_over_or_called_off_needs_no_room(is_called_off: bool) -> None:
    meetings = Meetings()
    assert len(meetings.turn(Phase.PREFLIGHT, LACKS)) == 1
    if is_called_off:
        meetings.followed.clear()
        assert meetings.look() == []
    else:
        assert meetings.turn(Phase.OVER, LACKS) == []
    assert meetings.last_words() == "the meeting is over"


def test_a_meeting_that_is_only_planned_lacks_nothing_yet() -> None:
    assert Meetings().turn(Phase.PLANNED, LACKS) == []


class Vantages:
    """A border router that is asked, and a collector that sees."""

    def __init__(self) -> None:
        self.border = Border()
        inventory = self.border.inventory.model_copy(update={"canaries": ("hd-dc/core",)})
        canary = make_check(site="hd-dc", target="core")
        self.states = make_states(inventory, [canary])
        self.states.report(make_result(canary, Outcome.SUCCESS, 1.0))
        self.states.targets["nam-sach", "router"].state = State.UP
        source = VantageSource(self.border.table, self.states, inventory)
        self.follower = IncidentFollower([source], IncidentStore(), inventory)

    def seen(self) -> list[str]:
        self.follower.tick(time.time())
        return [each.cause for each in self.follower]

    def fall_silent(self) -> None:
        self.border.now += 20 * INTERVAL
        self.border.table.tick(self.border.now)


def test_a_router_that_told_something_and_tells_nothing_is_an_incident() -> None:
    vantages = Vantages()
    assert vantages.seen() == []
    vantages.border.round(open=Outcome.SUCCESS)
    assert vantages.seen() == []
    vantages.border.round(open=Outcome.SUCCESS, shut=Outcome.FAILURE)
    vantages.border.round(open=Outcome.SUCCESS)
    vantages.fall_silent()
    assert vantages.seen() == ["vantage:border"]
    vantages.border.round(open=Outcome.SUCCESS)
    assert vantages.seen() == []


def test_a_router_that_is_silent_itself_is_no_second_incident() -> None:
    vantages = Vantages()
    vantages.border.round(open=Outcome.SUCCESS, shut=Outcome.FAILURE)
    vantages.border.round(open=Outcome.SUCCESS)
    vantages.states.targets["nam-sach", "router"].state = State.DOWN
    vantages.fall_silent()
    assert vantages.seen() == []

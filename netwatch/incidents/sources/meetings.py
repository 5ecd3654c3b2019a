"""Meetings whose rooms are not ready, before they begin and while they are held."""

from __future__ import annotations

import time

from netwatch.incidents import words
from netwatch.incidents.cause_seen import CauseSeen, IncidentSource
from netwatch.incidents.incident import Incident, Kind, Severity
from netwatch.incidents.shape import Words
from netwatch.meetings.monitor.monitor import MeetingMonitor
from netwatch.meetings.monitor.monitored import MonitoredMeeting
from netwatch.meetings.phases import Phase
from netwatch.meetings.readiness import Readiness
from netwatch.state.attachment import target_key

_FOLLOWED = {Phase.PREFLIGHT, Phase.UNDER_WAY}


class MeetingSource(IncidentSource):
    """Tells of meetings with rooms that are not ready. ``monitor``: follows them."""

    kinds = frozenset({Kind.MEETING})

    def __init__(self, monitor: MeetingMonitor) -> None:
        self._monitor = monitor

    def seen(self) -> list[CauseSeen]:
        """Every meeting that is near and lacks a room."""
        found = ((each, _lacking(each)) for each in self._monitor.meetings())
        return [_sighting(each, rooms) for each, rooms in found if rooms]

    def end_of(self, incident: Incident) -> Words | None:
        """That no room is missing; or the meeting is over or called off, and nobody waits."""
        key = incident.cause.removeprefix("meeting:")
        is_near = any(
            each.meeting.key == key and each.phase in _FOLLOWED for each in self._monitor.meetings()
        )
        return words.BACK if is_near else words.MEETING_OVER


def _lacking(monitored: MonitoredMeeting) -> list[str]:
    """The rooms that are known not to be ready."""
    if monitored.phase not in _FOLLOWED:
        return []
    rooms = monitored.rooms.items()
    return [name for name, room in rooms if room.state.readiness is Readiness.NOT_READY]


def _sighting(monitored: MonitoredMeeting, rooms: list[str]) -> CauseSeen:
    meeting, now = monitored.meeting, time.time()
    return CauseSeen(
        Kind.MEETING,
        f"meeting:{meeting.key}",
        words.say(
            f"Cuộc họp {meeting.title}: có phòng chưa sẵn sàng",
            f"Meeting {meeting.title}: rooms are not ready",
        ),
        Severity.CRITICAL,
        now,
        behind={target_key(room)[0]: now for room in rooms},
    )

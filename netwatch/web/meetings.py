"""What the status page shows of meetings."""

from __future__ import annotations

from typing import cast

from netwatch.meetings.monitor.monitored import MonitoredMeeting
from netwatch.meetings.phases import Phase
from netwatch.meetings.rooms import Room
from netwatch.web import status as page

MAX_UNKNOWN_ROOMS = 50
"""Rooms that nobody knows, as many as are named."""


def meeting_status(monitored: MonitoredMeeting) -> page.MeetingStatus:
    """A meeting as it stands at this moment; rooms that are over are no longer told one by one."""
    meeting = monitored.meeting
    is_over = monitored.phase is Phase.OVER
    rooms = sorted(monitored.rooms.items(), key=lambda item: -item[1].state.readiness)
    return {
        "id": meeting.series,
        "key": meeting.key,
        "title": meeting.title,
        "level": meeting.level,
        "unsure": meeting.unsure,
        "phase": cast("page.PhaseName", monitored.phase.label),
        "start": meeting.start.timestamp(),
        "end": meeting.end.timestamp(),
        "invited": len(meeting.rooms),
        "counts": {readiness.label: count for readiness, count in monitored.counts().items()},
        "rooms": [] if is_over else [_room(*each) for each in rooms],
        "unknown": list(meeting.unknown[:MAX_UNKNOWN_ROOMS]),
        "short": [
            {
                "link": line.link,
                "demand": line.demand,
                "capacity": line.capacity,
                "load": line.load,
            }
            for line in monitored.lines.values()
            if line.is_short
        ],
        "unmeasured": monitored.lines_by_capacity()["unmeasured"],
        "preflight": monitored.preflight_ended,
        "took": monitored.preflight_seconds,
        "verdict": monitored.record.verdict.value if monitored.record else None,
    }


def _room(place: str, room: Room) -> page.RoomStatus:
    site, _, target = place.partition("/")
    return {
        "site": site,
        "target": target,
        "readiness": cast("page.ReadinessName", room.state.readiness.label),
        "findings": [
            {"what": each.kind.value, "probe": each.probe, "detail": each.detail}
            for each in room.state.findings
        ],
        "in_call": room.in_call,
        "loss": room.loss,
        "mos": room.mos,
    }

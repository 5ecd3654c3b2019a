"""Meetings that are near as series: how ready their rooms are, and what the month came to."""

from __future__ import annotations

from collections.abc import Iterator

from netwatch.export.cells import set_or_remove
from netwatch.export.exporter import Exporter
from netwatch.meetings.monitor.monitor import MeetingMonitor
from netwatch.meetings.monitor.monitored import MonitoredMeeting
from netwatch.meetings.phases import Phase
from netwatch.meetings.records.record import MeetingVerdict
from netwatch.metrics import Registry

_ROOM = ("meeting", "site", "target")


class MeetingMetrics(Exporter):
    """Series of the meetings that are followed, of the next one and of the last one.

    Those of rooms are there from the first preflight to the end of the meeting, so that what rests
    on them ends with it.
    """

    def __init__(self, registry: Registry, monitor: MeetingMonitor) -> None:
        self._monitor = monitor
        self._info = registry.gauge(
            "netwatch_meeting_info", "A meeting; always 1.", ("meeting", "title", "level")
        )
        self._start = registry.gauge(
            "netwatch_meeting_start_timestamp_seconds", "When the meeting begins.", ("meeting",)
        )
        self._end = registry.gauge(
            "netwatch_meeting_end_timestamp_seconds", "When the meeting ends.", ("meeting",)
        )
        self._phase = registry.gauge(
            "netwatch_meeting_phase",
            "0 planned, 1 its rooms are measured, 2 under way, 3 over.",
            ("meeting",),
        )
        self._participants = registry.gauge(
            "netwatch_meeting_participants",
            "Rooms, the MCU among them, by how ready they are.",
            ("meeting", "readiness"),
        )
        self._ratio = registry.gauge(
            "netwatch_meeting_ready_ratio", "Share of the rooms that are ready.", ("meeting",)
        )
        self._readiness = registry.gauge(
            "netwatch_meeting_room_readiness",
            "0 ready, 1 unknown, 2 at risk, 3 not ready.",
            _ROOM,
        )
        self._reason = registry.gauge(
            "netwatch_meeting_room_reason",
            "1 for the worst thing that stands against the room.",
            (*_ROOM, "reason"),
        )
        self._preflight = registry.gauge(
            "netwatch_meeting_preflight_timestamp_seconds",
            "When all rooms had been measured the last time, before the meeting.",
            ("meeting",),
        )
        self._took = registry.gauge(
            "netwatch_meeting_preflight_duration_seconds",
            "How long that took, from the first question to the last answer.",
            ("meeting",),
        )
        self._unknown = registry.gauge(
            "netwatch_meeting_unknown_rooms",
            "Rooms that the calendar names and the inventory lacks.",
            ("meeting",),
        )
        self._shared = registry.gauge(
            "netwatch_meeting_shared_rooms",
            "Rooms that another meeting wants at the same time.",
            ("meeting",),
        )
        self._lines = registry.gauge(
            "netwatch_meeting_lines",
            "Lines that the calls go over, by whether they can carry them: enough, short, or"
            " unmeasured, where only the contract is known.",
            ("meeting", "capacity"),
        )
        self._month = registry.gauge(
            "netwatch_meeting_month_meetings",
            "Meetings of this calendar month that are over, by whether they were held online.",
            ("level", "verdict"),
        )
        self._warnings = registry.gauge(
            "netwatch_meeting_warnings", "What is wrong with the plan of the next days."
        )
        self._of_meetings = (
            *(self._info, self._start, self._end, self._phase, self._participants, self._ratio),
            *(self._readiness, self._reason, self._preflight, self._took),
            *(self._unknown, self._shared, self._lines),
        )

    def refresh(self) -> Iterator[None]:
        """Show what is near now, in steps between which other work may be done."""
        for family in (*self._of_meetings, self._month):
            family.clear()
        for monitored in self._monitor.meetings():
            yield from self._show(monitored)
        counts = self._monitor.month.counts()
        for level in {level for level, _ in counts}:
            for verdict in MeetingVerdict:
                self._month.cell(level, verdict).set(counts.get((level, verdict), 0))
        self._warnings.cell().set(len(self._monitor.warnings))

    def _show(self, monitored: MonitoredMeeting) -> Iterator[None]:
        meeting = monitored.meeting
        name = meeting.series
        self._info.cell(name, meeting.title, meeting.level).set(1)
        self._start.cell(name).set(meeting.start.timestamp())
        self._end.cell(name).set(meeting.end.timestamp())
        self._phase.cell(name).set(monitored.phase)
        self._unknown.cell(name).set(len(meeting.unknown))
        set_or_remove(self._preflight, (name,), monitored.preflight_ended)
        set_or_remove(self._took, (name,), monitored.preflight_seconds)
        if monitored.phase in {Phase.PREFLIGHT, Phase.UNDER_WAY} and monitored.rooms:
            yield from self._show_rooms(name, monitored)

    def _show_rooms(self, name: str, monitored: MonitoredMeeting) -> Iterator[None]:
        for readiness, count in monitored.counts().items():
            self._participants.cell(name, readiness.label).set(count)
        set_or_remove(self._ratio, (name,), monitored.ready_ratio)
        self._shared.cell(name).set(monitored.shared_rooms)
        for place, room in monitored.rooms.items():
            site, _, target = place.partition("/")
            self._readiness.cell(name, site, target).set(room.state.readiness)
            if room.state.findings:
                self._reason.cell(name, site, target, room.state.findings[0].kind).set(1)
            yield
        for capacity, count in monitored.lines_by_capacity().items():
            self._lines.cell(name, capacity).set(count)

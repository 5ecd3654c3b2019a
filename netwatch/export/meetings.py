"""Meetings that are near as series: when they are, and how far each has come."""

from __future__ import annotations

from collections.abc import Iterator

from netwatch.export.cells import set_or_remove
from netwatch.export.exporter import Exporter
from netwatch.meetings.monitor.monitor import MeetingMonitor
from netwatch.meetings.monitor.monitored import MonitoredMeeting
from netwatch.metrics import Registry


class MeetingMetrics(Exporter):
    """Series of the meetings that are followed, of the next one and of those that ended last."""

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
        self._warnings = registry.gauge(
            "netwatch_meeting_warnings", "What is wrong with the plan of the next days."
        )
        self._of_meetings = (
            *(self._info, self._start, self._end, self._phase),
            *(self._preflight, self._took, self._unknown),
        )

    def refresh(self) -> Iterator[None]:
        """Show the meetings that are near now."""
        for family in self._of_meetings:
            family.clear()
        for monitored in self._monitor.meetings():
            self._show(monitored)
            yield
        self._warnings.cell().set(len(self._monitor.warnings))

    def _show(self, monitored: MonitoredMeeting) -> None:
        meeting = monitored.meeting
        name = meeting.series
        self._info.cell(name, meeting.title, meeting.level).set(1)
        self._start.cell(name).set(meeting.start.timestamp())
        self._end.cell(name).set(meeting.end.timestamp())
        self._phase.cell(name).set(monitored.phase)
        self._unknown.cell(name).set(len(meeting.unknown))
        set_or_remove(self._preflight, (name,), monitored.preflight_ended)
        set_or_remove(self._took, (name,), monitored.preflight_seconds)

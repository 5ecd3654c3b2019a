"""The rooms of meetings as series: how ready they are, and whether the lines carry their calls."""

from __future__ import annotations

from collections.abc import Iterator

from netwatch.export.cells import set_or_remove
from netwatch.export.exporter import Exporter
from netwatch.meetings.monitor.monitor import MeetingMonitor
from netwatch.meetings.monitor.monitored import MonitoredMeeting
from netwatch.meetings.phases import Phase
from netwatch.metrics import Registry

_ROOM = ("meeting", "site", "target")


class MeetingRoomMetrics(Exporter):
    """Series of rooms, from the first preflight of their meeting to its end.

    They go then, so that alerts which rest on them end with the meeting.
    """

    def __init__(self, registry: Registry, monitor: MeetingMonitor) -> None:
        self._monitor = monitor
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
        self._families = (
            *(self._participants, self._ratio, self._readiness, self._reason),
            *(self._shared, self._lines),
        )

    def refresh(self) -> Iterator[None]:
        """Show the rooms as they were assessed last."""
        for family in self._families:
            family.clear()
        for monitored in self._monitor.meetings():
            if monitored.phase in {Phase.PREFLIGHT, Phase.UNDER_WAY} and monitored.rooms:
                self._show(monitored)
                yield from self._show_rooms(monitored)

    def _show(self, monitored: MonitoredMeeting) -> None:
        name = monitored.meeting.series
        for readiness, count in monitored.counts().items():
            self._participants.cell(name, readiness.label).set(count)
        set_or_remove(self._ratio, (name,), monitored.ready_ratio)
        self._shared.cell(name).set(monitored.shared_rooms)
        for capacity, count in monitored.lines_by_capacity().items():
            self._lines.cell(name, capacity).set(count)

    def _show_rooms(self, monitored: MonitoredMeeting) -> Iterator[None]:
        name = monitored.meeting.series
        for place, room in monitored.rooms.items():
            site, _, target = place.partition("/")
            self._readiness.cell(name, site, target).set(room.state.readiness)
            if room.state.findings:
                self._reason.cell(name, site, target, room.state.findings[0].kind).set(1)
            yield

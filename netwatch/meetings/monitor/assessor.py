"""Assesses the rooms of the meetings that are followed, a little at a time."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence

from netwatch.inventory.model import Link
from netwatch.meetings.capacity import ReadLoad, lines_of, overload, ways_of
from netwatch.meetings.meeting import Meeting, overlaps
from netwatch.meetings.monitor.monitored import MonitoredMeeting
from netwatch.meetings.phases import Phase
from netwatch.meetings.readiness import Finding, FindingKind, Readiness
from netwatch.meetings.rooms import Room, assess_rooms
from netwatch.process.pace import paced
from netwatch.state.graph import Graph
from netwatch.state.table import StateTable

logger = logging.getLogger(__name__)

Obstacles = dict[str, list[Finding]]
"""By room, what stands against it besides its own measurements."""


class RoomAssessor:
    """Says of each room of a meeting how ready it is.

    Args:
        states: what is known of the rooms.
        load: what a line carries now.
        graph: how each target is reached.
        links: the lines of the inventory, by id.
    """

    def __init__(
        self, states: StateTable, load: ReadLoad, graph: Graph, links: Mapping[str, Link]
    ) -> None:
        self._states = states
        self._load = load
        self.replace(graph, links)

    def replace(self, graph: Graph, links: Mapping[str, Link]) -> None:
        """Assess by another inventory from now on."""
        self._graph = graph
        self._links = links

    async def assess(
        self, followed: Sequence[MonitoredMeeting], coming: Sequence[Meeting], moment: float
    ) -> None:
        """Assess each room anew, and what the lines of a meeting that has not begun lack.

        Args:
            followed: the meetings whose rooms are looked at.
            coming: all that are planned; they may want the same rooms and lines.
            moment: monotonic seconds.
        """
        twice = _wanted_twice(coming)
        for monitored in followed:
            meeting = monitored.meeting
            in_meeting = monitored.phase is Phase.UNDER_WAY
            obstacles = twice.get(meeting.key, {})
            monitored.shared_rooms = len(obstacles)
            if not in_meeting:  # then the load of the lines is that of the meeting itself
                await self._assess_lines(monitored, coming, obstacles)
            steps = assess_rooms(meeting, self._states, moment, obstacles, in_meeting=in_meeting)
            rooms = {name: room async for name, room in paced(steps)}
            if monitored.preflight_ended is not None:
                _log_changes(meeting.key, monitored.rooms, rooms)
            monitored.rooms = rooms

    async def _assess_lines(
        self, monitored: MonitoredMeeting, coming: Sequence[Meeting], obstacles: Obstacles
    ) -> None:
        """Note which lines can't carry the calls of all meetings that are held at that time."""
        meeting = monitored.meeting
        demands = []
        own: dict[str, tuple[str, ...]] = {}
        for each in coming:
            if each.start < meeting.end and meeting.start < each.end:
                steps = ways_of(each, self._graph, self._states.lines.cut)
                ways = {room: way async for room, way in paced(steps)}
                demands += [(each.bandwidth, way) for way in ways.values()]
                own = ways if each.key == meeting.key else own
        monitored.lines = lines_of(demands, self._links, self._load)
        for room, way in own.items():
            found = overload(way, monitored.lines)
            if found is not None:
                obstacles.setdefault(room, []).append(found)


def _wanted_twice(coming: Sequence[Meeting]) -> dict[str, Obstacles]:
    """By meeting and room: which other meeting wants the room at the same time."""
    found: dict[str, Obstacles] = {}
    for room, first, second in overlaps(list(coming)):
        for one, other in ((first, second), (second, first)):
            twice = Finding(Readiness.AT_RISK, FindingKind.WANTED_TWICE, "calendar", other.title)
            found.setdefault(one.key, {}).setdefault(room, []).append(twice)
    return found


def _log_changes(key: str, before: dict[str, Room], now: dict[str, Room]) -> None:
    """Log the rooms whose readiness changed."""
    for name, room in now.items():
        state = room.state
        if name in before and before[name].state.readiness is not state.readiness:
            why = "; ".join(f"{f.kind} ({f.probe}: {f.detail})" for f in state.findings)
            logger.info(
                "room changed meeting=%s room=%s readiness=%s %s",
                *(key, name, state.readiness.label, why),
            )

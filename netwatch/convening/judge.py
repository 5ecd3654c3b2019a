"""Judges the rooms of the meetings that are followed, a little at a time."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from netwatch.convening.convened import Convened
from netwatch.inventory.model import Link
from netwatch.meetings.assess import Room, assess
from netwatch.meetings.capacity import Load, lines_of, overload, ways_of
from netwatch.meetings.meeting import Meeting, overlaps
from netwatch.meetings.phases import Phase
from netwatch.meetings.readiness import Finding, Readiness, What
from netwatch.metrics import paced
from netwatch.state.graph import Graph
from netwatch.state.table import StateTable

logger = logging.getLogger(__name__)

Obstacles = dict[str, list[Finding]]
"""By room, what stands against it besides what was measured of it."""


class Judge:
    """Reads the board.

    Args:
        board: what is known of the rooms.
        load: of a line.
    """

    def __init__(self, board: StateTable, load: Load) -> None:
        self._board = board
        self._load = load

    def replace(self, graph: Graph, links: dict[str, Link]) -> None:
        """Judge by another inventory from now on."""
        self._graph = graph
        self._links = links

    async def judge(
        self, followed: Sequence[Convened], coming: Sequence[Meeting], moment: float
    ) -> None:
        """Say anew how each room stands.

        Args:
            followed: the meetings whose rooms are looked at.
            coming: all that are planned; they may want the same rooms and lines.
            moment: monotonic seconds.
        """
        twice = _wanted_twice(coming)
        for convened in followed:
            meeting = convened.meeting
            in_meeting = convened.phase is Phase.UNDER_WAY
            obstacles = twice.get(meeting.key, {})
            convened.shared = len(obstacles)
            if not in_meeting:  # then the load of the lines is that of the meeting itself
                await self._look_at_lines(convened, coming, obstacles)
            steps = assess(meeting, self._board, moment, obstacles, in_meeting=in_meeting)
            rooms = {name: room async for name, room in paced(steps)}
            if convened.preflight is not None:
                _tell(meeting.key, convened.rooms, rooms)
            convened.rooms = rooms

    async def _look_at_lines(
        self, convened: Convened, coming: Sequence[Meeting], obstacles: Obstacles
    ) -> None:
        """Note what lines lack that carry all the meetings which are held at the same time."""
        meeting = convened.meeting
        demands = []
        own: dict[str, tuple[str, ...]] = {}
        for each in coming:
            if each.start < meeting.end and meeting.start < each.end:
                steps = ways_of(each, self._graph, self._board.lines.cut)
                ways = {room: way async for room, way in paced(steps)}
                demands += [(each.bandwidth, way) for way in ways.values()]
                own = ways if each.key == meeting.key else own
        convened.lines = lines_of(demands, self._links, self._load)
        for room, way in own.items():
            found = overload(way, convened.lines)
            if found is not None:
                obstacles.setdefault(room, []).append(found)


def _wanted_twice(coming: Sequence[Meeting]) -> dict[str, Obstacles]:
    """By meeting and room: which other meeting wants the room at the same time."""
    found: dict[str, Obstacles] = {}
    for room, first, second in overlaps(list(coming)):
        for one, other in ((first, second), (second, first)):
            twice = Finding(Readiness.AT_RISK, What.WANTED_TWICE, "calendar", other.title)
            found.setdefault(one.key, {}).setdefault(room, []).append(twice)
    return found


def _tell(key: str, before: dict[str, Room], now: dict[str, Room]) -> None:
    """Log the rooms that changed."""
    for name, room in now.items():
        state = room.state
        if name in before and before[name].state.readiness is not state.readiness:
            why = "; ".join(f"{f.what} ({f.probe}: {f.detail})" for f in state.findings)
            logger.info(
                "room changed meeting=%s room=%s readiness=%s %s",
                *(key, name, state.readiness.label, why),
            )

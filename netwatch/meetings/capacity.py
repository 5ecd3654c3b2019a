"""Whether the lines can carry the calls of a meeting: what all rooms need together on each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from netwatch.inventory.model import Link
from netwatch.meetings.meeting import Meeting
from netwatch.meetings.readiness import Finding, FindingKind, Readiness
from netwatch.state.attachment import VANTAGE, Key, target_key
from netwatch.state.graph import Graph

ReadLoad = Callable[[str], float | None]
"""What a line (by id) carries now, in bits a second of its busier direction; None: not measured."""


@dataclass(frozen=True, slots=True)
class LineDemand:
    """What the calls of meetings need of a line. All figures in bits a second.

    Attributes:
        demand: of all calls together, each way.
        capacity: of the contract.
        load: what the line carries without the calls; None: not measured.
    """

    link: str
    demand: float
    capacity: float
    load: float | None

    @property
    def free(self) -> float:
        """What is left for calls; the whole capacity where the load is not measured."""
        return max(0.0, self.capacity - (self.load or 0.0))

    @property
    def is_short(self) -> bool:
        """Whether the calls don't fit."""
        return self.demand > self.free


def ways_of(
    meeting: Meeting, graph: Graph, cut: Collection[str]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each room of a meeting, and the ids of the lines that its call goes over.

    Args:
        meeting: each room of which holds one call with the MCU, or with the vantage's site.
        graph: how the targets are reached.
        cut: lines that carry nothing now; another way is taken where there is one.
    """
    centre = set(_way(graph, target_key(meeting.mcu), cut)) if meeting.mcu else set()
    for room in meeting.endpoints:
        way = tuple(_way(graph, target_key(room), cut))
        yield room, tuple(centre.symmetric_difference(way)) if centre else way


def lines_of(
    demands: Iterable[tuple[float, Iterable[str]]], links: Mapping[str, Link], load: ReadLoad
) -> dict[str, LineDemand]:
    """By id, the lines that calls held at the same time go over.

    Args:
        demands: of each call, its bits a second each way, and the lines on its way.
        links: the lines of the inventory.
        load: what a line carries now.
    """
    demand: dict[str, float] = defaultdict(float)
    for bits, way in demands:
        for link in way:
            demand[link] += bits
    return {
        link: LineDemand(link, bits, links[link].capacity, load(link))
        for link, bits in demand.items()
        if link in links
    }


def overload(way: Iterable[str], lines: Mapping[str, LineDemand]) -> Finding | None:
    """The first line on a room's way that can't carry the calls; None when all of them can."""
    for link in way:
        line = lines.get(link)
        if line is not None and line.is_short:
            figures = f"{line.demand / 1e6:.1f} > {line.free / 1e6:.1f} Mbit/s"
            return Finding(Readiness.AT_RISK, FindingKind.OVERLOAD, link, figures)
    return None


def _way(graph: Graph, key: Key, cut: Collection[str]) -> Iterator[str]:
    """The lines between a target and the vantage, the nearest first."""
    seen: set[Key] = set()
    while key != VANTAGE and key in graph.ways and key not in seen:
        seen.add(key)
        ways = graph.ways[key]
        way = next((each for each in ways if each.link not in cut), ways[0])
        if way.link is not None:
            yield way.link
        key = way.via

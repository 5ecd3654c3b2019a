"""Unstable paths: one of several parallel lines loses what it should carry.

Routers choose one of several equal lines by the addresses of a packet. So a bad one that stays up
loses the same addresses all the time, while their neighbours answer over the others. What is silent
then is not at fault itself, and which line it is can't be seen from here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from math import inf

from netwatch.core.result import Reason
from netwatch.state.attachment import Key
from netwatch.state.graph import Graph
from netwatch.state.lines import Lines
from netwatch.state.openness import open_ways, region_behind
from netwatch.state.paths import Paths
from netwatch.state.reachability import Reachability
from netwatch.state.root import Root, RootKind, RootVerdict

NO_LINE = {Reason.TTL_EXCEEDED, Reason.PROHIBITED}
"""Reasons of silence that no line has."""

MIN_LINES = 2
"""Lines to a place that are parallel."""

MIN_LOST = 2
"""Targets that fall silent at once, if any of them is known to be there."""

MIN_LOST_SITES = 3
"""Sites that fall silent at once, from which on that is no chance, though nobody proves that they
are there."""

MAX_SILENT_BEHIND = 1
"""Silent targets behind those, of which a bad line would have left some: where there are more, and
nobody answers, the sites themselves are gone, e.g. without power."""

MIN_ANSWERING_SHARE = 0.5
"""Sites at the same place that must answer, to those that are silent: half of a bad one of two
lines; all of them would be a fault of the place."""

MAX_LOOKED_AT = 512
"""Targets behind one place that are looked at; the nearest."""

MAX_NEIGHBOURS = 8
"""Targets at the same place that are asked when one is silent, to know who else is."""


@dataclass(frozen=True, slots=True)
class _Region:
    """What is known at one moment of what stands behind a place.

    Attributes:
        lost: silent targets that nothing silent leads to, and whether each is known to be there.
        behind: how many further ones are silent.
        answering: when each other site answered last, by monotonic time.
    """

    lost: dict[Key, bool]
    behind: int
    answering: dict[str, float]


class UnstablePaths:
    """Tells what a bad one of several parallel lines has lost from what is silent by itself.

    Args:
        lines: what devices report.
        paths: which hold.
        reachability: what answers.
        verdicts: of the silent targets; read, never changed.
    """

    def __init__(
        self,
        lines: Lines,
        paths: Paths,
        reachability: Reachability,
        verdicts: dict[Key, RootVerdict],
    ) -> None:
        self._lines = lines
        self._paths = paths
        self._reachability = reachability
        self._verdicts = verdicts
        self._places: dict[Key, tuple[Key, ...]] = {}
        self._behind: dict[Key, tuple[Key, ...]] = {}
        self._looked: dict[Key, tuple[float, _Region]] = {}

    def replace(self, graph: Graph) -> None:
        """Judge by another graph from now on."""
        self._graph = graph
        self._places, self._behind, self._looked = {}, {}, {}

    def has_place(self, key: Key) -> bool:
        """Whether parallel lines lead to a target, at its end or before it."""
        return bool(self._places_of(key))

    def root(self, key: Key, now: float) -> Root | None:
        """The path that a silent target is lost on; None when it seems to be silent by itself."""
        if not self.may_be_lost(key):
            return None
        for place in self._places_of(key):
            lost = self._lost_with(key, place, now)
            if lost and self._proves(lost, self._region(place, now)):
                return path_to(place)
        return None

    def suspected(self, key: Key, now: float) -> Root | None:
        """The path that a silent target may be lost on: somebody else is silent there as well."""
        if not self.may_be_lost(key):
            return None
        places = self._places_of(key)
        return next((path_to(each) for each in places if self._lost_with(key, each, now)), None)

    def neighbours(self, key: Key) -> list[Key]:
        """Others at the nearest place that parallel lines lead to, of as many sites as possible."""
        for place in self._places_of(key):
            first: dict[str, Key] = {}
            for each in self._behind_of(place):
                if each[0] != key[0] and self._reachability.may_answer(each):
                    first.setdefault(each[0], each)
            step = max(1, len(first) // MAX_NEIGHBOURS)
            return list(islice(first.values(), 0, step * MAX_NEIGHBOURS, step))
        return []

    def _lost_with(self, key: Key, place: Key, now: float) -> dict[Key, bool]:
        """What fell silent behind a place together with a target, while others there answer.

        Returns:
            Several targets, that one among them, and whether each is known to be there; else none.
        """
        region = self._region(place, now)
        lost = {each: there for each, there in region.lost.items() if self._together(key, each)}
        lost.setdefault(key, False)
        if len(lost) < MIN_LOST:
            return {}
        sites = {each[0] for each in lost}
        began = min(self._reachability.fall(each)[1] for each in lost)
        answering = sum(at > began for site, at in region.answering.items() if site not in sites)
        needed = max(1, MIN_ANSWERING_SHARE * len(sites - {place[0]}))
        return lost if answering >= needed else {}

    @staticmethod
    def _proves(lost: dict[Key, bool], region: _Region) -> bool:
        """Whether it can't be chance, nor a want of power, that these fell silent together."""
        if any(lost.values()):
            return True
        sites = {each[0] for each in lost}
        return len(sites) >= MIN_LOST_SITES and region.behind <= MAX_SILENT_BEHIND

    def _together(self, key: Key, other: Key) -> bool:
        """Whether two silent targets were lost in the same moment, as far as that is known."""
        one, another = self._verdicts.get(key), self._verdicts.get(other)
        if one and another and one.root == another.root and one.root.kind is RootKind.PATH:
            return True
        if -inf in {self._reachability.fall(key)[0], self._reachability.fall(other)[0]}:
            return False
        return self._paths.fell_together(key, other)

    def may_be_lost(self, key: Key) -> bool:
        """Whether nothing else is known to be why a target is silent."""
        if self._reachability.reason(key) in NO_LINE:
            return False
        lines = [way.link for way in self._graph.ways[key] if way.link is not None]
        return not lines or not all(line in self._lines.cut for line in lines)

    def _region(self, place: Key, now: float) -> _Region:
        known = self._looked.get(place)
        if known is None or known[0] != now:
            known = self._looked[place] = now, self._look(place, now)
        return known[1]

    def _look(self, place: Key, now: float) -> _Region:
        reachability = self._reachability
        failing: list[Key] = []
        answering: dict[str, float] = {}
        for each in self._behind_of(place):
            if reachability.is_failing_on(each, now):
                failing.append(each)
            elif (at := reachability.answered_at(each)) is not None and each != place:
                answering[each[0]] = max(at, answering.get(each[0], at))
        there = {each: self._is_there(each) for each in failing}
        lost = {}
        for each in failing:
            before = [way.via for way in self._graph.ways[each]]
            is_first = each == place or any(there.get(via, True) for via in before)
            if is_first and self.may_be_lost(each):
                lost[each] = there[each]
        return _Region(lost, len(failing) - len(lost), answering)

    def _is_there(self, key: Key) -> bool:
        """Whether somebody else answers for a silent target."""
        if key in self._paths.passing or self._reachability.is_there(key):
            return True
        return self._paths.lets_through(key)

    def _places_of(self, key: Key) -> tuple[Key, ...]:
        """The ends of parallel lines that every path to a target passes, the nearest first."""
        found = self._places.get(key)
        if found is None:
            candidates = [key, *self._graph.above(key)]
            found = tuple(each for each in candidates if self._is_place(each, key))
            self._places[key] = found
        return found

    def _is_place(self, place: Key, key: Key) -> bool:
        lines = sum(way.link is not None for way in self._graph.ways[place])
        return lines >= MIN_LINES and self._is_only_past(key, place)

    def _behind_of(self, place: Key) -> tuple[Key, ...]:
        """A place, and what can be reached only past it."""
        found = self._behind.get(place)
        if found is None:
            region: Iterable[Key] = region_behind(self._graph, place)
            only: Iterator[Key] = (each for each in region if self._is_only_past(each, place))
            found = self._behind[place] = (place, *islice(only, MAX_LOOKED_AT))
        return found

    def _is_only_past(self, key: Key, place: Key) -> bool:
        return key == place or not open_ways(self._graph, key, lambda each: each == place)


def path_to(place: Key) -> Root:
    """The path to a place, as a root cause."""
    return Root(RootKind.PATH, "/".join(place))

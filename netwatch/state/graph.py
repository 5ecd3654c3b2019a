"""The paths from the vantage to every target, worked out from the inventory alone.

Targets at the vantage's own site are reached straight. Every other site has attachment points: its
router, and the targets where its lines end. An attachment point is reached over a line from the one
at the other end, and what else stands at the site through the site's own attachment points. Several
ways to a target are redundancy.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from netwatch.inventory.links import all_links
from netwatch.inventory.model import Inventory
from netwatch.state.attachment import VANTAGE, AttachmentPoints, Key, target_key
from netwatch.state.detours import only_through


@dataclass(frozen=True, slots=True)
class Way:
    """The last step of a path to a target.

    Attributes:
        via: the target before it, or ``VANTAGE``.
        link: id of the line between the two; None when they stand at the same site, or the
            inventory names no line.
    """

    via: Key
    link: str | None = None


Ways = dict[Key, tuple[Way, ...]]
"""The last steps of all paths to each target."""

STRAIGHT = (Way(VANTAGE),)
"""The ways to a target with nothing between it and the vantage."""


class Graph:
    """The paths of all targets.

    Attributes:
        links: all lines by id.
        assumed: the sites that are taken to be joined to their parent although no line is named.
        ways: of each target; it is reachable when one of them holds.
        needed: what each target ``depends_on``; of each group one must hold besides. Targets of one
            site and one role, as two routers, are a group: either of them is enough.
        behind: of each target, those that have it among their ways or in ``needed``.
    """

    def __init__(self, inventory: Inventory, vantage_site: str | None = None) -> None:
        depends_on = {
            (site_id, target_id): tuple(
                target_key(each) if "/" in each else (site_id, each) for each in target.depends_on
            )
            for site_id, _, target_id, target in inventory.targets()
        }
        self.links = all_links(inventory)
        points = AttachmentPoints(inventory, vantage_site)
        self.assumed = points.assumed
        ways = _all_ways(inventory, vantage_site, points, depends_on)
        # Whoever asks for a target by these keys, which are made once, keeps none of his own.
        self.ways = {key: ways[key] for key in depends_on}
        # From another vantage a dependency may point the wrong way round.
        self.needed = {
            key: _groups(inventory, [each for each in needs if self._is_reached_without(key, each)])
            for key, needs in depends_on.items()
        }
        behind: dict[Key, dict[Key, None]] = defaultdict(dict)
        for key in self.ways:
            for before in self.before(key):
                behind[before][key] = None
        self.behind = {key: tuple(behind.get(key, ())) for key in self.ways}

    def before(self, key: Key) -> Iterator[Key]:
        """The targets right before this one: on one of its ways, or needed by it."""
        yield from (way.via for way in self.ways[key] if way.via != VANTAGE)
        for group in self.needed[key]:
            yield from group

    def above(self, key: Key) -> list[Key]:
        """Everything that may stand between a target and the vantage, the nearest first."""
        return list(self.upwards(key))

    def upwards(self, key: Key) -> Iterator[Key]:
        """The same one by one, for who seldom needs all of it."""
        found = {key}
        waiting = [key]
        for each in waiting:
            for before in self.before(each):
                if before not in found:
                    found.add(before)
                    waiting.append(before)
                    yield before

    def _is_reached_without(self, key: Key, other: Key) -> bool:
        """Whether some path leads to ``other`` that does not pass ``key``."""
        seen = {key}
        waiting = [other]
        while waiting:
            each = waiting.pop()
            if each == VANTAGE:
                return True
            if each not in seen:
                seen.add(each)
                waiting.extend(way.via for way in self.ways[each])
        return False


def _groups(inventory: Inventory, needs: Iterable[Key]) -> tuple[tuple[Key, ...], ...]:
    """What a target depends on, by site and role."""
    groups: dict[tuple[str, str], list[Key]] = defaultdict(list)
    for site_id, target_id in needs:
        groups[site_id, inventory.sites[site_id].targets[target_id].role].append(
            (site_id, target_id)
        )
    return tuple(map(tuple, groups.values()))


def _all_ways(
    inventory: Inventory,
    vantage_site: str | None,
    points: AttachmentPoints,
    depends_on: Mapping[Key, tuple[Key, ...]],
) -> Ways:
    dead_ends = only_through(points.neighbours, VANTAGE)
    ways: Ways = {}
    for site_id, site in inventory.sites.items():
        for point in points.of[site_id]:
            ways[point] = tuple(
                Way(other, link)
                for other, link in points.neighbours[point]
                if (point, other) not in dead_ends
            )
        within = tuple(Way(point) for point in points.entry(site_id))
        for target_id in site.targets:
            key = site_id, target_id
            if site_id == vantage_site or Way(VANTAGE) in ways.get(key, ()):
                ways[key] = STRAIGHT
            elif key not in ways:
                outside = _point_behind(key, points.of[site_id], depends_on)
                ways[key] = ways[outside] if outside else within or STRAIGHT
    return ways


def _point_behind(
    key: Key, points: tuple[Key, ...], depends_on: Mapping[Key, tuple[Key, ...]]
) -> Key | None:
    """The attachment point that depends on ``key``, as a router behind a firewall; None if none."""
    for point in points:
        seen: set[Key] = set()
        waiting = [point]
        while waiting:
            each = waiting.pop()
            if each == key:
                return point
            if each[0] == key[0] and each not in seen:
                seen.add(each)
                waiting.extend(depends_on[each])
    return None

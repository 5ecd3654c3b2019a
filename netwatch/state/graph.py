"""How each target is reached: what stands between it and the vantage, from the inventory alone.

Targets at the vantage's own site are reached straight. At every other site the ends of its lines,
or else its router, are its doors: a door is reached over a line from the door at the other end, and
what else stands at the site is reached through its doors. Several ways to a target are redundancy.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
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
        link: the line between the two; None: they stand at one place, or no line is known.
    """

    via: Key
    link: str | None = None


Ways = dict[Key, tuple[Way, ...]]

STRAIGHT = (Way(VANTAGE),)


class Graph:
    """The paths of all targets.

    Attributes:
        links: all lines by id.
        ways: of each target; one that holds is enough.
        needed: what each target ``depends_on`` besides; all of it must hold.
        behind: the targets that name a target among their ways or needs.
    """

    def __init__(self, inventory: Inventory, vantage_site: str | None = None) -> None:
        depends_on = {
            (site_id, target_id): tuple(
                target_key(each) if "/" in each else (site_id, each) for each in target.depends_on
            )
            for site_id, _, target_id, target in inventory.targets()
        }
        self.links = all_links(inventory)
        ways = _all_ways(inventory, vantage_site, depends_on)
        # Whoever asks for a target by these keys, which are made once, keeps none of his own.
        self.ways = {key: ways[key] for key in depends_on}
        # From another vantage a dependency may point the wrong way round.
        self.needed = {
            key: tuple(each for each in needs if self._is_reached_without(key, each))
            for key, needs in depends_on.items()
        }
        behind: dict[Key, dict[Key, None]] = defaultdict(dict)
        for key in self.ways:
            for before in self.before(key):
                behind[before][key] = None
        self.behind = {key: tuple(behind.get(key, ())) for key in self.ways}

    def before(self, key: Key) -> Iterator[Key]:
        """What a target is reached through directly."""
        yield from (way.via for way in self.ways[key] if way.via != VANTAGE)
        yield from self.needed[key]

    def above(self, key: Key) -> list[Key]:
        """Everything that may stand between a target and the vantage, the nearest first."""
        found = {key: None}
        waiting = [key]
        for each in waiting:
            for before in self.before(each):
                if before not in found:
                    found[before] = None
                    waiting.append(before)
        return waiting[1:]

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


def _all_ways(
    inventory: Inventory, vantage_site: str | None, depends_on: Mapping[Key, tuple[Key, ...]]
) -> Ways:
    doors = AttachmentPoints(inventory, vantage_site)
    dead_ends = only_through(doors.neighbours, VANTAGE)
    ways: Ways = {}
    for site_id, site in inventory.sites.items():
        for door in doors.of[site_id]:
            ways[door] = tuple(
                Way(other, link)
                for other, link in doors.neighbours[door]
                if (door, other) not in dead_ends
            )
        within = tuple(Way(door) for door in doors.entry(site_id))
        for target_id in site.targets:
            key = site_id, target_id
            if site_id == vantage_site or Way(VANTAGE) in ways.get(key, ()):
                ways[key] = STRAIGHT
            elif key not in ways:
                outside = _door_behind(key, doors.of[site_id], depends_on)
                ways[key] = ways[outside] if outside else within or STRAIGHT
    return ways


def _door_behind(
    key: Key, doors: tuple[Key, ...], depends_on: Mapping[Key, tuple[Key, ...]]
) -> Key | None:
    """The door that is reached through another target of its site, as through a firewall."""
    for door in doors:
        seen: set[Key] = set()
        waiting = [door]
        while waiting:
            each = waiting.pop()
            if each == key:
                return door
            if each[0] == key[0] and each not in seen:
                seen.add(each)
                waiting.extend(depends_on[each])
    return None

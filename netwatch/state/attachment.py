"""Where the sites are connected: their doors, and what is next to each door."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import combinations

from netwatch.inventory.links import all_links, router_of
from netwatch.inventory.model import Inventory
from netwatch.state.detours import Neighbours

Key = tuple[str, str]
"""Site and target."""

VANTAGE: Key = ("", "")
"""Where the collector stands: the root of all paths."""


def target_key(reference: str) -> Key:
    """The key of what the inventory calls ``site/target``."""
    site, _, target = reference.partition("/")
    return site, target


class AttachmentPoints:
    """The doors of each site: the router of its short forms, and the ends of its lines.

    Attributes:
        of: the doors of each site, in order.
        neighbours: what is next to each door, and over which line; None where no line is known.
    """

    def __init__(self, inventory: Inventory, vantage_site: str | None) -> None:
        self._inventory = inventory
        self._vantage_site = vantage_site
        doors: dict[str, dict[Key, None]] = {}
        for site_id, site in inventory.sites.items():
            router = router_of(site)
            doors[site_id] = {} if router is None else {(site_id, router): None}
        self.neighbours: Neighbours[Key] = defaultdict(list)
        lined: set[frozenset[str]] = set()
        for link_id, link in all_links(inventory).items():
            a, b = target_key(link.a.target), target_key(link.b.target)
            doors[a[0]][a] = doors[b[0]][b] = None
            lined.add(frozenset((a[0], b[0])))
            self._join(a, b, link_id)
        self.of = {site_id: tuple(each) for site_id, each in doors.items()}
        for site_id, site in inventory.sites.items():
            for one, other in combinations(self.of[site_id], 2):
                self._join(one, other)
            if site.parent is not None and frozenset((site_id, site.parent)) not in lined:
                for door in self.of[site_id][:1]:
                    self._join_all(door, self.entry(site.parent))
        if vantage_site is not None:
            self._join_all(VANTAGE, self.entry(vantage_site))
        self._join_islands()

    def entry(self, site_id: str | None) -> tuple[Key, ...]:
        """The doors of a site, or of the nearest one above it that has any."""
        while site_id is not None:
            if self.of[site_id]:
                return self.of[site_id]
            site_id = self._inventory.sites[site_id].parent
        return ()

    def _join_islands(self) -> None:
        """What nothing leads to is taken to be reached straight."""
        reached: set[Key] = set()
        _flood(self.neighbours, VANTAGE, reached)
        for tops_only in (True, False):
            for site_id, site in self._inventory.sites.items():
                if site.parent is not None and tops_only:
                    continue
                for door in self.of[site_id]:
                    if door not in reached:
                        self._join(VANTAGE, door)
                        _flood(self.neighbours, door, reached)

    def _join_all(self, one: Key, others: Iterable[Key]) -> None:
        for other in others:
            self._join(one, other)

    def _join(self, one: Key, other: Key, link: str | None = None) -> None:
        self.neighbours[one].append((other, link))
        self.neighbours[other].append((one, link))


def _flood(neighbours: Neighbours[Key], start: Key, reached: set[Key]) -> None:
    waiting = [start]
    while waiting:
        node = waiting.pop()
        if node not in reached:
            reached.add(node)
            waiting.extend(other for other, _ in neighbours.get(node, ()))

"""The attachment points of each site: the targets at which lines end, and their neighbours."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import combinations

from netwatch.inventory.links import all_links, router_of
from netwatch.inventory.model import Inventory
from netwatch.state.detours import Neighbours

Key = tuple[str, str]
"""The ids of a site and of a target of it; the target is empty for the site as a whole."""

VANTAGE: Key = ("", "")
"""The key of the place where the collector stands: the beginning of all paths."""


def target_key(reference: str) -> Key:
    """The key of a target that the inventory calls ``site/target``."""
    site, _, target = reference.partition("/")
    return site, target


class AttachmentPoints:
    """The attachment points of all sites: a site's router, and each target where a line ends.

    A site is joined to its parent only where no lines lead from one to the other: a path that the
    inventory doesn't know would hide that the lines it does know are cut.

    Attributes:
        of: the attachment points of each site, in the order of the inventory.
        neighbours: the neighbours of each, with the id of the line between; None where the
            inventory names no line.
        assumed: the sites that are taken to be joined to their parent although no line is named.
    """

    def __init__(self, inventory: Inventory, vantage_site: str | None) -> None:
        self._inventory = inventory
        self._vantage_site = vantage_site
        points: dict[str, dict[Key, None]] = {}
        for site_id, site in inventory.sites.items():
            router = router_of(site)
            points[site_id] = {} if router is None else {(site_id, router): None}
        self.neighbours: Neighbours[Key] = defaultdict(list)
        for link_id, link in all_links(inventory).items():
            a, b = target_key(link.a.target), target_key(link.b.target)
            points[a[0]][a] = points[b[0]][b] = None
            self._join(a, b, link_id)
        self.of = {site_id: tuple(each) for site_id, each in points.items()}
        for site_id in inventory.sites:
            for one, other in combinations(self.of[site_id], 2):
                self._join(one, other)
        self.assumed = self._without_line_to_parent()
        for site_id in self.assumed:
            self._join_all(self.of[site_id][0], self.entry(inventory.sites[site_id].parent))
        if vantage_site is not None:
            self._join_all(VANTAGE, self.entry(vantage_site))
        self._join_islands()

    def entry(self, site_id: str | None) -> tuple[Key, ...]:
        """The attachment points of a site, or of the nearest site above it that has any."""
        while site_id is not None:
            if self.of[site_id]:
                return self.of[site_id]
            site_id = self._inventory.sites[site_id].parent
        return ()

    def _without_line_to_parent(self) -> tuple[str, ...]:
        """The sites that no lines join to their parent, directly or over other sites."""
        reached: dict[Key, set[Key]] = {}
        for point in self.neighbours:
            if point not in reached:
                together: set[Key] = set()
                _add_reachable(self.neighbours, point, together)
                reached.update(dict.fromkeys(together, together))
        return tuple(
            site_id
            for site_id, site in self._inventory.sites.items()
            for point in self.of[site_id][:1]
            if site.parent is not None
            and not reached.get(point, set()).intersection(self.entry(site.parent))
        )

    def _join_islands(self) -> None:
        """Join what no line leads to straight to the vantage, sites without a parent first."""
        reached: set[Key] = set()
        _add_reachable(self.neighbours, VANTAGE, reached)
        for tops_only in (True, False):
            for site_id, site in self._inventory.sites.items():
                if site.parent is not None and tops_only:
                    continue
                for point in self.of[site_id]:
                    if point not in reached:
                        self._join(VANTAGE, point)
                        _add_reachable(self.neighbours, point, reached)

    def _join_all(self, one: Key, others: Iterable[Key]) -> None:
        for other in others:
            self._join(one, other)

    def _join(self, one: Key, other: Key, link: str | None = None) -> None:
        self.neighbours[one].append((other, link))
        self.neighbours[other].append((one, link))


def _add_reachable(neighbours: Neighbours[Key], start: Key, reached: set[Key]) -> None:
    """Add ``start`` and all that can be reached from it to ``reached``."""
    waiting = [start]
    while waiting:
        node = waiting.pop()
        if node not in reached:
            reached.add(node)
            waiting.extend(other for other, _ in neighbours.get(node, ()))

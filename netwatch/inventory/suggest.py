"""Compares the neighbours that devices report (LLDP, CDP) with the lines of the inventory."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from netwatch.inventory.cables import (
    Cable,
    Heard,
    NeighbourReport,
    Place,
    cable_between,
    match_lines,
)
from netwatch.inventory.links import all_links, router_of
from netwatch.inventory.model import Inventory


@dataclass(frozen=True, slots=True)
class Suggestions:
    """How the inventory differs from what the devices report.

    Attributes:
        links: cables between sites that the inventory lacks.
        interfaces: by link id, cables whose devices report other interfaces than the inventory.
        unseen: ids of links that no device reports, though a device at one end was asked.
        depends_on: for targets that name none, the target through which each is reached.
        strangers: reports of neighbours that are not in the inventory.
    """

    links: tuple[Cable, ...]
    interfaces: Mapping[str, Cable]
    unseen: tuple[str, ...]
    depends_on: Mapping[Place, Place]
    strangers: tuple[NeighbourReport, ...]


def suggest(
    inventory: Inventory, names: Mapping[Place, str], seen: Iterable[NeighbourReport]
) -> Suggestions:
    """How the inventory differs from these reports.

    Args:
        inventory: the inventory.
        names: sysName of each target that was asked.
        seen: all that they reported.
    """
    places = _Places(inventory, names)
    heard: dict[tuple[Place, Place], Heard] = defaultdict(Heard)
    strangers: list[NeighbourReport] = []
    for report in seen:
        other = places.find(report)
        if other is None:
            strangers.append(report)
        elif other != report.place:
            heard[min(other, report.place), max(other, report.place)].take(report, other)
    cables = {pair: each.cables(*pair) for pair, each in heard.items()}
    known: dict[tuple[Place, Place], dict[str, Cable]] = defaultdict(dict)
    for link_id, link in all_links(inventory).items():
        cable = cable_between(
            link.a.target, link.a.interface or "", link.b.target, link.b.interface or ""
        )
        known[cable.a, cable.b][link_id] = cable
    links: list[Cable] = []
    interfaces: dict[str, Cable] = {}
    unseen: set[str] = set()
    for pair in {*known, *cables}:
        if _site(pair[0]) == _site(pair[1]):
            continue
        match = match_lines(known.get(pair, {}), cables.get(pair, []))
        links += match.new
        interfaces |= match.differing
        if names.keys() & set(pair):
            unseen.update(match.missing)
    return Suggestions(
        links=tuple(sorted(links)),
        interfaces=interfaces,
        unseen=tuple(id_ for each in known.values() for id_ in each if id_ in unseen),
        depends_on=dict(_depends_on(inventory, cables)),
        strangers=tuple(strangers),
    )


class _Places:
    """Finds the target that a report is about."""

    def __init__(self, inventory: Inventory, names: Mapping[Place, str]) -> None:
        self._by_address = {
            target.address: f"{site_id}/{target_id}"
            for site_id, _, target_id, target in inventory.targets()
        }
        by_name: dict[str, set[Place]] = defaultdict(set)
        for place, name in names.items():
            by_name[_host(name)].add(place)
        # Two devices of one name can't be told apart.
        self._by_name = {name: found.pop() for name, found in by_name.items() if len(found) == 1}

    def find(self, report: NeighbourReport) -> Place | None:
        return self._by_address.get(report.address) or self._by_name.get(_host(report.name))


def _depends_on(
    inventory: Inventory, pairs: Iterable[tuple[Place, Place]]
) -> Iterator[tuple[Place, Place]]:
    """Each target and the one before it on the cables from where its site is entered.

    That is the canary where the collector stands, and the first router anywhere else.
    """
    beside: dict[Place, set[Place]] = defaultdict(set)
    for one, other in pairs:
        if _site(one) == _site(other):
            beside[one].add(other)
            beside[other].add(one)
    nearest = {_site(canary): canary for canary in reversed(inventory.canaries)}
    for site_id, site in inventory.sites.items():
        router = router_of(site)
        root = nearest.get(site_id) or (f"{site_id}/{router}" if router else None)
        if root is None:
            continue
        reached, queue = {root}, deque([root])
        while queue:
            nearer = queue.popleft()
            for further in sorted(beside[nearer] - reached):
                reached.add(further)
                queue.append(further)
                if not site.targets[further.partition("/")[2]].depends_on:
                    yield further, nearer


def _site(place: Place) -> str:
    return place.partition("/")[0]


def _host(name: str) -> str:
    """A host's name without domain, and without what CDP adds in brackets."""
    return name.partition("(")[0].partition(".")[0].strip().lower()

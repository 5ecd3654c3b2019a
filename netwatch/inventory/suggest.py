"""Compares the neighbours that devices report (LLDP, CDP) with the lines of the inventory."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from netwatch.inventory.links import all_links, router_of
from netwatch.inventory.model import Inventory

Place = str
"""``site/target``."""


@dataclass(frozen=True, slots=True)
class NeighbourReport:
    """What one target reports of the neighbour on one of its interfaces.

    Attributes:
        place: the target that reports.
        interface: its interface; may be empty.
        name: the neighbour's sysName or device id.
        port: the neighbour's port; may be empty.
        address: the neighbour's address; may be empty.
    """

    place: Place
    interface: str
    name: str
    port: str
    address: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Cable:
    """A cable between two targets; ``a`` is the one that sorts first."""

    a: Place
    a_interface: str
    b: Place
    b_interface: str


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
    cables: set[Cable] = set()
    strangers: list[NeighbourReport] = []
    for report in seen:
        other = places.find(report)
        if other is None:
            strangers.append(report)
        elif other != report.place:
            cables.add(_cable(report.place, report.interface, other, report.port))
    between = {cable for cable in _merged(cables) if _site(cable.a) != _site(cable.b)}
    known = {
        link_id: _cable(
            link.a.target, link.a.interface or "", link.b.target, link.b.interface or ""
        )
        for link_id, link in all_links(inventory).items()
    }
    pairs = {(cable.a, cable.b) for cable in known.values()}
    reported = {(cable.a, cable.b): cable for cable in between}
    return Suggestions(
        links=tuple(sorted(c for c in between if (c.a, c.b) not in pairs)),
        interfaces={
            link_id: reported[cable.a, cable.b]
            for link_id, cable in known.items()
            if (cable.a, cable.b) in reported and _differ(cable, reported[cable.a, cable.b])
        },
        unseen=tuple(
            link_id
            for link_id, cable in known.items()
            if (cable.a, cable.b) not in reported and {cable.a, cable.b} & names.keys()
        ),
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


def _depends_on(inventory: Inventory, cables: Iterable[Cable]) -> Iterator[tuple[Place, Place]]:
    """Each target and the one before it on the cables from its site's first router."""
    beside: dict[Place, set[Place]] = defaultdict(set)
    for cable in cables:
        if _site(cable.a) == _site(cable.b):
            beside[cable.a].add(cable.b)
            beside[cable.b].add(cable.a)
    for site_id, site in inventory.sites.items():
        router = router_of(site)
        if router is None:
            continue
        root = f"{site_id}/{router}"
        reached, queue = {root}, deque([root])
        while queue:
            nearer = queue.popleft()
            for further in sorted(beside[nearer] - reached):
                reached.add(further)
                queue.append(further)
                if not site.targets[further.partition("/")[2]].depends_on:
                    yield further, nearer


def _cable(a: Place, a_interface: str, b: Place, b_interface: str) -> Cable:
    if a > b:
        a, a_interface, b, b_interface = b, b_interface, a, a_interface
    return Cable(a, a_interface, b, b_interface)


def _merged(cables: set[Cable]) -> set[Cable]:
    """One cable for each pair of targets, preferably one with both interfaces.

    The devices at its two ends may name interfaces differently, or not at all.
    """
    merged: dict[tuple[Place, Place], Cable] = {}
    for cable in sorted(cables, key=lambda c: (not (c.a_interface and c.b_interface), c)):
        merged.setdefault((cable.a, cable.b), cable)
    return set(merged.values())


def _differ(known: Cable, reported: Cable) -> bool:
    """Whether an interface that both name has different names."""
    return any(
        one and other and one != other
        for one, other in (
            (known.a_interface, reported.a_interface),
            (known.b_interface, reported.b_interface),
        )
    )


def _site(place: Place) -> str:
    return place.partition("/")[0]


def _host(name: str) -> str:
    """A host's name without domain, and without what CDP adds in brackets."""
    return name.partition("(")[0].partition(".")[0].strip().lower()

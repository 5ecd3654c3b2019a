"""What the devices' own word on their neighbours says about the inventory."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from netwatch.inventory.links import all_links, router_of
from netwatch.inventory.model import Inventory

Place = str
"""``site/target``."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What one target reported of one cable.

    Attributes:
        place: the target.
        interface: its port; may be empty.
        name: what the neighbour calls itself.
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
    """Two targets that see each other; ``a`` comes first in the alphabet."""

    a: Place
    a_interface: str
    b: Place
    b_interface: str


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What differs.

    Attributes:
        links: lines between sites that the inventory does not have.
        interfaces: lines of the inventory whose devices name other interfaces, by link.
        unseen: lines of the inventory that no device reports, though one of its ends was asked.
        depends_on: by target, the target through which it is reached, where the inventory says
            nothing.
        strangers: neighbours that are no target of the inventory.
    """

    links: tuple[Cable, ...]
    interfaces: Mapping[str, Cable]
    unseen: tuple[str, ...]
    depends_on: Mapping[Place, Place]
    strangers: tuple[Seen, ...]


def suggest(inventory: Inventory, names: Mapping[Place, str], seen: Iterable[Seen]) -> Suggestions:
    """Compare.

    Args:
        inventory: as it is.
        names: sysName of the targets that were asked.
        seen: what they reported.
    """
    places = _Places(inventory, names)
    cables: set[Cable] = set()
    strangers: list[Seen] = []
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
    """Finds the target that a neighbour is."""

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

    def find(self, report: Seen) -> Place | None:
        return self._by_address.get(report.address) or self._by_name.get(_host(report.name))


def _depends_on(inventory: Inventory, cables: Iterable[Cable]) -> Iterator[tuple[Place, Place]]:
    """For each site, the tree of cables that begins at its first router."""
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
    """The two ends of one cable may call its ports differently, or not at all: one is enough."""
    merged: dict[tuple[Place, Place], Cable] = {}
    for cable in sorted(cables, key=lambda c: (not (c.a_interface and c.b_interface), c)):
        merged.setdefault((cable.a, cable.b), cable)
    return set(merged.values())


def _differ(known: Cable, reported: Cable) -> bool:
    """Whether an interface that both name has another name."""
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

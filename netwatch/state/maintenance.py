"""Maintenance that is under way: windows of the inventory, and work announced by hand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from netwatch.inventory.branches import branch_of
from netwatch.inventory.carriers import carrier_key
from netwatch.inventory.former_ids import former_ids
from netwatch.inventory.links import all_links
from netwatch.inventory.maintenance import MaintenanceWindow
from netwatch.inventory.model import Inventory
from netwatch.state.attachment import Key, target_key
from netwatch.state.occurrences import Occurrences
from netwatch.state.root import RootKind, RootVerdict


@dataclass(frozen=True, slots=True)
class Scope:
    """The sites, targets and lines that planned work affects."""

    sites: frozenset[str] = frozenset()
    targets: frozenset[Key] = frozenset()
    links: frozenset[str] = frozenset()

    def is_within(self, other: Scope) -> bool:
        """Whether another scope affects all of this."""
        sites_of_targets = {site for site, _ in self.targets - other.targets}
        return (
            self.sites <= other.sites
            and sites_of_targets <= other.sites
            and self.links <= other.links
        )


@dataclass(frozen=True, slots=True)
class Work:
    """Planned work that is under way, or will be.

    Attributes:
        id: of the window, or of the announcement.
        reason: as it was written down.
        began: unix time.
        ends: unix time.
        scope: what it affects.
        author: who announced it; empty when that is not known.
        is_announced: whether it was announced by hand, and is no window of the inventory.
    """

    id: str
    reason: str
    began: float
    ends: float
    scope: Scope
    author: str = ""
    is_announced: bool = False


class Calendar:
    """The maintenance windows of the inventory."""

    def __init__(self, inventory: Inventory) -> None:
        zone = ZoneInfo(inventory.province.timezone)
        self._windows = [
            (window_id, window.reason, _scope(window, inventory), Occurrences(window, zone))
            for window_id, window in inventory.maintenance.items()
        ]

    def under_way(self, now: float) -> list[Work]:
        """The windows that are open at a unix time."""
        return [
            Work(window_id, reason, *span, scope)
            for window_id, reason, scope, occurrences in self._windows
            if (span := occurrences.at(now)) is not None
        ]

    def coming(self, now: float, within: float) -> list[Work]:
        """The next opening of each window that opens within so many seconds."""
        return [
            Work(window_id, reason, *span, scope)
            for window_id, reason, scope, occurrences in self._windows
            if (span := occurrences.after(now)) is not None and span[0] - now <= within
        ]


class MaintenancePlan:
    """The work that is under way now.

    Attributes:
        works: all of it.
        links: ids of the lines that it affects.
    """

    def __init__(self) -> None:
        self.works: list[Work] = []
        self.links: set[str] = set()
        self._sites: dict[str, Work] = {}
        self._targets: dict[Key, Work] = {}

    def replace(self, works: Iterable[Work]) -> None:
        """Take these as the work that is under way from now on."""
        self.works = list(works)
        self.links = {link for work in self.works for link in work.scope.links}
        self._sites = {site: work for work in self.works for site in work.scope.sites}
        self._targets = {key: work for work in self.works for key in work.scope.targets}

    def at(self, key: Key) -> Work | None:
        """The work that affects a target, or its whole site; None when there is none."""
        return self._targets.get(key) or self._sites.get(key[0])

    def excuses(self, verdict: RootVerdict | None) -> bool:
        """Whether the root cause is a line that is being worked on."""
        if verdict is None or verdict.root.kind is not RootKind.LINK:
            return False
        return verdict.root.id in self.links


def scope_of(inventory: Inventory, kind: str, name: str) -> Scope | None:
    """What an announcement affects; None when the inventory has no such thing.

    Args:
        inventory: what is watched.
        kind: ``site``, ``branch``, ``target``, ``link`` or ``carrier``.
        name: its id, or one that it had, of a branch that of the site on top; the carrier's name.
    """
    former = former_ids(inventory)
    match kind:
        case "branch" | "site":
            name = former.site(name)
        case "target":
            name = former.target(name)
        case "link":
            name = former.link(name)
    if kind == "branch":
        return Scope(sites=branch_of(inventory, name)) if name in inventory.sites else None
    if kind == "site":
        return Scope(sites=frozenset({name})) if name in inventory.sites else None
    if kind == "target":
        key = site_id, target_id = target_key(name)
        site = inventory.sites.get(site_id)
        is_known = site is not None and target_id in site.targets
        return Scope(targets=frozenset({key})) if is_known else None
    links = {
        link_id
        for link_id, link in all_links(inventory).items()
        if (name == link_id if kind == "link" else carrier_key(name) == carrier_key(link.carrier))
    }
    return Scope(links=frozenset(links)) if links else None


def _scope(window: MaintenanceWindow, inventory: Inventory) -> Scope:
    links = all_links(inventory) if window.carriers else {}
    named = set(map(carrier_key, window.carriers))
    run = {id_ for id_, link in links.items() if carrier_key(link.carrier) in named}
    return Scope(
        frozenset(window.sites).union(*(branch_of(inventory, top) for top in window.branches)),
        frozenset(map(target_key, window.targets)),
        frozenset(window.links) | run,
    )

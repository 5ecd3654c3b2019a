"""Maintenance: what is being worked on, by the calendar of the inventory or by a word of today."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import inf
from zoneinfo import ZoneInfo

from netwatch.inventory.links import all_links
from netwatch.inventory.maintenance import MaintenanceWindow
from netwatch.inventory.model import Inventory
from netwatch.inventory.recurrence import following, latest, parse_rule
from netwatch.state.doors import Key, target_key
from netwatch.state.root import RootKind, Verdict


@dataclass(frozen=True, slots=True)
class Scope:
    """What is touched by planned work."""

    sites: frozenset[str] = frozenset()
    targets: frozenset[Key] = frozenset()
    links: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Work:
    """Planned work that is under way.

    Attributes:
        id: of the window.
        began: unix time.
        ends: unix time.
    """

    id: str
    reason: str
    began: float
    ends: float
    scope: Scope


class Calendar:
    """The windows of the inventory."""

    def __init__(self, inventory: Inventory) -> None:
        zone = ZoneInfo(inventory.province.timezone)
        self._windows = [
            _Window(window_id, window, zone, _scope(window, inventory))
            for window_id, window in inventory.maintenance.items()
        ]

    def under_way(self, now: float) -> list[Work]:
        """What is being worked on at a unix time."""
        works = (window.at(now) for window in self._windows)
        return [work for work in works if work is not None]


class _Window:
    """One window; it follows its rule only where it begins and ends."""

    def __init__(
        self, window_id: str, window: MaintenanceWindow, zone: ZoneInfo, scope: Scope
    ) -> None:
        self._id = window_id
        self._window = window
        self._rule = parse_rule(window.repeat, window.starts) if window.repeat else None
        self._zone = zone
        self._scope = scope
        self._work: Work | None = None
        self._good = (inf, -inf)  # unix times between which _work is right

    def at(self, now: float) -> Work | None:
        """What it says at a unix time."""
        begin, end = self._good
        if not begin <= now < end:
            self._work, self._good = self._look(now)
        return self._work

    def _look(self, now: float) -> tuple[Work | None, tuple[float, float]]:
        local = datetime.fromtimestamp(now, self._zone).replace(tzinfo=None)
        starts, lasts = self._window.starts, self._window.duration
        begin = latest(self._rule, starts, local)
        if begin is not None:
            began = self._unix(begin)
            if began <= now < began + lasts:
                work = Work(self._id, self._window.reason, began, began + lasts, self._scope)
                return work, (began, began + lasts)
        # A day at most, so that a clock that is set has no lasting effect.
        upcoming = following(self._rule, starts, local)
        until = now + timedelta(days=1).total_seconds()
        return None, (now, until if upcoming is None else min(until, self._unix(upcoming)))

    def _unix(self, local: datetime) -> float:
        return local.replace(tzinfo=self._zone).timestamp()


class Plan:
    """What is being worked on now.

    Attributes:
        works: all of it.
        links: ids of the lines that it touches.
    """

    def __init__(self) -> None:
        self.works: list[Work] = []
        self.links: set[str] = set()
        self._sites: dict[str, Work] = {}
        self._targets: dict[Key, Work] = {}

    def replace(self, works: Iterable[Work]) -> None:
        """Other work is under way."""
        self.works = list(works)
        self.links = {link for work in self.works for link in work.scope.links}
        self._sites = {site: work for work in self.works for site in work.scope.sites}
        self._targets = {key: work for work in self.works for key in work.scope.targets}

    def at(self, key: Key) -> Work | None:
        """The work that touches a target; None when there is none."""
        return self._targets.get(key) or self._sites.get(key[0])

    def excuses(self, verdict: Verdict | None) -> bool:
        """Whether what is at fault is a line that is being worked on."""
        if verdict is None or verdict.root.kind is not RootKind.LINK:
            return False
        return verdict.root.id in self.links


def scope_of(inventory: Inventory, kind: str, name: str) -> Scope | None:
    """What a word of today touches; None when the inventory has no such thing.

    Args:
        inventory: what is watched.
        kind: ``site``, ``target``, ``link`` or ``carrier``.
        name: its id; the carrier's name.
    """
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
        if name == (link_id if kind == "link" else link.carrier)
    }
    return Scope(links=frozenset(links)) if links else None


def _scope(window: MaintenanceWindow, inventory: Inventory) -> Scope:
    links = all_links(inventory) if window.carriers else {}
    run = {id_ for id_, link in links.items() if link.carrier in window.carriers}
    return Scope(
        frozenset(window.sites),
        frozenset(map(target_key, window.targets)),
        frozenset(window.links) | run,
    )

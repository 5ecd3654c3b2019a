"""Lines and devices that are at fault, or suspected."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

from netwatch.core.state import State
from netwatch.incidents import words
from netwatch.incidents.cause_seen import CauseSeen, IncidentSource
from netwatch.incidents.incident import FAULTS, Incident, Kind, Severity
from netwatch.incidents.shape import Words
from netwatch.incidents.sources.changes import Changes
from netwatch.inventory.model import Inventory, Link
from netwatch.state.attachment import Key, target_key
from netwatch.state.faults import OpenFault, cut_off, is_power_cut, open_faults
from netwatch.state.root import Root, RootKind
from netwatch.state.suspicions import Suspected
from netwatch.state.table import StateTable

MINOR_TIER = "commune"
"""Of its sites, fewer than ``MIN_CRITICAL_SITES`` that are cut off are a warning, as in the rules
of alerts (causes.yml)."""

MIN_CRITICAL_SITES = 10
"""Sites that are cut off."""

_KINDS = {
    RootKind.LINK: Kind.LINE,
    RootKind.TARGET: Kind.DEVICE,
    RootKind.PATH: Kind.UNSTABLE,
}

_SILENCED = {State.DOWN, State.UNREACHABLE}


class FaultSource(IncidentSource):
    """Tells of root causes, and of what may be one.

    Args:
        states: of targets and sites.
        changes: counts their changes.
        found: evidence of targets that are down, as ``netwatch.evidence`` makes it.
        inventory: names the places.
    """

    kinds = FAULTS

    def __init__(
        self,
        states: StateTable,
        changes: Changes,
        found: Mapping[Key, Mapping[str, object]],
        inventory: Inventory,
    ) -> None:
        self._states = states
        self._changes = changes
        self._found = found
        self._inventory = inventory
        self._faults: list[tuple[OpenFault, dict[str, float]]] = []
        self._counted = -1
        self._awaited: dict[str, Root] = {}

    def watch(self, inventory: Inventory) -> None:
        """Name places by another inventory."""
        self._inventory, self._counted = inventory, -1

    def seen(self) -> list[CauseSeen]:
        """All root causes that are open, and all suspicions that are shown."""
        suspected = self._states.suspected()
        awaited = cut_off(self._states)
        if self._counted != self._changes.count or self._awaited != awaited:
            self._counted, self._awaited = self._changes.count, awaited
            behind = _cut_off(self._states, awaited)
            faults = open_faults(self._states, awaited)
            self._faults = [(fault, behind.get(fault.root, {})) for fault in faults]
        return [
            *(self._certain(fault, sites) for fault, sites in self._faults),
            *(self._suspicion(each) for each in suspected),
        ]

    def end_of(self, incident: Incident) -> Words | None:
        """That the first target behind it answers again, or is no longer watched."""
        if self._states.vantage.suspect:
            return None
        target = self._states.targets.get(incident.first) if incident.first else None
        if target is None or target.primary is None:
            return words.REMOVED
        if incident.kind is Kind.UNSTABLE:
            return None if target.unstable_path else words.BACK
        is_there = target.verdict is not None and target.verdict.is_there
        return words.BACK if target.primary.hysteresis.hard is True or is_there else None

    def explained_by(self, incident: Incident) -> str:
        """What its first target is silent because of."""
        target = self._states.targets.get(incident.first) if incident.first else None
        return str(target.root) if target and target.root else ""

    def _certain(self, fault: OpenFault, behind: Mapping[str, float]) -> CauseSeen:
        found = self._found.get(fault.first, {})
        seen = self._sighting(fault.root, fault.first, fault.since, is_certain=True)
        kind = Kind.POWER if is_power_cut(fault, self._found) else seen.kind
        return replace(
            seen,
            kind=kind,
            title=self._title(kind, fault.root, fault.first, is_cut=fault.state >= State.DOWN),
            severity=self._severity(fault, len(behind)),
            is_excused=fault.state is State.MAINTENANCE,
            behind=behind,
            found=found,
        )

    def _suspicion(self, suspected: Suspected) -> CauseSeen:
        root, first, since = suspected.root, suspected.first, suspected.since
        return replace(self._sighting(root, first, since, is_certain=False), sites=suspected.sites)

    def _sighting(self, root: Root, first: Key, since: float, *, is_certain: bool) -> CauseSeen:
        kind = _KINDS[root.kind]
        link = self._states.links.get(root.id) if kind is Kind.LINE else None
        return CauseSeen(
            kind,
            str(root),
            self._title(kind, root, first),
            Severity.WARNING,
            since or time.time(),
            is_certain=is_certain,
            site=first[0],
            carrier=link.carrier if link else None,
            contract=link.contract if link else None,
            first=first,
        )

    def _severity(self, fault: OpenFault, sites: int) -> Severity:
        if fault.state is State.MAINTENANCE:
            return Severity.INFO
        if fault.root.kind is RootKind.PATH:
            return Severity.CRITICAL if sites >= MIN_CRITICAL_SITES else Severity.WARNING
        site = self._inventory.sites.get(fault.first[0])
        is_minor = site is not None and site.tier == MINOR_TIER and sites < MIN_CRITICAL_SITES
        return Severity.WARNING if is_minor or not sites else Severity.CRITICAL

    def _title(self, kind: Kind, root: Root, first: Key, *, is_cut: bool = True) -> Words:
        vi, en = self._site(first[0])
        if kind is Kind.POWER:
            return words.say(f"Mất điện tại {vi}", f"Power cut at {en}")
        if kind is Kind.UNSTABLE:
            title = f"Đường đến {vi} không ổn định: chỉ một phần địa chỉ trả lời"
            return words.say(title, f"The path to {en} is unstable: a part of it does not answer")
        if kind is Kind.DEVICE:
            device = target_key(root.id)
            vi, en = self._site(device[0])
            title = f"Thiết bị {device[1]} tại {vi} ngừng trả lời"
            return words.say(title, f"Device {device[1]} at {en} does not answer")
        link = self._states.links.get(root.id)
        vi, en = self._line(root.id, link) if link else (root.id, root.id)
        more = ("", "") if is_cut else (", còn đường khác", ", another one is left")
        return words.say(f"Đứt đường truyền {vi}{more[0]}", f"Line {en} is cut{more[1]}")

    def _line(self, link_id: str, link: Link) -> tuple[str, str]:
        """The names of a line: its own, or those of the sites at its ends."""
        ends = [self._site(target_key(end.target)[0]) for end in (link.a, link.b)]
        vi, en = (" – ".join(each) for each in zip(*ends, strict=True))
        return link.name_vi or vi, f"{en} ({link_id})"

    def _site(self, site_id: str) -> tuple[str, str]:
        """The names of a site, Vietnamese and English."""
        site = self._inventory.sites.get(site_id)
        return (site.name_vi, site.name or site.name_vi) if site else (site_id, site_id)


def _cut_off(states: StateTable, gone: Mapping[str, Root]) -> dict[Root, dict[str, float]]:
    """Since when each site is cut off, by what cuts it off; unix times."""
    now = time.time()
    found: dict[Root, dict[str, float]] = defaultdict(dict)
    for site_id, site in states.sites.items():
        if site.state in _SILENCED and site.root is not None:
            found[site.root][site_id] = site.since or now
    for site_id, root in gone.items():
        found[root].setdefault(site_id, now)
    return found

"""Follows what is at fault, and keeps one incident for each cause from its begin to its end."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from netwatch.incidents import words
from netwatch.incidents.cause_seen import CauseSeen, IncidentSource
from netwatch.incidents.incident import FAULTS, Incident, Kind, SiteOutage, What
from netwatch.incidents.outages import take_behind
from netwatch.incidents.shape import Words
from netwatch.incidents.store import IncidentStore
from netwatch.inventory.former_ids import former_ids
from netwatch.inventory.model import Inventory

logger = logging.getLogger(__name__)

REOPEN_TIME = 300.0
"""Seconds after its end in which what comes back is the same incident."""

MERGE_TIME = 60.0
"""Seconds by which a cause may have begun later than what it explains."""

MAX_OPEN = 2000
"""Incidents that are followed at once; further causes are counted and left out."""


class IncidentFollower:
    """Keeps the incidents that go on, and those that ended a moment ago.

    Args:
        sources: tell what is at fault.
        store: keeps them.
        inventory: names the sites behind them.

    Attributes:
        open: those that go on or are suspected, by id, the oldest first.
        ended: those that ended less than ``REOPEN_TIME`` ago, by id.
        begun: how many have begun, by kind and carrier.
        over: how many have ended, likewise.
        seconds: how long those lasted, likewise.
        left_out: causes that are seen now and not followed, because there are too many.
    """

    def __init__(
        self, sources: Sequence[IncidentSource], store: IncidentStore, inventory: Inventory
    ) -> None:
        self.open: dict[str, Incident] = {}
        self.ended: dict[str, Incident] = {}
        self.begun: Counter[tuple[Kind, str]] = Counter()
        self.over: Counter[tuple[Kind, str]] = Counter()
        self.seconds: Counter[tuple[Kind, str]] = Counter()
        self.left_out = 0
        self._sources = sources
        self._source_of = {kind: source for source in sources for kind in source.kinds}
        self._store = store
        self.watch(inventory)
        for incident in store.take_kept():
            (self.open if incident.ended is None else self.ended)[incident.id] = incident

    def watch(self, inventory: Inventory) -> None:
        """Name sites by another inventory from now on; what has begun keeps its names."""
        self._inventory = inventory
        former = former_ids(inventory)
        for incident in (*self.open.values(), *self.ended.values()):
            incident.rename(former)
        for source in self._sources:
            source.watch(inventory)

    @property
    def path(self) -> Path | None:
        """The journal's file; None without one."""
        return self._store.path

    def find(self, incident_id: str) -> Incident | None:
        """An incident that goes on or ended a moment ago; None when it is neither."""
        return self.open.get(incident_id) or self.ended.get(incident_id)

    def tick(self, now: float) -> None:
        """Compare the incidents with what is at fault; ``now``: unix time."""
        if self.open:
            self._store.take_acknowledged(self.find)
        sightings = [seen for source in self._sources for seen in source.seen()]
        keys = {seen.key for seen in sightings}
        self.left_out = 0
        followed: set[str] = set()
        by_key = {incident.key: incident for incident in self.open.values()}
        for seen in sightings:
            known = by_key.get(seen.key) or self._renamed(seen, keys, followed)
            incident = self._resolve(seen, known, now)
            if incident is not None:
                followed.add(incident.id)
                self._update(incident, seen, now)
        for incident in list(self.open.values()):
            if incident.id not in followed:
                self._unseen(incident, now)
        for incident in list(self.ended.values()):
            if incident.ended is not None and now - incident.ended > REOPEN_TIME:
                del self.ended[incident.id]

    def add_gap(self, gap: CauseSeen, now: float) -> None:
        """Tell of something that is over already, as of a time in which the daemon did not run."""
        incident = self._resolve(gap, None, now)
        if incident is not None:
            self._update(incident, gap, now)
            self._end(incident, now, words.BACK)

    def note_paged(self, incident: Incident, receivers: Sequence[str], now: float) -> None:
        """These receivers are told of an incident since about ``now``, unix time."""
        incident.tell(now, What.PAGED, words.paged(receivers))
        self._keep(incident, ())

    def _renamed(self, seen: CauseSeen, keys: set[str], followed: set[str]) -> Incident | None:
        """The incident of a cause that turns out to be another one: it has the same first target.

        Args:
            seen: a cause without an incident.
            keys: of all that is seen.
            followed: ids of the incidents that are something else for certain.
        """
        if seen.first is None:
            return None
        for incident in self.open.values():
            is_free = incident.id not in followed and incident.key not in keys
            if is_free and incident.first == seen.first and incident.kind in FAULTS:
                return incident
        return None

    def _resolve(self, seen: CauseSeen, known: Incident | None, now: float) -> Incident | None:
        """The incident to which a cause belongs; begins or re-opens one, None: it has none."""
        if seen.is_certain and (known is None or known.is_suspected):
            ended = self._ended_before(seen)
            if ended is not None and not seen.is_excused:
                if known is not None:  # its suspicion was an incident of its own until now
                    del self.open[known.id]
                return self._reopen(ended, known.began if known else seen.since)
        if known is not None:
            return known
        if seen.is_excused:
            return None
        if len(self.open) >= MAX_OPEN:
            self.left_out += 1
            return None
        return self._begin(seen, now)

    def _ended_before(self, seen: CauseSeen) -> Incident | None:
        for incident in self.ended.values():
            is_same = incident.first is not None and incident.first == seen.first
            if incident.key == seen.key or (is_same and seen.key not in self._keys_of_open()):
                return incident
        return None

    def _keys_of_open(self) -> set[str]:
        return {incident.key for incident in self.open.values() if not incident.is_suspected}

    def _begin(self, seen: CauseSeen, now: float) -> Incident:
        incident = Incident(
            seen.kind, seen.cause, seen.title, seen.severity, seen.since, now, since=seen.since
        )
        self.open[incident.id] = incident
        self._describe(incident, seen)
        incident.tell(seen.since, What.LOSS, words.LOSS)
        if not seen.is_certain:
            incident.tell(now, What.SUSPECTED, words.SUSPECTED)
        return incident

    def _reopen(self, incident: Incident, at: float) -> Incident:
        del self.ended[incident.id]
        self.open[incident.id] = incident
        incident.begin_again(at)
        incident.tell(incident.since, What.AGAIN, words.AGAIN)
        self._store.reopen(incident)
        return incident

    def _update(self, incident: Incident, seen: CauseSeen, now: float) -> None:
        """Take in what is seen of an incident, and keep it if that is something new."""
        if seen.is_certain and incident.is_suspected:
            self._confirm(incident, seen, now)
        elif seen.key != incident.key or seen.kind is not incident.kind:
            self._describe(incident, seen)
            if not incident.is_suspected:
                incident.tell(now, What.RENAMED, words.renamed(seen.title))
        if seen.severity.rank > incident.severity.rank:
            incident.severity, incident.is_changed = seen.severity, True
        if seen.found and seen.found != incident.found:
            incident.found = seen.found
            incident.evidence = words.evidence_words(seen.found)
            incident.is_changed = True
        self._take_work(incident, seen, now)
        if incident.is_suspected:
            incident.most = seen.sites
        changed = take_behind(incident, seen.behind, self._names, now)
        if not incident.is_suspected:
            self._keep(incident, changed)

    def _confirm(self, incident: Incident, seen: CauseSeen, now: float) -> None:
        incident.confirmed, incident.most = now, 0
        self._describe(incident, seen)
        incident.severity = seen.severity
        incident.tell(now, What.CONFIRMED, words.confirmed(seen.title))
        self.begun[incident.kind, incident.carrier or ""] += 1
        logger.info("incident begun id=%s cause=%s", incident.id, incident.cause)

    def _take_work(self, incident: Incident, seen: CauseSeen, now: float) -> None:
        if seen.is_excused is incident.is_excused:
            return
        incident.is_excused = seen.is_excused
        incident.is_changed = True
        text = words.WORK_BEGINS if seen.is_excused else words.WORK_ENDS
        incident.tell(now, What.MAINTENANCE, text)

    def _unseen(self, incident: Incident, now: float) -> None:
        """A cause is not seen any more: it is over, or something else, or that isn't known."""
        if incident.is_suspected:
            del self.open[incident.id]  # cleared, which leaves nothing
            return
        source = self._source_of[incident.kind]
        if (text := source.end_of(incident)) is not None:
            self._end(incident, now, text)
            return
        cause = source.explained_by(incident)
        for other in list(self.open.values()):
            if other.cause == cause and other is not incident:
                if other.began <= incident.began + MERGE_TIME:
                    self._merge(incident, other, now)
                return

    def _merge(self, incident: Incident, other: Incident, now: float) -> None:
        """Two turned out to be one: what is known of the one belongs to the other."""
        del self.open[incident.id]
        other.began = min(other.began, incident.began)
        other.since = min(other.since, incident.since)
        for site, outage in incident.behind.items():
            other.behind.setdefault(site, outage)
        other.acknowledged = other.acknowledged or incident.acknowledged
        other.notes += incident.notes
        other.tell(now, What.RENAMED, words.renamed(other.title))
        self._store.merge(incident, other)
        self._keep(other, list(other.behind.values()))

    def _end(self, incident: Incident, now: float, text: Words) -> None:
        del self.open[incident.id]
        cut_off = incident.cut_off
        incident.end(now)
        incident.tell(now, What.BACK, text)
        self.ended[incident.id] = incident
        kind = incident.kind, incident.carrier or ""
        self.over[kind] += 1
        self.seconds[kind] += round(now - incident.since)
        self._keep(incident, cut_off)
        logger.info("incident over id=%s cause=%s", incident.id, incident.cause)

    def _describe(self, incident: Incident, seen: CauseSeen) -> None:
        """Write down what it is, and whose, by the inventory of this moment."""
        incident.kind, incident.cause, incident.title = seen.kind, seen.cause, seen.title
        incident.site, incident.first = seen.site, seen.first
        incident.carrier, incident.contract = seen.carrier, seen.contract
        incident.owner = seen.owner
        incident.is_changed = True

    def _keep(self, incident: Incident, outages: Iterable[SiteOutage]) -> None:
        changed = list(outages)
        if changed or incident.unsaved or incident.is_changed:
            self._store.save(incident, changed)

    def _names(self, site_id: str) -> tuple[str, str]:
        site = self._inventory.sites.get(site_id)
        return (site.name_vi, site.name or site.name_vi) if site else (site_id, site_id)

    def __iter__(self) -> Iterator[Incident]:
        """Those that go on or are suspected, the newest first."""
        return iter(sorted(self.open.values(), key=lambda each: each.began, reverse=True))

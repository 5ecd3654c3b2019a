"""Certificates that have ended."""

from __future__ import annotations

import time

from netwatch.core.check import Check
from netwatch.core.result import Result
from netwatch.incidents import words
from netwatch.incidents.cause_seen import CauseSeen, IncidentSource
from netwatch.incidents.incident import Incident, Kind, Severity
from netwatch.incidents.shape import Words
from netwatch.inventory.model import Inventory
from netwatch.probes.certificates import CERTIFICATE_END

_Place = tuple[str, str, str]
"""Site, target and probe."""


class CertificateSource(IncidentSource):
    """Tells of servers whose certificate has ended. It is a ``ResultConsumer``."""

    kinds = frozenset({Kind.CERTIFICATE})

    def __init__(self, inventory: Inventory) -> None:
        self._ends: dict[_Place, float] = {}
        self.watch(inventory)

    def watch(self, inventory: Inventory) -> None:
        """Know the places by another inventory; forget those that are not in it."""
        self._inventory = inventory
        self._ends = {
            place: end for place, end in self._ends.items() if self._is_watched(place[0], place[1])
        }

    def report(self, result: Result) -> None:
        """Note when a certificate ends that a server showed."""
        for fact in result.facts:
            if fact.name == CERTIFICATE_END.name:
                check = result.check
                self._ends[check.site, check.target, check.probe] = fact.value

    def forget(self, check: Check) -> None:
        """Nothing: a certificate has ended until a new one is shown."""

    def seen(self) -> list[CauseSeen]:
        """Every certificate that has ended."""
        now = time.time()
        return [self._sighting(place, end) for place, end in self._ends.items() if end < now]

    def end_of(self, incident: Incident) -> Words | None:
        """That another one was shown, or the server is no longer watched."""
        site, target, probe = incident.cause.removeprefix("certificate:").split("/", 2)
        if not self._is_watched(site, target):
            return words.REMOVED
        return words.BACK if (site, target, probe) in self._ends else None

    def _sighting(self, place: _Place, end: float) -> CauseSeen:
        site = self._inventory.sites.get(place[0])
        vi, en = (site.name_vi, site.name or site.name_vi) if site else (place[0], place[0])
        return CauseSeen(
            Kind.CERTIFICATE,
            "certificate:" + "/".join(place),
            words.say(
                f"Chứng thư số của {place[1]} tại {vi} đã hết hạn",
                f"The certificate of {place[1]} at {en} has ended",
            ),
            Severity.CRITICAL,
            end,
            site=place[0],
        )

    def _is_watched(self, site_id: str, target_id: str) -> bool:
        site = self._inventory.sites.get(site_id)
        return site is not None and target_id in site.targets

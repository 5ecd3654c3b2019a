"""Certificates that have ended."""

from __future__ import annotations

import time

from netwatch.incidents import words
from netwatch.incidents.cause_seen import CauseSeen, IncidentSource
from netwatch.incidents.incident import Incident, Kind, Severity
from netwatch.incidents.shape import Words
from netwatch.inventory.model import Inventory
from netwatch.lasting import LastingFacts
from netwatch.probes.certificates import CERTIFICATE_END

_Place = tuple[str, str, str]
"""Site, target and probe."""


class CertificateSource(IncidentSource):
    """Tells of servers whose certificate has ended.

    Args:
        inventory: names the places.
        lasting: has the end of every certificate until a new one is shown.
    """

    kinds = frozenset({Kind.CERTIFICATE})

    def __init__(self, inventory: Inventory, lasting: LastingFacts) -> None:
        self._lasting = lasting
        self.watch(inventory)

    def watch(self, inventory: Inventory) -> None:
        """Name places by another inventory."""
        self._inventory = inventory

    def seen(self) -> list[CauseSeen]:
        """Every certificate that has ended."""
        now = time.time()
        return [self._sighting(place, end) for place, end in self._ends().items() if end < now]

    def end_of(self, incident: Incident) -> Words | None:
        """That another one was shown, or the server is no longer watched."""
        site, target, probe = incident.cause.removeprefix("certificate:").split("/", 2)
        if not self._lasting.is_watched(site, target, probe):
            return words.REMOVED
        return words.BACK if (site, target, probe) in self._ends() else None

    def _ends(self) -> dict[_Place, float]:
        """The earliest end at each place, which flows may ask as well; unix times."""
        ends: dict[_Place, float] = {}
        for check, end in self._lasting.told(CERTIFICATE_END):
            place = check.site, check.target, check.probe
            ends[place] = min(end, ends.get(place, end))
        return ends

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

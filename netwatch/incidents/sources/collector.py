"""The collector itself: it is blind, or it did not run."""

from __future__ import annotations

import time

from netwatch.incidents import words
from netwatch.incidents.cause_seen import CauseSeen, IncidentSource
from netwatch.incidents.incident import Incident, Kind, Severity
from netwatch.incidents.shape import Words
from netwatch.inventory.model import Inventory
from netwatch.state.table import StateTable

BLIND = words.say(
    "Bộ giám sát không nhìn thấy mạng; mọi điểm là chưa rõ",
    "The collector is blind; nothing is known of any site",
)
DOWN = words.say(
    "Bộ giám sát không chạy; thời gian này không có số liệu",
    "The collector did not run; nothing is known of this time",
)

MIN_GAP = 60.0
"""Seconds without the daemon from which on that is an incident; a restart is shorter."""

MAX_GAP = 7 * 86400.0
"""Seconds; a longer gap is taken for a jump of the clock, as the journal does."""


class CollectorSource(IncidentSource):
    """Tells that the collector is blind.

    Args:
        states: know whether it sees.
        vantage: id of the place where it stands.
        site: where that is; None when the inventory doesn't say.
    """

    kinds = frozenset({Kind.COLLECTOR})

    def __init__(self, states: StateTable, vantage: str, inventory: Inventory) -> None:
        self._states = states
        self._vantage = vantage
        self.watch(inventory)

    def watch(self, inventory: Inventory) -> None:
        """Know the place by another inventory."""
        known = inventory.vantages.get(self._vantage)
        self._site = known.site if known else None

    def seen(self) -> list[CauseSeen]:
        """One while it is blind."""
        return [self._sighting(BLIND, time.time())] if self._states.vantage.blind else []

    def end_of(self, incident: Incident) -> Words | None:
        """That a canary answers."""
        del incident
        return words.BACK if self._states.vantage.ok is True else None

    def gap(self, known_until: float, now: float) -> CauseSeen | None:
        """That the daemon did not run from ``known_until`` to ``now``; None for a short time."""
        if not MIN_GAP <= now - known_until <= MAX_GAP:
            return None
        return self._sighting(DOWN, known_until)

    def _sighting(self, title: Words, since: float) -> CauseSeen:
        cause = f"collector:{self._vantage}"
        return CauseSeen(Kind.COLLECTOR, cause, title, Severity.CRITICAL, since, site=self._site)

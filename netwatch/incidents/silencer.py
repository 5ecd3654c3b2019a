"""Keeps Alertmanager quiet about what somebody has taken on, and only for as long.

What must be silent follows from the incidents alone, and is compared with what is. So a silence
that could not be made is made later, and one that a former run left behind is found and ended.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Mapping

from netwatch.incidents.alertmanager import ActiveSilence, Alertmanager, WantedSilence
from netwatch.incidents.follower import IncidentFollower
from netwatch.incidents.incident import Incident
from netwatch.incidents.links import IncidentLinks
from netwatch.incidents.matchers import matchers_of
from netwatch.net.errors import NetworkError

logger = logging.getLogger(__name__)

SILENCE_DURATION = 3600.0
"""Seconds that a silence lasts when nobody lengthens it, because netwatch is gone."""

RENEW_BEFORE = 1800.0
"""Seconds before its end at which it is lengthened."""


class Silencer:
    """Makes and ends silences.

    Args:
        follower: knows who has taken on what.
        alertmanager: is kept quiet.
        links: where an incident is read of, for comments.
    """

    def __init__(
        self, follower: IncidentFollower, alertmanager: Alertmanager, links: IncidentLinks
    ) -> None:
        self._follower = follower
        self._alertmanager = alertmanager
        self._links = links
        self._complaint = ""
        self._has_silenced = True  # a former run may have

    async def compare(self) -> None:
        """Make what is missing, and end what is not wanted any more; failures are logged."""
        wanted = {each.id: each for each in self._follower if each.acknowledged is not None}
        if not wanted and not self._has_silenced:
            return
        try:
            await self._bring_about(wanted)
        except NetworkError as error:
            self._complain(f"{error.reason} {error.detail}".strip())
            return
        self._complain("")
        self._has_silenced = bool(wanted)

    async def _bring_about(self, wanted: Mapping[str, Incident]) -> None:
        found = _by_incident(await self._alertmanager.silences())
        now = time.time()
        for incident_id, silences in found.items():
            fitting = _fitting(silences, wanted.get(incident_id))[:1]
            for silence in silences:
                if silence not in fitting:
                    await self._alertmanager.end(silence)
        for incident in wanted.values():
            known = next(iter(_fitting(found.get(incident.id, []), incident)), None)
            if known is None or known.ends - now < RENEW_BEFORE:
                await self._silence(incident, known, now + SILENCE_DURATION)

    async def _silence(self, incident: Incident, known: ActiveSilence | None, ends: float) -> None:
        taken = incident.acknowledged
        matchers = matchers_of(incident)
        if taken is None or not matchers:
            return
        link = self._links.story(incident.id) or ""
        comment = " – ".join(filter(None, (incident.title["vi"], taken.note, link)))
        wanted = WantedSilence(incident.id, matchers, taken.by, comment, ends)
        await self._alertmanager.silence(wanted, known.id if known else None)

    def _complain(self, complaint: str) -> None:
        """Log what is new."""
        if complaint and complaint != self._complaint:
            logger.warning("Alertmanager takes no silences: %s; tried again", complaint)
        self._complaint = complaint


def _fitting(silences: Iterable[ActiveSilence], incident: Incident | None) -> list[ActiveSilence]:
    """Those that silence what an incident is now: its cause may have turned out to be another."""
    matchers = set(matchers_of(incident)) if incident is not None else set()
    return [silence for silence in silences if silence.matchers == matchers]


def _by_incident(silences: Iterable[ActiveSilence]) -> dict[str, list[ActiveSilence]]:
    found: dict[str, list[ActiveSilence]] = {}
    for silence in silences:
        found.setdefault(silence.incident, []).append(silence)
    return found

"""Notes when Alertmanager began to tell people of an incident."""

from __future__ import annotations

import logging
import time

from netwatch.incidents.alertmanager import ActiveAlert, Alertmanager
from netwatch.incidents.follower import IncidentFollower
from netwatch.incidents.incident import Incident, What
from netwatch.incidents.matchers import matchers_of
from netwatch.net.errors import NetworkError

logger = logging.getLogger(__name__)

PAGE_TIMEOUT = 1800.0
"""Seconds after the begin of an incident in which an alert of it is looked for."""


class PageWatch:
    """Looks in Alertmanager for the alerts of incidents that nobody was told of yet.

    Args:
        follower: knows the incidents.
        alertmanager: tells people.
    """

    def __init__(self, follower: IncidentFollower, alertmanager: Alertmanager) -> None:
        self._follower = follower
        self._alertmanager = alertmanager

    async def look(self) -> None:
        """Write down of whose incidents people are told by now; asks only if there are any."""
        now = time.time()
        untold = [each for each in self._follower if _is_untold(each, now)]
        if not untold:
            return
        try:
            alerts = await self._alertmanager.alerts()
        except NetworkError as error:
            logger.debug("Alertmanager tells no alerts: %s", error)
            return
        for incident in untold:
            receivers = _told(incident, alerts)
            if receivers and self._follower.find(incident.id) is incident:
                self._follower.note_paged(incident, receivers, now)


def _is_untold(incident: Incident, now: float) -> bool:
    """Whether people may yet be told of it, and weren't since it began, or came back."""
    if incident.confirmed is None or now - max(incident.since, incident.confirmed) > PAGE_TIMEOUT:
        return False
    return not any(
        each.what is What.PAGED and each.at >= incident.since for each in incident.timeline
    )


def _told(incident: Incident, alerts: list[ActiveAlert]) -> list[str]:
    """The receivers of all alerts that tell of it."""
    matchers = matchers_of(incident)
    names = [name for each in alerts if each.matches(matchers) for name in each.receivers]
    return list(dict.fromkeys(names))

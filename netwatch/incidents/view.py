"""Incidents as JSON, for the page and for the commands."""

from __future__ import annotations

import time

from netwatch.incidents.incident import Acknowledgement, Incident, SiteOutage
from netwatch.incidents.links import IncidentLinks
from netwatch.incidents.shape import (
    AcknowledgementView,
    BehindView,
    EntryView,
    IncidentView,
    StageName,
    StoryView,
)

MAX_BEHIND = 1000
"""Sites behind an incident that are listed, those that were cut off longest first."""


def incident_view(incident: Incident, now: float | None = None) -> IncidentView:
    """An incident as it stands in a list."""
    now = time.time() if now is None else now
    sites = incident.most if incident.ended is not None else len(incident.cut_off)
    return {
        "id": incident.id,
        "kind": incident.kind.value,
        "cause": incident.cause,
        "title": incident.title,
        "severity": incident.severity.value,
        "state": _stage(incident),
        "began": incident.began,
        "named": incident.named,
        "confirmed": incident.confirmed,
        "ended": incident.ended,
        "seconds": round(incident.seconds(now), 1),
        "sites": sites if incident.behind else incident.most,
        "site": incident.site,
        "carrier": incident.carrier,
        "contract": incident.contract,
        "owner": incident.owner,
        "flaps": incident.flaps,
        "acknowledged": _acknowledged(incident.acknowledged),
        "notes": incident.notes,
    }


def story_view(incident: Incident, links: IncidentLinks) -> StoryView:
    """All that is kept of an incident; ``links``: where one reads on."""
    now = time.time()
    behind = sorted(incident.behind.values(), key=lambda each: -each.seconds(now))
    return {
        **incident_view(incident, now),
        "timeline": [
            EntryView(at=each.at, what=each.what.value, text=each.text, by=each.by)
            for each in sorted(incident.timeline, key=lambda each: each.at)
        ],
        "behind": [_behind(each, now) for each in behind[:MAX_BEHIND]],
        "left_out": max(0, len(behind) - MAX_BEHIND),
        "evidence": list(incident.evidence),
        "runbook": links.runbook(incident.kind),
    }


def _stage(incident: Incident) -> StageName:
    if incident.ended is not None:
        return "ended"
    return "suspected" if incident.is_suspected else "open"


def _acknowledged(given: Acknowledgement | None) -> AcknowledgementView | None:
    return None if given is None else {"by": given.by, "at": given.at, "note": given.note}


def _behind(outage: SiteOutage, now: float) -> BehindView:
    return {
        "id": outage.site,
        "name_vi": outage.name_vi,
        "name": outage.name,
        "seconds": round(outage.seconds(now), 1),
        "from": outage.began,
        "to": outage.ended,
    }

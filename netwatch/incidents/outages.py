"""Which sites are behind an incident, and for how long each was cut off."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from netwatch.incidents import words
from netwatch.incidents.incident import Incident, SiteOutage, What

SiteNames = Callable[[str], tuple[str, str]]
"""The Vietnamese and the English name of a site, as they are now."""


def take_behind(
    incident: Incident, behind: Mapping[str, float], names: SiteNames, now: float
) -> list[SiteOutage]:
    """Note which sites are behind an incident now.

    Args:
        incident: goes on.
        behind: since when each of them is cut off, unix times.
        names: tells what a site that is new is called.
        now: unix time.

    Returns:
        The outages that began or ended.
    """
    gone = [outage for outage in incident.cut_off if outage.site not in behind]
    for outage in gone:
        outage.end(now)
    come = []
    for site, since in behind.items():
        known = incident.behind.get(site)
        if known is not None and known.ended is None:
            continue
        if known is None:
            known = SiteOutage(site, *names(site), since, None, since)
            incident.behind[site] = known
        else:
            known.begin_again(since)
        come.append(known)
    incident.most = max(incident.most, len(behind))
    _tell(incident, come, gone, now)
    return [*gone, *come]


def _tell(incident: Incident, come: list[SiteOutage], gone: list[SiteOutage], now: float) -> None:
    if gone:
        names = [(each.name_vi, each.name) for each in gone]
        incident.tell(now, What.SITE_BACK, words.sites_back(names))
    if come:
        names = [(each.name_vi, each.name) for each in come]
        incident.tell(now, What.SITE_DOWN, words.sites_down(names))

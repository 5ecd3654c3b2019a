"""Incidents as series: those that go on one by one, and how many there were and how long."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from netwatch.export.exporter import Exporter, Watched
from netwatch.incidents.follower import IncidentFollower
from netwatch.incidents.incident import Incident, Kind
from netwatch.inventory.links import all_links
from netwatch.metrics import Cell, Family, Registry

Counts = Mapping[tuple[Kind, str], float]
"""By kind and carrier."""


class IncidentMetrics(Exporter):
    """Shows what is certain; suspicions have a series of their own.

    Args:
        registry: of the page.
        follower: knows the incidents.
        page: address of the status page, for the links of alerts; None: not known.
    """

    def __init__(
        self, registry: Registry, follower: IncidentFollower, page: str | None = None
    ) -> None:
        self._follower = follower
        self._start = registry.gauge(
            "netwatch_incident_start_timestamp_seconds",
            "When an incident that goes on began.",
            (
                *("incident", "kind", "cause", "name", "name_vi", "severity"),
                *("site", "carrier", "contract"),
            ),
        )
        self._sites = registry.gauge(
            "netwatch_incident_sites", "Sites that are cut off by it now.", ("incident",)
        )
        self._acknowledged = registry.gauge(
            "netwatch_incident_acknowledged", "1 if somebody has taken it on.", ("incident",)
        )
        self._flaps = registry.gauge(
            "netwatch_incident_flaps", "How often it came back after its end.", ("incident",)
        )
        by = ("kind", "carrier")
        self._begun = registry.counter(
            "netwatch_incidents_total", "Incidents that began, by kind and carrier.", by
        )
        self._over = registry.counter(
            "netwatch_incidents_ended_total", "Incidents that ended, by kind and carrier.", by
        )
        self._seconds = registry.counter(
            "netwatch_incident_duration_seconds_total",
            "How long those that ended had lasted, all together.",
            by,
        )
        self._left_out = registry.gauge(
            "netwatch_incidents_left_out", "Causes that are open beyond what is followed."
        )
        self._page = registry.gauge(
            "netwatch_page_info", "Where people reach the status page; always 1.", ("url",)
        )
        if page is not None:
            self._page.cell(page).set(1)
        self._carriers: set[str] = set()

    def watch(self, watched: Watched) -> None:
        """Begin to count at 0 for these carriers, so that the first incident is an increase."""
        self._carriers |= {link.carrier for link in all_links(watched.inventory).values()}

    def refresh(self) -> Iterator[None]:
        """Show the incidents of this moment."""
        for family in (self._start, self._sites, self._acknowledged, self._flaps):
            family.clear()
        for incident in list(self._follower):
            if not incident.is_suspected:
                self._show(incident)
                yield
        self._count(self._begun, self._follower.begun)
        self._count(self._over, self._follower.over)
        self._count(self._seconds, self._follower.seconds)
        self._left_out.cell().set(self._follower.left_out)

    def _show(self, incident: Incident) -> None:
        labels = (
            *(incident.id, incident.kind, incident.cause),
            *(incident.title["en"], incident.title["vi"], incident.severity),
            *(incident.site or "", incident.carrier or "", incident.contract or ""),
        )
        self._start.cell(*labels).set(incident.began)
        self._sites.cell(incident.id).set(len(incident.cut_off))
        self._acknowledged.cell(incident.id).set(incident.acknowledged is not None)
        self._flaps.cell(incident.id).set(incident.flaps)

    def _count(self, family: Family[Cell], counts: Counts) -> None:
        lines = [(Kind.LINE, carrier) for carrier in self._carriers]
        for kind, carrier in {*((kind, "") for kind in Kind), *lines, *counts}:
            family.cell(kind, carrier).set(counts.get((kind, carrier), 0))

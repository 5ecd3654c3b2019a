"""Sites that are only planned, as series of their own: they have none of those that count."""

from __future__ import annotations

from collections.abc import Iterator

from netwatch.export.exporter import Exporter
from netwatch.metrics import Registry
from netwatch.state.planned import PlannedSites


class PlannedMetrics(Exporter):
    """What they are, and how many of their targets answer already."""

    def __init__(self, registry: Registry, planned: PlannedSites) -> None:
        self._planned = planned
        self._info = registry.gauge(
            "netwatch_planned_site_info",
            "A site that is only planned, and counts nowhere; always 1.",
            ("site", "name", "name_vi", "tier", "network", "parent"),
        )
        self._answering = registry.gauge(
            "netwatch_planned_site_answering_targets",
            "Targets of a planned site that answered last.",
            ("site",),
        )

    def refresh(self) -> Iterator[None]:
        """Show those of now, in steps."""
        self._info.clear()
        self._answering.clear()
        for site_id, site in self._planned.sites.items():
            name, parent = site.name or site.name_vi, site.parent or ""
            self._info.cell(site_id, name, site.name_vi, site.tier, site.network, parent).set(1)
            answering = sum(
                self._planned.answers((site_id, target)) is True for target in site.targets
            )
            self._answering.cell(site_id).set(answering)
            yield

"""Where the pages come from: everything that is known, as series and as the status page."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Mapping
from zoneinfo import ZoneInfo

from netwatch.audit.reloads import InventoryAudit
from netwatch.collector import Collector
from netwatch.export.exporter import Exporters
from netwatch.export.longer_paths import LongerPaths
from netwatch.flows.table import FlowTable
from netwatch.incidents.desk import IncidentDesk
from netwatch.inventory.model import Inventory
from netwatch.maintenance.desk import MaintenanceDesk
from netwatch.maintenance.watch import MaintenanceWatch
from netwatch.meetings.monitor.monitor import MeetingMonitor
from netwatch.metrics import Registry, page
from netwatch.metrics.own import OwnMetrics
from netwatch.metrics.parts import MetricsPart
from netwatch.process.pace import paced
from netwatch.state.attachment import Key
from netwatch.state.planned import PlannedSites
from netwatch.state.table import StateTable
from netwatch.web.history import PastView, SitePast
from netwatch.web.places import Places, build_places
from netwatch.web.planned import planned_work
from netwatch.web.planned_sites import planned_sites
from netwatch.web.status import Status
from netwatch.web.view import build_status

MAX_SILENCE = 120.0
"""Seconds without a single result, good or bad, after which the daemon is not healthy."""


class MetricsPage:
    """``/metrics``: the bulk of the series, and the program's own."""

    def __init__(self, registry: Registry, exporters: Exporters, own: OwnMetrics) -> None:
        self._registry = registry
        self._exporters = exporters
        self._own = own

    async def blocks(self, part: MetricsPart | None = None) -> AsyncIterator[bytes]:
        """The page or a part of it as of now, as ``netwatch.metrics.page`` makes it."""
        with self._own.scrape_duration.time():
            async for _ in paced(self._exporters.refresh()):
                pass
            async for block in page(self._registry, self._own.registry, part):
                yield block
            self._exporters.release()


class Pages:
    """It is a ``netwatch.web.source.WebSource``.

    Args:
        vantage: where this collector stands.
        inventory: what is watched.
        collector: says whether results come in.
        states: of targets and sites.
        flows: between networks.
        meetings: those that are near.
        evidence: about targets that are down, as ``netwatch.evidence`` makes it.
        audit: knows which forbidden flows were removed.
        maintenance: knows the planned work.
        maintenance_desk: takes announcements.
        metrics: the page that Prometheus reads.
        load: bits a second on a line, None when not known.
        longer_paths: targets that are reached over a longer path than usual.
        desk: of incidents.
        past: of the sites.
        planned: sites that are measured, and count nowhere yet.
    """

    def __init__(  # noqa: PLR0913, PLR0917 (the pages show all of these)
        self,
        vantage: str,
        inventory: Inventory,
        collector: Collector,
        states: StateTable,
        flows: FlowTable,
        meetings: MeetingMonitor,
        evidence: Mapping[Key, Mapping[str, object]],
        audit: InventoryAudit,
        maintenance: MaintenanceWatch,
        maintenance_desk: MaintenanceDesk,
        metrics: MetricsPage,
        load: Callable[[str], float | None],
        longer_paths: LongerPaths,
        desk: IncidentDesk,
        past: SitePast,
        planned: PlannedSites,
    ) -> None:
        self.desk = desk
        self._vantage = vantage
        self._inventory = inventory
        self._collector = collector
        self._states = states
        self._flows = flows
        self._meetings = meetings
        self._evidence = evidence
        self._audit = audit
        self._maintenance = maintenance
        self.maintenance_desk = maintenance_desk
        self._metrics = metrics
        self._load = load
        self._longer_paths = longer_paths
        self._past = past
        self._planned = planned
        self._revision = time.time()

    def replace(self, inventory: Inventory) -> None:
        """Show another inventory from now on."""
        self._inventory = inventory
        self._revision = time.time()

    def metrics(self) -> AsyncIterator[bytes]:
        """The page that Prometheus reads, in blocks."""
        return self._metrics.blocks()

    def metrics_part(self, part: MetricsPart) -> AsyncIterator[bytes]:
        """A part of it."""
        return self._metrics.blocks(part)

    def status(self) -> Status:
        """What the status page shows."""
        status = build_status(
            self._inventory,
            self._states,
            self._flows,
            self._meetings,
            self._vantage,
            self._evidence,
            self._revision,
            self._load,
        )
        status["longer_paths"] = (
            {"site": each.key[0], "target": each.key[1], "hops": each.hops, "since": each.since}
            for each in self._longer_paths.now(time.monotonic())
        )
        status["planned_sites"] = [*planned_sites(self._planned)]
        status["planned_work"] = planned_work(self._maintenance)
        status["removed_forbidden"] = [
            {"flow": flow, "at": at} for flow, at in self._audit.removed_forbidden().items()
        ]
        return status

    def places(self) -> Places:
        """What stands in the inventory of sites and lines."""
        return build_places(self._inventory, self._revision)

    async def history(self, site: str) -> PastView | None:
        """The past of a site; None when there is no such site."""
        return await self._past.of(site, ZoneInfo(self._inventory.province.timezone))

    def health(self) -> str | None:
        """Why the daemon isn't healthy; None when it is."""
        silent = time.monotonic() - self._collector.last_report
        return f"no result for {silent:.0f} s" if silent > MAX_SILENCE else None

    def readiness(self) -> str | None:
        """Why there is nothing to show yet; None when there is."""
        return None if self._collector.reports else "no result yet"

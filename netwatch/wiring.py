"""Makes and connects the parts that results go through; the list of all exporters stands here."""

from __future__ import annotations

import time

from netwatch import probes
from netwatch.audit.reloads import InventoryAudit
from netwatch.collector import Collector, ResultConsumer
from netwatch.configuration import Configuration
from netwatch.core.measure_now import MeasureNow
from netwatch.core.streams import Streams
from netwatch.export.audit import AuditMetrics
from netwatch.export.causes import CauseMetrics
from netwatch.export.contracts import ContractMetrics
from netwatch.export.devices import DeviceMetrics
from netwatch.export.exporter import Exporter, Exporters, ResultExporter, Watched
from netwatch.export.facts import FactMetrics
from netwatch.export.flows import FlowMetrics
from netwatch.export.incidents import IncidentMetrics
from netwatch.export.inventory import InventoryMetrics
from netwatch.export.journal import JournalMetrics
from netwatch.export.links import LinkMetrics
from netwatch.export.longer_paths import USUAL_HOPS, LongerPaths
from netwatch.export.maintenance import ComingMaintenanceMetrics, MaintenanceMetrics
from netwatch.export.meeting_months import MeetingMonthMetrics
from netwatch.export.meeting_rooms import MeetingRoomMetrics
from netwatch.export.meetings import MeetingMetrics
from netwatch.export.planned import PlannedMetrics
from netwatch.export.restarts import RestartMetrics
from netwatch.export.results import ResultMetrics
from netwatch.export.rollups import RollupMetrics
from netwatch.export.sites import SiteMetrics
from netwatch.export.states import StateMetrics
from netwatch.export.traps import TrapMetrics
from netwatch.flows.table import FlowTable
from netwatch.history.recorder import HistoryRecorder
from netwatch.incidents.desk import IncidentDesk
from netwatch.incidents.follower import IncidentFollower
from netwatch.incidents.links import IncidentLinks
from netwatch.incidents.sources.certificates import CertificateSource
from netwatch.incidents.sources.changes import Changes
from netwatch.incidents.sources.collector import CollectorSource
from netwatch.incidents.sources.faults import FaultSource
from netwatch.incidents.sources.flows import FlowSource
from netwatch.incidents.sources.meetings import MeetingSource
from netwatch.incidents.sources.paths import PathSource
from netwatch.incidents.sources.vantages import VantageSource
from netwatch.inventory.former_ids import FormerIds, former_ids
from netwatch.lasting import LastingFacts
from netwatch.maintenance.desk import MaintenanceDesk
from netwatch.maintenance.watch import MaintenanceWatch
from netwatch.meetings.monitor.monitor import MeetingMonitor
from netwatch.metrics import Registry
from netwatch.metrics.own import OwnMetrics
from netwatch.state.planned import PlannedSites
from netwatch.state.table import StateTable
from netwatch.state_dir import StateDirectory
from netwatch.web.history import SitePast
from netwatch.web.pages import MetricsPage, Pages


class Parts:
    """The parts between the probes and the pages.

    A part gets what it needs in its constructor; nothing is assigned later.

    Args:
        configuration: what they work by.
        vantage: where this collector stands.
        streams: gives the echo streams their rows, which schedule and probes know as well.
        own: the program's own metrics.
        measure_now: the schedule's, for a state in doubt and for the rooms of a meeting.
        kept: what outlives the daemon.
        incident_links: where people read on of incidents; none: nowhere.

    Attributes:
        streams: the same.
        states: of targets and sites.
        flows: between networks.
        meetings: follows the meetings.
        traps: counts SNMP traps.
        longer_paths: which targets are reached over a longer path than usual.
        exporters: all that ``/metrics`` shows but the program's own series.
        planned: sites that are measured, and count nowhere yet.
        collector: the sink of all probes.
        history: has the last day of every site.
        lasting: has the facts that stay true until another value is told.
        usual_paths: likewise, how long the paths usually are.
        maintenance: tells the states of planned work.
        maintenance_desk: takes announcements over HTTP.
        incidents: follows what is at fault.
        pages: what is served over HTTP.
        audit: takes down what is changed in the inventory.
    """

    def __init__(  # noqa: PLR0913, PLR0917 (what is made outside)
        self,
        configuration: Configuration,
        vantage: str,
        streams: Streams,
        own: OwnMetrics,
        measure_now: MeasureNow,
        kept: StateDirectory,
        incident_links: IncidentLinks | None = None,
    ) -> None:
        self._links = incident_links or IncidentLinks()
        inventory, checks = configuration.inventory, configuration.checks
        former = former_ids(configuration.written)
        recorder = self._recorder = kept.recorder
        changes = Changes(*filter(None, [recorder]))
        self.streams = streams
        streams.watch(configuration.measured)
        self.states = StateTable(
            inventory,
            checks,
            time.monotonic(),
            configuration.graph,
            streams,
            measure_now=measure_now,
            listener=changes,
        )
        self.flows = FlowTable(inventory, checks, self.states.sighting, changes)
        if recorder is not None:
            recorder.name_province(inventory.province)
            recorder.rename(former)
            recorder.resume(self.states, self.flows)
        announced = kept.announced
        self.maintenance_desk = MaintenanceDesk(
            announced.path if announced else None, kept.audit, inventory
        )
        self.maintenance = MaintenanceWatch(self.states, announced, inventory)
        self.audit, self._chain = InventoryAudit(kept.audit, kept.seen), kept.chain
        self.history = HistoryRecorder(self.states, inventory, kept.history, kept.day)
        self.lasting = LastingFacts(probes.facts(), checks, kept.lasting, former)
        self.usual_paths = LastingFacts([USUAL_HOPS], checks, kept.paths, former)
        registry = Registry(reserved=own.names)
        results = ResultMetrics(registry, streams, self.states.echoes.qualities)
        restarts = RestartMetrics(registry)
        links = LinkMetrics(registry, restarts)
        of_results: list[ResultExporter] = [
            results,
            DeviceMetrics(registry),
            restarts,
            links,
            FactMetrics(registry, probes.facts(), self.lasting),
        ]
        consumers: list[ResultConsumer] = [self.lasting, *of_results]
        if recorder is not None:
            consumers.append(recorder.batteries)
        self.planned = PlannedSites(streams, self.states.echoes)
        self.planned.watch(configuration.planned, configuration.planned_checks)
        self.collector = Collector(self.states, self.flows, results.echoes, consumers, self.planned)
        self.meetings = MeetingMonitor(
            configuration, self.states, links.load, kept.records, measure_now
        )
        evidence = recorder.evidence if recorder else {}
        self.longer_paths = LongerPaths(
            registry, self.states, streams, results.echoes, self.usual_paths
        )
        collector = CollectorSource(self.states, vantage, inventory)
        self.incidents = IncidentFollower(
            [
                FaultSource(self.states, changes, evidence, inventory),
                FlowSource(self.flows, self.states),
                MeetingSource(self.meetings),
                collector,
                VantageSource(self.flows, self.states, inventory),
                CertificateSource(inventory, self.lasting),
                PathSource(self.longer_paths),
            ],
            kept.incidents,
            inventory,
        )
        _tell_gap(self.incidents, collector, kept.incidents.known_until)
        self.traps = TrapMetrics(registry)
        exporters = self._exporters(registry, vantage)
        self.exporters = Exporters([*of_results, *exporters, self.longer_paths, self.traps])
        self.exporters.watch(Watched.of(inventory, checks))
        self.pages = Pages(
            vantage,
            inventory,
            self.collector,
            self.states,
            self.flows,
            self.meetings,
            evidence,
            self.audit,
            self.maintenance,
            self.maintenance_desk,
            MetricsPage(registry, self.exporters, own),
            links.load,
            self.longer_paths,
            IncidentDesk(self.incidents, self._links),
            SitePast(self.history, kept.journal),
            self.planned,
        )

    def _exporters(self, registry: Registry, vantage: str) -> list[Exporter]:
        """Those that read what they show when a page is asked for."""
        meetings, recorder = self.meetings, self._recorder
        return [
            InventoryMetrics(registry, vantage),
            ContractMetrics(registry),
            StateMetrics(registry, self.states, lambda: meetings.month),
            SiteMetrics(registry, self.states),
            PlannedMetrics(registry, self.planned),
            RollupMetrics(registry, self.states),
            CauseMetrics(registry, self.states, recorder.evidence if recorder else {}),
            IncidentMetrics(registry, self.incidents, self._links.page),
            MaintenanceMetrics(registry, self.states),
            ComingMaintenanceMetrics(registry, self.maintenance),
            FlowMetrics(registry, self.flows),
            MeetingMetrics(registry, meetings),
            MeetingRoomMetrics(registry, meetings),
            MeetingMonthMetrics(registry, meetings),
            AuditMetrics(registry, self.audit, self._chain),
            JournalMetrics(registry, recorder.writer if recorder else None),
        ]

    def replace(self, configuration: Configuration) -> None:
        """Work by another configuration; what is in both keeps state, history and counters."""
        inventory, checks = configuration.inventory, configuration.checks
        self._rename(former_ids(configuration.written))
        self.streams.watch(configuration.measured)
        self.states.replace(inventory, checks, time.monotonic(), configuration.graph)
        self.flows.replace(inventory, checks)
        if self._recorder is not None:
            self._recorder.name_province(inventory.province)
            self._recorder.watch(self.states, self.flows)
        self.planned.watch(configuration.planned, configuration.planned_checks)
        self.history.watch(inventory)
        self.maintenance.replace(inventory)
        self.maintenance_desk.replace(inventory)
        self.meetings.replace(configuration)
        self.lasting.watch(checks)
        self.usual_paths.watch(checks)
        self.exporters.watch(Watched.of(inventory, checks))
        self.incidents.watch(inventory)
        self.pages.replace(inventory)

    def _rename(self, former: FormerIds) -> None:
        """Know everything by the ids that another inventory has for it."""
        if self._recorder is not None:
            self._recorder.rename(former)
        if former:
            self.streams.rename(former.check)
            self.states.rename(former)
            self.flows.rename(former)
            self.lasting.rename(former)
            self.usual_paths.rename(former)

    def tick(self) -> None:
        """Let states expire, look at planned work, follow incidents; call it once a second."""
        self.collector.tick()
        self.longer_paths.tick(time.monotonic())
        self.maintenance.tick()
        self.incidents.tick(time.time())
        self.history.tick()


def _tell_gap(
    incidents: IncidentFollower, collector: CollectorSource, known_until: float | None
) -> None:
    """Tell of the time since the previous run."""
    now = time.time()
    gap = collector.gap(known_until, now) if known_until else None
    if gap is not None:
        incidents.add_gap(gap, now)

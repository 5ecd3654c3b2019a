"""Where a report goes: to the board, to the exchange, and into the metrics."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING

from netwatch import __version__, probes
from netwatch.announcements import AnnouncedMaintenance
from netwatch.configuration import Configuration
from netwatch.core.check import Check
from netwatch.core.echo import Discard, EchoResults
from netwatch.core.result import Report, StrayKind
from netwatch.core.streams import Rows, Streams
from netwatch.export.devices import DeviceMetrics
from netwatch.export.facts import FactMetrics
from netwatch.export.flows import FlowMetrics
from netwatch.export.inventory import InventoryMetrics
from netwatch.export.journal import JournalMetrics
from netwatch.export.links import LinkMetrics
from netwatch.export.meetings import MeetingMetrics
from netwatch.export.restarts import RestartMetrics
from netwatch.export.results import ResultMetrics
from netwatch.export.row_family import TargetLabels, target_labels
from netwatch.export.states import StateMetrics
from netwatch.export.traps import TrapMetrics
from netwatch.flows.table import FlowTable
from netwatch.journal.recorder import JournalRecorder
from netwatch.meetings.monitor.monitor import MeetingMonitor
from netwatch.meetings.records.store import MeetingRecords
from netwatch.metrics import Registry, paced, page
from netwatch.metrics.own import OwnMetrics
from netwatch.state.maintenance import Calendar
from netwatch.state.table import StateTable
from netwatch.web.view import build_status

if TYPE_CHECKING:
    from netwatch.web.status import Status

SILENCE = 120.0
"""Seconds without a single result, good or bad, after which the collector is not healthy."""


class Collector:
    """All that is known at this moment, kept by the reports of the probes.

    Attributes:
        streams: the echo streams.
        reports: how many reports came in; a number that stands still is a collector that does.
        traps: counts SNMP traps.
        monitor: follows the meetings.
    """

    def __init__(
        self,
        configuration: Configuration,
        vantage: str,
        chronicle: JournalRecorder | None = None,
        noticeboard: AnnouncedMaintenance | None = None,
        meeting_records: MeetingRecords | None = None,
    ) -> None:
        now = time.monotonic()
        inventory, checks = configuration.inventory, configuration.checks
        self.own = OwnMetrics(__version__)
        self.reports = 0
        self._vantage = vantage
        self._inventory = inventory
        self._last_report = now
        self._chronicle = chronicle
        self._noticeboard = noticeboard
        self._calendar = Calendar(inventory)
        self.streams = Streams()
        self.streams.watch(checks)
        self.board = StateTable(inventory, checks, now, configuration.graph, self.streams)
        self.exchange = FlowTable(inventory, checks, self.board.sighting)
        self._registry = Registry(reserved=self.own.names)
        self._described = InventoryMetrics(self._registry, vantage)
        labels = target_labels(inventory)
        self._states = StateMetrics(self._registry, inventory, labels)
        self._flows = FlowMetrics(self._registry, inventory)
        self._results = ResultMetrics(self._registry, self.streams, self.board.echoes.qualities)
        self._devices = DeviceMetrics(self._registry)
        self._restarts = RestartMetrics(self._registry)
        self._links = LinkMetrics(self._registry, self._restarts)
        self._facts = FactMetrics(self._registry, probes.facts())
        self.monitor = MeetingMonitor(
            configuration,
            self.board,
            self._links.load,
            meeting_records or MeetingRecords(),
            launch=self._measure_now,
        )
        self._meetings = MeetingMetrics(self._registry)
        self.traps = TrapMetrics(self._registry)
        self._journal = JournalMetrics(self._registry)
        if chronicle is not None:
            chronicle.follow(self.board, self.exchange)
        self._look_at_plan()
        self._show(configuration, labels)

    def verify_by(self, launch: Callable[[Check], None]) -> None:
        """Let what is in doubt, or needed for a meeting, be measured at once, outside its slot."""
        self.board.verify = launch

    def _measure_now(self, check: Check) -> None:
        self.board.verify(check)

    def report(self, report: Report) -> None:
        """The sink of all probes."""
        self._measured(1)
        self.board.report(report)
        self.exchange.report(report, vantage_ok=not self.board.vantage.suspect)
        self._results.report(report)
        self._devices.report(report)
        self._restarts.report(report)
        self._links.report(report)
        self._facts.report(report)

    def sent(self, rows: Rows) -> None:
        """Echo streams sent; see ``netwatch.core.echo.EchoSink``, which this object is."""
        self._results.echoes.sent(rows)

    def settled(self, results: EchoResults) -> None:
        """It is known what became of echoes."""
        self._measured(len(results.rows))
        self.board.report_echoes(results)
        self._results.echoes.settled(results)

    def stray(self, rows: Rows, kind: StrayKind) -> None:
        """Replies came late, or once more."""
        self._results.echoes.stray(rows, kind)

    def path_mtu(self, row: int, octets: int) -> None:
        """A router named the longest packet that the path takes."""
        self._results.echoes.path_mtu(row, octets)

    def discarded(self, kind: Discard, messages: int) -> None:
        """Messages, or their time stamps, were of no use."""
        self._results.echoes.discarded(kind, messages)

    def _measured(self, results: int) -> None:
        self.reports += results
        self._last_report = time.monotonic()

    def replace(self, configuration: Configuration) -> None:
        """Work by another configuration; what is in both keeps state, history and counters."""
        inventory, checks = configuration.inventory, configuration.checks
        self._inventory = inventory
        self._calendar = Calendar(inventory)
        self.streams.watch(checks)
        self.board.replace(inventory, checks, time.monotonic(), configuration.graph)
        self.exchange.replace(inventory, checks)
        if self._chronicle is not None:
            self._chronicle.watch(self.board, self.exchange)
        self.monitor.replace(configuration)
        labels = target_labels(inventory)
        self._states.replace(inventory, labels)
        self._flows.replace(inventory)
        self._show(configuration, labels)

    def tick(self) -> None:
        """Let go of what is too old to be true. Call it about once a second."""
        now = time.monotonic()
        for check in self.board.tick(now):
            self._results.forget_last(check)
            self._devices.forget(check)
            self._links.forget(check)
            self._facts.forget(check)
        for check in self.exchange.tick(now):
            self._facts.forget(check)
        self.exchange.keep_schedules(time.time())
        self._look_at_plan()

    async def metrics(self) -> AsyncIterator[bytes]:
        """The page that Prometheus reads, in blocks."""
        with self.own.scrape_duration.time():
            self._results.echoes.refresh()
            async for _ in paced(self._states.refresh(self.board, self.monitor.month)):
                pass
            self._flows.refresh(self.exchange)
            async for _ in paced(self._meetings.refresh(self.monitor)):
                pass
            if self._chronicle is not None:
                self._journal.refresh(self._chronicle.writer)
            async for block in page(self._registry, self.own.registry):
                yield block
            self._results.echoes.release()

    def status(self) -> Status:
        """What the status page shows."""
        found = self._chronicle.evidence if self._chronicle is not None else {}
        return build_status(
            self._inventory, self.board, self.exchange, self.monitor, self._vantage, found
        )

    def health(self) -> str | None:
        """Why the collector isn't healthy; None when it is."""
        silent = time.monotonic() - self._last_report
        return f"no result for {silent:.0f} s" if silent > SILENCE else None

    def readiness(self) -> str | None:
        """Why there is nothing to show yet; None when there is."""
        return None if self.reports else "no result yet"

    def _look_at_plan(self) -> None:
        """Tell the board when other planned work is under way."""
        now = time.time()
        works = self._calendar.under_way(now)
        if self._noticeboard is not None:
            works += self._noticeboard.under_way(self._inventory, now)
        if works != self.board.plan.works:
            self.board.work_on(works, time.monotonic())

    def _show(self, configuration: Configuration, labels: TargetLabels) -> None:
        self._described.describe(configuration.inventory, labels)
        self._results.watch(configuration.checks, labels)
        self._devices.watch(configuration.checks)
        self._restarts.watch(configuration.checks)
        self._links.watch(configuration.inventory)
        self._facts.watch(configuration.checks)

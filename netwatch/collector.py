"""Floor 5: where a report goes: to the board, to the exchange, and into the metrics."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from netwatch import __version__
from netwatch.configuration import Configuration
from netwatch.core.result import Report
from netwatch.exchange import Exchange
from netwatch.export.devices import DeviceMetrics
from netwatch.export.inventory import InventoryMetrics
from netwatch.export.links import LinkMetrics
from netwatch.export.restarts import RestartMetrics
from netwatch.export.results import ResultMetrics
from netwatch.export.states import StateMetrics
from netwatch.export.traps import TrapMetrics
from netwatch.metrics import Registry, page
from netwatch.metrics.own import OwnMetrics
from netwatch.state.board import Board
from netwatch.web.view import build_status

if TYPE_CHECKING:
    from netwatch.web.status import Status

SILENCE = 120.0
"""Seconds without a single result, good or bad, after which the collector is not healthy."""


class Collector:
    """All that is known at this moment, kept by the reports of the probes.

    Attributes:
        reports: how many reports came in; a number that stands still is a collector that does.
        traps: counts SNMP traps.
    """

    def __init__(self, configuration: Configuration, vantage: str) -> None:
        now = time.monotonic()
        inventory, checks = configuration.inventory, configuration.checks
        self.own = OwnMetrics(__version__)
        self.reports = 0
        self._vantage = vantage
        self._inventory = inventory
        self._last_report = now
        self.board = Board(inventory, checks, now)
        self.exchange = Exchange(inventory, checks)
        self._registry = Registry(reserved=self.own.names)
        self._described = InventoryMetrics(self._registry)
        self._states = StateMetrics(self._registry, inventory)
        self._results = ResultMetrics(self._registry)
        self._devices = DeviceMetrics(self._registry)
        self._restarts = RestartMetrics(self._registry)
        self._links = LinkMetrics(self._registry, self._restarts)
        self.traps = TrapMetrics(self._registry)
        self._show(configuration)

    def report(self, report: Report) -> None:
        """The sink of all probes."""
        self.reports += 1
        self._last_report = time.monotonic()
        self.board.report(report)
        self.exchange.report(report, vantage_ok=not self.board.vantage.suspect)
        self._results.report(report)
        self._devices.report(report)
        self._restarts.report(report)
        self._links.report(report)

    def replace(self, configuration: Configuration) -> None:
        """Work by another configuration; what is in both keeps state, history and counters."""
        inventory, checks = configuration.inventory, configuration.checks
        self._inventory = inventory
        self.board.replace(inventory, checks, time.monotonic())
        self.exchange.replace(inventory, checks)
        self._states.replace(inventory)
        self._show(configuration)

    def tick(self) -> None:
        """Let go of what is too old to be true. Call it about once a second."""
        now = time.monotonic()
        for check in self.board.tick(now):
            self._results.forget_last(check)
            self._devices.forget(check)
            self._links.forget(check)
        self.exchange.tick(now)

    async def metrics(self) -> bytes:
        """The page that Prometheus reads."""
        with self.own.scrape_duration.time():
            self._states.refresh(self.board, self.exchange, time.monotonic())
            return await page(self._registry, self.own.registry)

    def status(self) -> Status:
        """What the status page shows."""
        return build_status(self._inventory, self.board, self.exchange, self._vantage)

    def health(self) -> str | None:
        """Why the collector isn't healthy; None when it is."""
        silent = time.monotonic() - self._last_report
        return f"no result for {silent:.0f} s" if silent > SILENCE else None

    def readiness(self) -> str | None:
        """Why there is nothing to show yet; None when there is."""
        return None if self.reports else "no result yet"

    def _show(self, configuration: Configuration) -> None:
        self._described.describe(configuration.inventory)
        self._results.watch(configuration.checks)
        self._devices.watch(configuration.checks)
        self._restarts.watch(configuration.checks)
        self._links.watch(configuration.inventory)

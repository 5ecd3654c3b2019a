"""Values that devices report over SNMP, under the names that snmp_exporter made known."""

from __future__ import annotations

from collections.abc import Iterable

from netwatch.core.check import Check
from netwatch.core.result import Outcome, Report, Result
from netwatch.metrics import Cell, Family, Registry
from netwatch.snmp import Series, catalogue

SeriesKey = tuple[str, tuple[str, ...]]
"""Metric name and label values."""


class DeviceMetrics:
    """Shows exactly what the last poll of each device read; of a silent device, nothing."""

    def __init__(self, registry: Registry) -> None:
        self._families = {series.name: _family(registry, series) for series in catalogue().values()}
        self._shown: dict[str, set[SeriesKey]] = {}

    def watch(self, checks: Iterable[Check]) -> None:
        """Take off the series of all devices but those of these checks."""
        kept = {check.id for check in checks if check.flow is None}
        for check_id in self._shown.keys() - kept:
            self._show(check_id, set())
        self._shown = {check_id: self._shown.get(check_id, set()) for check_id in kept}

    def report(self, report: Report) -> None:
        """Show what a poll read."""
        if not isinstance(report, Result) or report.check.id not in self._shown:
            return
        if report.outcome is Outcome.INVALID:
            return
        read: set[SeriesKey] = set()
        place = report.check.site, report.check.target
        for sample in report.samples:
            labels = (*place, *(value for _, value in sample.labels))
            self._families[sample.name].cell(*labels).set(sample.value)
            read.add((sample.name, labels))
        self._show(report.check.id, read)

    def forget(self, check: Check) -> None:
        """Take off what a device reported, because it is too old to be true."""
        if check.id in self._shown:
            self._show(check.id, set())

    def _show(self, check_id: str, read: set[SeriesKey]) -> None:
        for name, labels in self._shown.get(check_id, set()) - read:
            self._families[name].remove(*labels)
        self._shown[check_id] = read


def _family(registry: Registry, series: Series) -> Family[Cell]:
    create = registry.counter if series.counter else registry.gauge
    return create(series.name, series.help, ("site", "target", *series.labels))

"""Values that devices report over SNMP, under the names that snmp_exporter made known."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from netwatch.core.check import Check
from netwatch.core.result import NOTHING_READ, Outcome, Readings, Report, Result, SeriesKey
from netwatch.core.streams import is_stream
from netwatch.metrics import Cell, Family, Registry
from netwatch.snmp import Series, catalogue


@dataclass(frozen=True, slots=True)
class _Shown:
    """What one device shows: its series, and the cell of each."""

    series: tuple[SeriesKey, ...] = ()
    cells: tuple[Cell, ...] = ()


_NOTHING = _Shown()


class DeviceMetrics:
    """Shows exactly what the last poll of each device read; of a silent device, nothing."""

    def __init__(self, registry: Registry) -> None:
        self._families = {series.name: _family(registry, series) for series in catalogue().values()}
        self._capped = registry.gauge(
            "netwatch_snmp_capped",
            "1 if the device has more series than it may have, and rows were left out, else 0.",
            ("site", "target"),
        )
        self._shown: dict[str, _Shown] = {}
        self._checks: dict[str, Check] = {}

    def watch(self, checks: Iterable[Check]) -> None:
        """Take off the series of all devices but those of these checks."""
        kept = {check.id: check for check in checks if check.flow is None and not is_stream(check)}
        for check_id in self._checks.keys() - kept.keys():
            self._show(self._checks[check_id], NOTHING_READ)
            self._shown.pop(check_id, None)
        self._checks = kept

    def report(self, report: Report) -> None:
        """Show what a poll read."""
        if not isinstance(report, Result) or report.check.id not in self._checks:
            return
        if report.outcome is not Outcome.INVALID:
            self._show(report.check, report.samples)

    def forget(self, check: Check) -> None:
        """Take off what a device reported, because it is too old to be true."""
        if check.id in self._checks:
            self._show(check, NOTHING_READ)

    def _show(self, check: Check, read: Readings) -> None:
        shown = self._shown.get(check.id, _NOTHING)
        if read.series is not shown.series:
            shown = self._shown[check.id] = self._exchange(check, shown, read.series)
        # Nothing else is done as often as this, so the loop runs in C.
        deque(map(Cell.set, shown.cells, read.values), maxlen=0)
        if read.series:
            self._capped.cell(check.site, check.target).set(read.capped)
        else:
            self._capped.remove(check.site, check.target)

    def _exchange(self, check: Check, before: _Shown, series: tuple[SeriesKey, ...]) -> _Shown:
        """Make the cells of these series, and take off those that are shown and not among them."""
        for name, labels in set(before.series).difference(series):
            self._families[name].remove(*_values(check, labels))
        cells = (self._families[name].cell(*_values(check, labels)) for name, labels in series)
        return _Shown(series, tuple(cells))


def _values(check: Check, labels: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    return (check.site, check.target, *(value for _, value in labels))


def _family(registry: Registry, series: Series) -> Family[Cell]:
    create = registry.counter if series.counter else registry.gauge
    return create(series.name, series.help, ("site", "target", *series.labels))

"""What probes learnt besides whether a target answers, as gauges."""

from __future__ import annotations

from collections.abc import Iterable

from netwatch.core.check import Check
from netwatch.core.facts import FACTS
from netwatch.core.result import Outcome, Report, Result
from netwatch.metrics import Registry

FactKey = tuple[str, tuple[str, ...]]
"""Metric name and label values."""


class FactMetrics:
    """Shows exactly what the last result of each check said."""

    def __init__(self, registry: Registry) -> None:
        self._families = {
            kind.name: registry.gauge(
                kind.name, kind.help, ("site", "target", "probe", *kind.labels)
            )
            for kind in FACTS
        }
        self._shown: dict[str, set[FactKey]] = {}

    def watch(self, checks: Iterable[Check]) -> None:
        """Take off the facts of all checks but these."""
        kept = {check.id for check in checks if check.flow is None}
        for check_id in self._shown.keys() - kept:
            self._show(check_id, set())
        self._shown = {check_id: self._shown.get(check_id, set()) for check_id in kept}

    def report(self, report: Report) -> None:
        """Show what a result says."""
        if not isinstance(report, Result) or report.check.id not in self._shown:
            return
        if report.outcome is Outcome.INVALID:
            return
        said: set[FactKey] = set()
        place = report.check.site, report.check.target, report.check.probe
        for fact in report.facts:
            labels = (*place, *(value for _, value in fact.labels))
            self._families[fact.name].cell(*labels).set(fact.value)
            said.add((fact.name, labels))
        self._show(report.check.id, said)

    def forget(self, check: Check) -> None:
        """Take off what a check said, because it is too old to be true."""
        if check.id in self._shown:
            self._show(check.id, set())

    def _show(self, check_id: str, said: set[FactKey]) -> None:
        for name, labels in self._shown.get(check_id, set()) - said:
            self._families[name].remove(*labels)
        self._shown[check_id] = said

"""Facts that probes learn of services, e.g. when a certificate ends, as series."""

from __future__ import annotations

from collections.abc import Iterable

from netwatch.core.check import Check
from netwatch.core.facts import Fact
from netwatch.core.result import Outcome, Result, Sample
from netwatch.core.streams import is_stream
from netwatch.export.exporter import ResultExporter, Watched
from netwatch.metrics import Registry

_CHECK = ("site", "target", "probe", "flow")


class FactMetrics(ResultExporter):
    """Shows exactly what the last result of each check told, of targets and of flows.

    ``flow`` is empty for a target's own check.

    Args:
        registry: of the page.
        facts: all that the kinds of probe declare.
    """

    def __init__(self, registry: Registry, facts: Iterable[Fact]) -> None:
        self._families = {
            fact.name: registry.gauge(fact.name, fact.help, (*_CHECK, *fact.labels))
            for fact in facts
        }
        self._shown: dict[str, tuple[Check, tuple[Sample, ...]]] = {}
        self._watched: set[str] = set()

    def watch(self, watched: Watched) -> None:
        """Show facts of these checks only; those of echo streams have none."""
        self._watched = {check.id for check in watched.checks if not is_stream(check)}
        for check_id in self._shown.keys() - self._watched:
            self.forget(self._shown[check_id][0])

    def report(self, result: Result) -> None:
        """Show what a result tells."""
        if result.outcome is Outcome.INVALID:
            return
        check = result.check
        if not (result.facts or check.id in self._shown) or check.id not in self._watched:
            return
        before = self._shown.pop(check.id, (check, ()))[1]
        told = {(fact.name, fact.labels) for fact in result.facts}
        for fact in before:
            if (fact.name, fact.labels) not in told:
                self._families[fact.name].remove(*_labels(check, fact))
        for fact in result.facts:
            self._families[fact.name].cell(*_labels(check, fact)).set(fact.value)
        if result.facts:
            self._shown[check.id] = check, result.facts

    def forget(self, check: Check) -> None:
        """Take off what a check told, because it is too old to be true."""
        for fact in self._shown.pop(check.id, (check, ()))[1]:
            self._families[fact.name].remove(*_labels(check, fact))


def _labels(check: Check, fact: Sample) -> tuple[str, ...]:
    place = check.site, check.target, check.probe, check.flow or ""
    return (*place, *(value for _, value in fact.labels))

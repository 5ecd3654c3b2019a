"""Facts that probes learn of services, e.g. when a certificate ends, as series."""

from __future__ import annotations

from collections.abc import Iterable

from netwatch.core.check import Check
from netwatch.core.facts import Fact
from netwatch.core.result import Outcome, Result, Sample
from netwatch.core.streams import is_stream
from netwatch.export.exporter import ResultExporter, Watched
from netwatch.lasting import LastingFacts
from netwatch.metrics import Registry

_CHECK = ("site", "target", "probe", "flow")


class FactMetrics(ResultExporter):
    """Shows exactly what the last result of each check told, of targets and of flows.

    ``flow`` is empty for a target's own check. Lasting facts stay until they are told anew.

    Args:
        registry: of the page.
        facts: all that the kinds of probe declare.
        lasting: those that stay, of a former run too; it has heard of each result before.
    """

    def __init__(self, registry: Registry, facts: Iterable[Fact], lasting: LastingFacts) -> None:
        self._lasting = lasting
        self._families = {
            fact.name: registry.gauge(fact.name, fact.help, (*_CHECK, *fact.labels))
            for fact in facts
        }
        self._shown: dict[str, tuple[Check, tuple[Sample, ...]]] = {}
        self._watched: set[str] = set()

    def watch(self, watched: Watched) -> None:
        """Show facts of these checks only; those of echo streams have none."""
        checks = {check.id: check for check in watched.checks if not is_stream(check)}
        self._watched = set(checks)
        for check, _ in list(self._shown.values()):
            if checks.get(check.id) != check:
                self._show(check, ())
        for id_, check in checks.items():
            if id_ not in self._shown and (lasting := self._lasting.of(check)):
                self._show(check, lasting)

    def report(self, result: Result) -> None:
        """Show what a result tells."""
        if result.outcome is Outcome.INVALID:
            return
        check = result.check
        if not (result.facts or check.id in self._shown) or check.id not in self._watched:
            return
        told = {fact.name for fact in result.facts}
        kept = (fact for fact in self._lasting.of(check) if fact.name not in told)
        self._show(check, (*result.facts, *kept))

    def forget(self, check: Check) -> None:
        """Take off what a check told, because it is too old to be true."""
        self._show(check, self._lasting.of(check))

    def _show(self, check: Check, facts: tuple[Sample, ...]) -> None:
        """Show these facts of a check, and no others."""
        before = self._shown.pop(check.id, (check, ()))[1]
        told = {(fact.name, fact.labels) for fact in facts}
        for fact in before:
            if (fact.name, fact.labels) not in told:
                self._families[fact.name].remove(*_labels(check, fact))
        for fact in facts:
            self._families[fact.name].cell(*_labels(check, fact)).set(fact.value)
        if facts:
            self._shown[check.id] = check, facts


def _labels(check: Check, fact: Sample) -> tuple[str, ...]:
    place = check.site, check.target, check.probe, check.flow or ""
    return (*place, *(value for _, value in fact.labels))

"""Planned work, that which is under way and that which comes, as series."""

from __future__ import annotations

from collections.abc import Iterator

from netwatch.export.exporter import Exporter
from netwatch.maintenance.watch import MaintenanceWatch
from netwatch.metrics import Registry
from netwatch.state.maintenance import Scope
from netwatch.state.table import StateTable

_LABELS = ("window", "kind", "id")


class MaintenanceMetrics(Exporter):
    """One series for each thing that is being worked on."""

    def __init__(self, registry: Registry, states: StateTable) -> None:
        self._states = states
        self._ends = registry.gauge(
            "netwatch_maintenance_end_timestamp_seconds",
            "When the maintenance that is under way is planned to be over.",
            _LABELS,
        )

    def refresh(self) -> Iterator[None]:
        """Show what is being worked on now."""
        self._ends.clear()
        for work in self._states.plan.works:
            for kind, name in _named(work.scope):
                self._ends.cell(work.id, kind, name).set(work.ends)
        yield


class ComingMaintenanceMetrics(Exporter):
    """One series for each thing that will be worked on soon."""

    def __init__(self, registry: Registry, watch: MaintenanceWatch) -> None:
        self._watch = watch
        self._starts = registry.gauge(
            "netwatch_maintenance_start_timestamp_seconds",
            "When maintenance that is planned for the next days begins.",
            _LABELS,
        )

    def refresh(self) -> Iterator[None]:
        """Show what comes within the next days."""
        self._starts.clear()
        for work in self._watch.coming():
            for kind, name in _named(work.scope):
                self._starts.cell(work.id, kind, name).set(work.began)
            yield
        yield


def _named(scope: Scope) -> list[tuple[str, str]]:
    """Kind and id of everything that work affects."""
    named = [("site", site) for site in scope.sites]
    named += [("target", "/".join(key)) for key in scope.targets]
    named += [("link", link) for link in scope.links]
    return sorted(named)

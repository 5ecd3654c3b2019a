"""Planned work that is under way, as series."""

from __future__ import annotations

from collections.abc import Iterator

from netwatch.export.exporter import Exporter
from netwatch.metrics import Registry
from netwatch.state.table import StateTable


class MaintenanceMetrics(Exporter):
    """One series for each thing that is being worked on."""

    def __init__(self, registry: Registry, states: StateTable) -> None:
        self._states = states
        self._ends = registry.gauge(
            "netwatch_maintenance_end_timestamp_seconds",
            "When the maintenance that is under way is planned to be over.",
            ("window", "kind", "id"),
        )

    def refresh(self) -> Iterator[None]:
        """Show what is being worked on now."""
        self._ends.clear()
        for work in self._states.plan.works:
            named = [("site", site) for site in work.scope.sites]
            named += [("target", "/".join(key)) for key in work.scope.targets]
            named += [("link", link) for link in work.scope.links]
            for kind, name in sorted(named):
                self._ends.cell(work.id, kind, name).set(work.ends)
        yield

"""The series of states, for tests and benchmarks that need no others."""

from __future__ import annotations

from netwatch.export.causes import CauseMetrics, Evidence
from netwatch.export.exporter import Exporters
from netwatch.export.maintenance import MaintenanceMetrics
from netwatch.export.rollups import RollupMetrics
from netwatch.export.sites import SiteMetrics
from netwatch.export.states import StateMetrics
from netwatch.metrics import Registry
from netwatch.state.table import StateTable


def state_exporters(
    registry: Registry, states: StateTable, evidence: Evidence | None = None
) -> Exporters:
    """All that the page shows of states."""
    return Exporters(
        [
            StateMetrics(registry, states),
            SiteMetrics(registry, states),
            RollupMetrics(registry, states),
            CauseMetrics(registry, states, {} if evidence is None else evidence),
            MaintenanceMetrics(registry, states),
        ]
    )

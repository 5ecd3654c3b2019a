"""Forbidden flows that were taken out of the inventory, as series."""

from __future__ import annotations

from collections.abc import Iterator

from netwatch.audit.reloads import InventoryAudit
from netwatch.export.exporter import Exporter
from netwatch.metrics import Registry


class AuditMetrics(Exporter):
    """One series for each forbidden flow that was removed in the last days."""

    def __init__(self, registry: Registry, audit: InventoryAudit) -> None:
        self._audit = audit
        self._removed = registry.gauge(
            "netwatch_forbidden_flow_removed_timestamp_seconds",
            "When a connection that had to stay blocked was last taken out of the inventory, or is"
            " no longer tried as it was; for a week, or until it is forbidden again.",
            ("flow",),
        )

    def refresh(self) -> Iterator[None]:
        """Show what was removed until now."""
        self._removed.clear()
        for flow, at in self._audit.removed_forbidden().items():
            self._removed.cell(flow).set(at)
        yield

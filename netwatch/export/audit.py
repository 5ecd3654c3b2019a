"""What the audit warns of, as series: forbidden flows that were removed, a chain that is broken."""

from __future__ import annotations

from collections.abc import Iterator

from netwatch.audit.chain_watch import AuditChainWatch
from netwatch.audit.reloads import InventoryAudit
from netwatch.export.exporter import Exporter
from netwatch.metrics import Registry


class AuditMetrics(Exporter):
    """One series for each forbidden flow that was removed, and one for the chain of lines.

    Args:
        registry: of the page.
        audit: knows the flows.
        chain: knows whether a line is missing.
    """

    def __init__(self, registry: Registry, audit: InventoryAudit, chain: AuditChainWatch) -> None:
        self._audit = audit
        self._chain = chain
        self._is_whole = registry.gauge(
            "netwatch_audit_chain_whole",
            "1 if the last look found no line of the audit missing or changed, else 0.",
        )
        self._removed = registry.gauge(
            "netwatch_forbidden_flow_removed_timestamp_seconds",
            "When a connection that had to stay blocked was last taken out of the inventory, or is"
            " no longer tried as it was; for a week, or until it is forbidden again.",
            ("flow",),
        )

    def refresh(self) -> Iterator[None]:
        """Show what is known now."""
        self._is_whole.clear()
        if self._chain.is_whole is not None:
            self._is_whole.cell().set(self._chain.is_whole)
        self._removed.clear()
        for flow, at in self._audit.removed_forbidden().items():
            self._removed.cell(flow).set(at)
        yield

"""Flows as series: whether they do what is expected of them, and the results by reason."""

from __future__ import annotations

from collections.abc import Iterator

from netwatch.export.cells import set_or_remove
from netwatch.export.exporter import Exporter, Watched
from netwatch.flows.block import Block
from netwatch.flows.table import FlowTable
from netwatch.flows.transition import FlowState
from netwatch.metrics import Registry
from netwatch.objectives import counted_flows


class FlowMetrics(Exporter):
    """Series of the flows that are measured from here, and of the objectives they count for."""

    def __init__(self, registry: Registry, flows: FlowTable) -> None:
        self._table = flows
        self._as_expected = registry.gauge(
            "netwatch_flow_as_expected",
            "1 if the connection does what is expected of it, else 0; absent while unknown.",
            ("flow", "from", "to", "expect"),
        )
        self._changed = registry.gauge(
            "netwatch_flow_state_change_timestamp_seconds",
            "When the flow's present state began.",
            ("flow",),
        )
        self._scheduled = registry.gauge(
            "netwatch_flow_scheduled", "1 while the flow is to be judged, else 0.", ("flow",)
        )
        self._block = registry.gauge(
            "netwatch_flow_block",
            f"1 for the way in which the connection was blocked last: {', '.join(Block)}.",
            ("flow", "block"),
        )
        self._violations = registry.counter(
            "netwatch_flow_violations_total",
            "Times that a connection passed that must stay blocked.",
            ("flow",),
        )
        self._results = registry.counter(
            "netwatch_flow_results_total", "What came of trying the flow.", ("flow", "reason")
        )
        self._counted = registry.gauge(
            "netwatch_objective_flow_info",
            "A flow that counts for an objective, its way back, and its area; always 1.",
            ("objective", "flow", "back", "site"),
        )
        self._blocks: dict[str, Block | None] = {}
        self._families = (
            self._as_expected,
            self._changed,
            self._block,
            self._violations,
            self._results,
            self._scheduled,
            self._counted,
        )

    def watch(self, watched: Watched) -> None:
        """Show another inventory from the next refresh on."""
        inventory = watched.inventory
        for family in self._families:
            family.clear()
        self._blocks.clear()
        for objective_id, objective in inventory.objectives.items():
            for counted in counted_flows(objective, inventory):
                self._counted.cell(objective_id, *counted).set(1)

    def refresh(self) -> Iterator[None]:
        """Show every flow as it is now; in steps."""
        for flow_id, status in self._table.flows.items():
            flow, state = status.flow, status.state
            as_expected = None if state is FlowState.UNKNOWN else state is FlowState.AS_EXPECTED
            labels = flow_id, flow.vantage, flow.to, flow.expect
            set_or_remove(self._as_expected, labels, as_expected)
            set_or_remove(self._changed, (flow_id,), status.since)
            self._scheduled.cell(flow_id).set(status.is_scheduled)
            self._show_block(flow_id, status.block)
            self._violations.cell(flow_id).set(status.violations)
            for reason, count in status.results.items():
                self._results.cell(flow_id, reason).set(count)
            yield

    def _show_block(self, flow_id: str, block: Block | None) -> None:
        before = self._blocks.get(flow_id)
        if block is before:
            return
        if before is not None:
            self._block.remove(flow_id, before)
        if block is not None:
            self._block.cell(flow_id, block).set(1)
        self._blocks[flow_id] = block

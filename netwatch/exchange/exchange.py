"""The flows that are measured from this vantage."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from netwatch.core.check import Check
from netwatch.core.result import Outcome, Report, Result
from netwatch.exchange.status import FlowStatus
from netwatch.inventory.model import Inventory
from netwatch.state.target import Sighting

Witness = Callable[[str], Sighting | None]
"""Says how the target ``site/target`` was seen last."""


class Exchange:
    """Keeps the state of every flow by the results as they come in."""

    def __init__(self, inventory: Inventory, checks: Iterable[Check], witness: Witness) -> None:
        self.flows: dict[str, FlowStatus] = {}
        self._witness = witness
        self.replace(inventory, checks)

    def replace(self, inventory: Inventory, checks: Iterable[Check]) -> None:
        """Watch another inventory's flows; one that did not change keeps its history."""
        before, self.flows = self.flows, {}
        for check in checks:
            if check.flow is None:
                continue
            flow = inventory.flows[check.flow]
            known = before.get(check.flow)
            same = known is not None and known.check == check and known.flow.expect == flow.expect
            status = known if known is not None and same else FlowStatus(flow, check)
            status.flow = flow
            self.flows[check.flow] = status
        self._routers = {
            vantage_id for vantage_id, vantage in inventory.vantages.items() if vantage.asked
        }

    def report(self, report: Report, *, vantage_ok: bool) -> None:
        """Take in the result of a flow's check.

        Args:
            report: what a probe said.
            vantage_ok: whether the collector sees anything at all; what a blind one can't reach
                is not proven to be blocked.
        """
        if not isinstance(report, Result) or report.check.flow is None:
            return
        status = self.flows.get(report.check.flow)
        if status is None:
            return
        status.results[report.reason] += 1
        if report.outcome is Outcome.INVALID:
            return
        if vantage_ok or report.outcome is Outcome.SUCCESS:
            status.record(report, self._sight(status))

    def tick(self, now: float) -> list[Check]:
        """Prove what can be proven by now, and let go of what is too old to be true.

        Returns:
            The checks of flows that became unknown because they are no longer measured.
        """
        for status in self.flows.values():
            if status.is_unproven:
                status.prove(self._sight(status))
        return [status.check for status in self.flows.values() if status.expire(now)]

    def _sight(self, status: FlowStatus) -> Sighting | None:
        """How the control of a flow was seen last.

        That a router reaches anything is proven by what else it pings, and by nothing that this
        collector reaches itself.
        """
        vantage = status.flow.vantage
        if vantage not in self._routers:
            return self._witness(status.control)
        seen = [
            Sighting(other.last.outcome is Outcome.SUCCESS, other.last.due)
            for other in self.flows.values()
            if other.flow.vantage == vantage and other.flow.expect == "pass" and other.last
        ]
        return max(seen, key=lambda sighting: (sighting.answered, sighting.due), default=None)

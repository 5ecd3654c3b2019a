"""The flows that are measured from this vantage."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Protocol
from zoneinfo import ZoneInfo

from netwatch.core.check import Check
from netwatch.core.result import Outcome, Result
from netwatch.flows.status import FlowStatus
from netwatch.flows.transition import FlowChange, FlowState, RestoredFlows
from netwatch.inventory.former_ids import FormerIds
from netwatch.inventory.model import Inventory
from netwatch.state.occurrences import Occurrences
from netwatch.state.resume import MAX_DOWNTIME
from netwatch.state.target import Sighting

Witness = Callable[[str], Sighting | None]
"""Returns the last result of the target ``site/target``; None when it is not known."""


class FlowListener(Protocol):
    """Is called with changes and violations of flows, e.g. to record them."""

    def flow_changed(self, change: FlowChange) -> None:
        """A flow is in another state."""


class FlowTable:
    """Keeps the state of every flow by the results as they come in.

    Args:
        inventory: names the flows.
        checks: those of them that are measured from here.
        witness: how a flow's control was seen last.
        listener: called with every change of state and every violation; may be None.

    Attributes:
        flows: by id, in the order of the checks.
    """

    def __init__(
        self,
        inventory: Inventory,
        checks: Iterable[Check],
        witness: Witness,
        listener: FlowListener | None = None,
    ) -> None:
        self.flows: dict[str, FlowStatus] = {}
        self._witness = witness
        self._listener = listener
        self.replace(inventory, checks)

    def rename(self, former: FormerIds) -> None:
        """Know the flows by the ids of the inventory that ``replace`` is given next."""
        self.flows = {former.flow(id_): status for id_, status in self.flows.items()}
        for id_, status in self.flows.items():
            site_id, target_id = former.key((status.check.site, status.check.target))
            status.check = replace(status.check, site=site_id, target=target_id, flow=id_)

    def replace(self, inventory: Inventory, checks: Iterable[Check]) -> None:
        """Watch another inventory's flows; one that did not change keeps its state.

        One that did change begins as unknown, but keeps its counters.
        """
        before, self.flows = self.flows, {}
        zone = ZoneInfo(inventory.province.timezone)
        self._schedules: dict[str, Occurrences] = {}
        for check in checks:
            if check.flow is None:
                continue
            flow = inventory.flows[check.flow]
            known = before.get(check.flow)
            same = known is not None and known.check == check and known.flow.expect == flow.expect
            status = known if known is not None and same else FlowStatus(flow, check)
            status.flow = flow
            self.flows[check.flow] = status
            if known is not None:
                status.violations, status.results = known.violations, known.results
                self._report_change(check.flow, status, known.state)
            if flow.schedule is None:
                status.keep_schedule(is_scheduled=True)
            else:
                self._schedules[check.flow] = Occurrences(flow.schedule, zone)
        self._routers = {
            vantage_id for vantage_id, vantage in inventory.vantages.items() if vantage.asked
        }
        self.keep_schedules(time.time())

    def resume(self, restored: RestoredFlows, now: float, unix: float) -> None:
        """Take over states of the previous run, before anything was reported.

        Args:
            restored: what that run left in the journal.
            now: monotonic seconds.
            unix: unix time of the same moment.
        """
        ago = unix - restored.known_until
        for flow_id, flow in restored.flows.items():
            status = self.flows.get(flow_id)
            if status is not None and status.is_scheduled and 0 <= ago <= MAX_DOWNTIME:
                status.resume(flow, ago, now)

    def report(self, result: Result, *, vantage_ok: bool) -> None:
        """Take in the result of a flow's check; those of targets are ignored.

        Args:
            result: what a probe said.
            vantage_ok: whether the collector sees anything at all; what a blind one can't reach
                is not proven to be blocked.
        """
        flow_id = result.check.flow
        status = None if flow_id is None else self.flows.get(flow_id)
        if flow_id is None or status is None:
            return
        status.results[result.reason] += 1
        if result.outcome is Outcome.INVALID or not status.is_scheduled:
            return
        if vantage_ok or result.outcome is Outcome.SUCCESS:
            before = status.state
            status.record(result, self._control_seen(status))
            self._report_change(flow_id, status, before)

    def tick(self, now: float) -> list[Check]:
        """Judge blocks whose control has answered, and let results expire that are too old.

        Returns:
            The checks of flows that became unknown because they are no longer measured.
        """
        expired = []
        for flow_id, status in self.flows.items():
            before = status.state
            if status.is_unproven:
                status.prove(self._control_seen(status))
            if status.expire(now):
                expired.append(status.check)
            self._report_change(flow_id, status, before)
        return expired

    def go_blind(self) -> None:
        """The collector sees nothing any more: what is not measured is unknown, like the sites.

        Only what passed a forbidden way did pass, until its own result is too old.
        """
        for flow_id, status in self.flows.items():
            before = status.state
            status.go_blind()
            self._report_change(flow_id, status, before)

    def keep_schedules(self, unix: float) -> None:
        """Judge only the flows whose schedule is open at a unix time."""
        for flow_id, schedule in self._schedules.items():
            status = self.flows[flow_id]
            before = status.state
            status.keep_schedule(is_scheduled=schedule.at(unix) is not None)
            self._report_change(flow_id, status, before)

    def _report_change(self, flow_id: str, status: FlowStatus, before: FlowState) -> None:
        if status.state is before or self._listener is None:
            return
        now = time.time()
        since = now if status.since is None else status.since
        change = FlowChange(flow_id, before, status.state, since, now, status.evidence)
        self._listener.flow_changed(change)

    def _control_seen(self, status: FlowStatus) -> Sighting | None:
        """The last result of the control of a flow; None when it is not known.

        The control of a flow from a router is whatever else that router pings: what this collector
        reaches itself proves nothing of it.
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

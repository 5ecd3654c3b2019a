"""Exchange between the Party and the State network: what must pass passes, the rest is blocked."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from netwatch.core.check import Check
from netwatch.core.result import Outcome, Report, Result
from netwatch.inventory.model import Flow, Inventory
from netwatch.state.hysteresis import Hysteresis
from netwatch.state.target import STALE_AFTER

BROKEN_AFTER = 3
"""Failures in a row until a flow that must pass is called broken."""


class FlowState(StrEnum):
    """What a flow does, held against what is expected of it."""

    AS_EXPECTED = "as_expected"
    BROKEN = "broken"
    """It must pass and does not."""
    VIOLATED = "violated"
    """It must stay blocked and passed."""
    UNKNOWN = "unknown"


@dataclass(slots=True)
class FlowStatus:
    """One flow, as seen from this vantage.

    Attributes:
        violations: how many times a flow that must stay blocked passed.
        since: unix time at which the state began.
    """

    flow: Flow
    check: Check
    state: FlowState = FlowState.UNKNOWN
    since: float | None = None
    violations: int = 0
    last: Result | None = None
    _last_valid: float | None = None
    _passes: Hysteresis = field(default_factory=lambda: Hysteresis(BROKEN_AFTER, 1))

    def record(self, result: Result) -> None:
        """Take in one valid result. One passage is enough to violate; only a row of them breaks."""
        self.last, self._last_valid = result, result.finished
        passed = result.outcome is Outcome.SUCCESS
        if self.flow.expect == "blocked":
            self.violations += passed
            self._turn(FlowState.VIOLATED if passed else FlowState.AS_EXPECTED)
            return
        self._passes.record(good=passed, at=time.time())
        if self._passes.hard is not None:
            self._turn(FlowState.AS_EXPECTED if self._passes.hard else FlowState.BROKEN)

    def expire(self, now: float) -> None:
        """Become unknown when nothing was measured for too long."""
        patience = STALE_AFTER * self.check.interval + self.check.timeout
        if self._last_valid is not None and now - self._last_valid > patience:
            self._last_valid = None
            self._passes.forget()
            self._turn(FlowState.UNKNOWN)

    def _turn(self, state: FlowState) -> None:
        if state is not self.state:
            self.state, self.since = state, time.time()


class Exchange:
    """The flows that are measured from this vantage."""

    def __init__(self, inventory: Inventory, checks: Iterable[Check]) -> None:
        self.flows: dict[str, FlowStatus] = {}
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
        if status is None or report.outcome is Outcome.INVALID:
            return
        if vantage_ok or report.outcome is Outcome.SUCCESS:
            status.record(report)

    def tick(self, now: float) -> None:
        """Let go of what is too old to be true."""
        for status in self.flows.values():
            status.expire(now)

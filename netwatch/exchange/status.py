"""One flow: what it does, held against what is expected of it."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

from netwatch.core.check import Check
from netwatch.core.result import Outcome, Reason, Result
from netwatch.exchange.block import Block, block_of
from netwatch.inventory.model import Flow
from netwatch.state.hysteresis import Hysteresis
from netwatch.state.target import STALE_AFTER, Sighting

BROKEN_AFTER = 3
"""Results in a row, other than expected, until a flow is called broken."""

UNPROVEN_AFTER = 2
"""Blocks in a row that the silence of the control casts doubt on, until the flow is unknown."""


class FlowState(StrEnum):
    """What a flow does, held against what is expected of it."""

    AS_EXPECTED = "as_expected"
    BROKEN = "broken"
    """It must pass and does not, or is blocked in another way than it must be."""
    VIOLATED = "violated"
    """It must stay blocked and passed."""
    UNKNOWN = "unknown"


@dataclass(slots=True)
class FlowStatus:
    """One flow, as seen from this vantage.

    Attributes:
        violations: how many times a flow that must stay blocked passed.
        results: how often each reason was the outcome.
        since: unix time at which the state began.
        last: the last result that counted, which is what the state rests on.
    """

    flow: Flow
    check: Check
    state: FlowState = FlowState.UNKNOWN
    since: float | None = None
    violations: int = 0
    results: Counter[Reason] = field(default_factory=Counter)
    last: Result | None = None
    _last_valid: float | None = None
    _holds: Hysteresis = field(default_factory=lambda: Hysteresis(BROKEN_AFTER, 1))
    _unproven: Result | None = None
    _doubts: int = 0

    @property
    def control(self) -> str:
        """``site/target`` that has to answer for a block to be believed."""
        return self.flow.control or self.flow.to

    @property
    def is_unproven(self) -> bool:
        """Whether a block waits for its control."""
        return self._unproven is not None

    @property
    def block(self) -> Block | None:
        """How the way was blocked last; None when it was not, or that isn't known."""
        if self.last is None or self.state is FlowState.UNKNOWN:
            return None
        return block_of(self.last.reason)

    def record(self, result: Result, control: Sighting | None) -> None:
        """Take in one valid result.

        Args:
            result: what came of trying the flow.
            control: how the control was seen last; None when it is not known.
        """
        if self.flow.expect == "pass":
            self._judge(result, holds=result.outcome is Outcome.SUCCESS)
        elif result.outcome is Outcome.SUCCESS or block_of(result.reason) is None:
            self.violations += 1
            self._keep(result)
            self._turn(FlowState.VIOLATED)
        else:
            self._unproven = result
            self.prove(control)

    def prove(self, control: Sighting | None) -> None:
        """Believe the last block if the control answered after it was tried, and only then."""
        result = self._unproven
        if result is None or control is None or control.due < result.due:
            return
        self._unproven = None
        if control.answered:
            self._judge(result, holds=self.flow.by in {None, block_of(result.reason)})
        else:
            self._doubt()

    def expire(self, now: float) -> bool:
        """Become unknown when nothing was measured for too long; returns whether that happened."""
        patience = STALE_AFTER * self.check.interval + self.check.timeout
        if self._last_valid is None or now - self._last_valid <= patience:
            return False
        self._forget()
        return True

    def _judge(self, result: Result, *, holds: bool) -> None:
        self._keep(result)
        self._holds.record(good=holds, at=time.time())
        if self._holds.hard is not None:
            self._turn(FlowState.AS_EXPECTED if self._holds.hard else FlowState.BROKEN)

    def _keep(self, result: Result) -> None:
        self.last, self._last_valid = result, result.finished
        self._unproven, self._doubts = None, 0

    def _doubt(self) -> None:
        self._doubts += 1
        if self._doubts >= UNPROVEN_AFTER:
            self._forget()

    def _forget(self) -> None:
        self._last_valid = None
        self._holds.forget()
        self._turn(FlowState.UNKNOWN)

    def _turn(self, state: FlowState) -> None:
        if state is not self.state:
            self.state, self.since = state, time.time()

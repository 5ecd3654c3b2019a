"""The state of one flow: what it does, compared with what is expected of it."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field

from netwatch.core.check import Check
from netwatch.core.result import Outcome, Reason, Result
from netwatch.flows.block import Block, block_in
from netwatch.flows.transition import Doubt, FlowState, RestoredFlow
from netwatch.inventory.flows import Flow
from netwatch.state.check_status import STALE_AFTER
from netwatch.state.hysteresis import Hysteresis
from netwatch.state.target import Sighting

BROKEN_AFTER = 3
"""Results in a row, other than expected, until a flow is called broken."""

UNPROVEN_AFTER = 2
"""Blocks in a row that the silence of the control casts doubt on, until the flow is unknown."""


@dataclass(slots=True)
class FlowStatus:
    """One flow, as seen from this vantage.

    Attributes:
        violations: how many times a flow that must stay blocked passed in this run.
        results: how often each reason was the outcome.
        since: unix time at which the state began.
        last: the last result that counted, which is what the state rests on.
        doubt: why the state is unknown; None while it is not, and before the first result.
        is_scheduled: whether the flow is to be judged now.
    """

    flow: Flow
    check: Check
    state: FlowState = FlowState.UNKNOWN
    since: float | None = None
    violations: int = 0
    results: Counter[Reason] = field(default_factory=Counter)
    last: Result | None = None
    doubt: Doubt | None = None
    is_scheduled: bool = True
    _last_valid: float | None = None
    _holds: Hysteresis = field(default_factory=lambda: Hysteresis(BROKEN_AFTER, 1))
    _unproven: Result | None = None
    _doubts: int = 0
    _restored: RestoredFlow | None = None

    @property
    def control(self) -> str:
        """``site/target`` that has to answer for a block to be believed."""
        return self.flow.control or self.flow.to

    @property
    def is_unproven(self) -> bool:
        """Whether a block is not believed yet, because its control has not answered since."""
        return self._unproven is not None

    @property
    def block(self) -> Block | None:
        """How the flow was blocked at the last result; None when it passed, or that isn't known."""
        if self.last is None or self.state is FlowState.UNKNOWN:
            return None
        return block_in(self.last)

    @property
    def evidence(self) -> dict[str, object]:
        """What the state rests on, in the fixed words of metric labels."""
        if self.doubt is Doubt.CONTROL_SILENT:
            return {"doubt": self.doubt, "control": self.control}
        if self.doubt is not None or self.last is None:
            return {"doubt": self.doubt}
        evidence = {
            "probe": self.check.probe,
            "reason": self.last.reason,
            "detail": self.last.detail,
        }
        return {name: value for name, value in evidence.items() if value}

    @property
    def _max_age(self) -> float:
        """Seconds for which the last result is believed."""
        return STALE_AFTER * self.check.interval + self.check.timeout

    def resume(self, restored: RestoredFlow, ago: float, now: float) -> None:
        """Take over the state of the previous run, as far as it is recent enough.

        Args:
            restored: what that run left in the journal.
            ago: seconds since that run ended.
            now: monotonic seconds.
        """
        self._restored = restored
        # In which way it was blocked is not known: it could pass for a violation.
        is_ambiguous = restored.state is FlowState.BROKEN and self.flow.expect == "blocked"
        if restored.state is FlowState.UNKNOWN or is_ambiguous or ago > self._max_age:
            return
        if restored.state is not FlowState.VIOLATED:
            hard = restored.state is FlowState.AS_EXPECTED
            self._holds.resume(hard=hard, began=restored.since)
        self._last_valid = now - ago
        self.state, self.since = restored.state, restored.since

    def keep_schedule(self, *, is_scheduled: bool) -> None:
        """Begin or cease to judge by the flow's schedule; off schedule it is unknown."""
        if is_scheduled is self.is_scheduled:
            return
        self.is_scheduled = is_scheduled
        self._forget(Doubt.NOT_MEASURED if is_scheduled else Doubt.OFF_SCHEDULE)

    def record(self, result: Result, control: Sighting | None) -> None:
        """Take in one valid result.

        Args:
            result: what came of trying the flow.
            control: how the control was seen last; None when it is not known.
        """
        if self.flow.expect == "pass":
            self._judge(result, holds=result.outcome is Outcome.SUCCESS)
        elif result.outcome is Outcome.SUCCESS or block_in(result) is None:
            self.violations += 1
            self._keep(result)
            self._holds.forget()
            self._set_state(FlowState.VIOLATED, time.time())
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
            self._judge(result, holds=self.flow.by in {None, block_in(result)})
        else:
            self._suspect()

    def expire(self, now: float) -> bool:
        """Become unknown when nothing was measured for too long; returns whether that happened."""
        if self._last_valid is None or now - self._last_valid <= self._max_age:
            return False
        self._forget(Doubt.NOT_MEASURED)
        return True

    def go_blind(self) -> None:
        """Become unknown because the collector sees nothing, unless the flow is violated."""
        if self.state not in {FlowState.UNKNOWN, FlowState.VIOLATED}:
            self._forget(Doubt.NOT_MEASURED)

    def _judge(self, result: Result, *, holds: bool) -> None:
        self._keep(result)
        self._holds.record(good=holds, at=time.time())
        if self._holds.hard is not None:
            state = FlowState.AS_EXPECTED if self._holds.hard else FlowState.BROKEN
            self._set_state(state, self._holds.streak_began)

    def _keep(self, result: Result) -> None:
        self.last, self._last_valid = result, result.finished
        self._unproven, self._doubts = None, 0

    def _suspect(self) -> None:
        self._doubts += 1
        if self._doubts >= UNPROVEN_AFTER:
            self._forget(Doubt.CONTROL_SILENT)

    def _forget(self, doubt: Doubt) -> None:
        self._last_valid = self._unproven = None
        self._holds.forget()
        self.doubt = doubt
        self._set_state(FlowState.UNKNOWN, time.time())

    def _set_state(self, state: FlowState, since: float) -> None:
        """Set the state, since a unix time; the restored state keeps its begin."""
        restored = self._restored
        if state is not FlowState.UNKNOWN:
            self.doubt = self._restored = None
        if restored is not None and restored.state is state:
            since = restored.since
        if state is not self.state:
            self.state, self.since = state, since

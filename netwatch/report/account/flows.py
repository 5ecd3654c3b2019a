"""The account of flows between the Party's and the State's network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from netwatch.core.timeline import Interval, length, overlap, union, without
from netwatch.report.account.history import Facts, FlowSpan, History


@dataclass(frozen=True, slots=True)
class FlowAccount:
    """Flows in a period.

    Attributes:
        required: how many must pass.
        passed: milliseconds in which they did, all of them together.
        broken: in which they didn't.
        violations: when a flow passed that must be blocked.
        breaks: when a required flow didn't pass.
    """

    required: int
    passed: int
    broken: int
    violations: Sequence[FlowSpan]
    breaks: Sequence[FlowSpan]

    @property
    def share(self) -> float | None:
        """Share of the measured time in which the required flows passed; None without any."""
        counted = self.passed + self.broken
        return self.passed / counted if counted else None


def account_of_flows(history: History, facts: Facts, period: Interval) -> FlowAccount:
    """The flows of this collector; a flow that is not measured counts neither way."""
    measured = overlap(history.runs, [period])
    touching = [each for each in history.flows if each.begin < period[1] and each.end > period[0]]
    required = facts.required_flows & facts.watched_flows
    passed = broken = 0
    for flow in required:
        mine = [each for each in touching if each.flow == flow]
        unknown = union((s.begin, s.end) for s in mine if s.state == "unknown")
        bad = union((s.begin, s.end) for s in mine if s.state != "unknown")
        known = without(measured, unknown)
        lost = length(overlap(known, bad))
        broken += lost
        passed += length(known) - lost
    return FlowAccount(
        len(required),
        passed,
        broken,
        [each for each in touching if each.state == "violated"],
        [each for each in touching if each.state == "broken" and each.flow in required],
    )

"""States of flows: their changes, why one is unknown, and what a restart restores."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class FlowState(StrEnum):
    """Whether a flow does what the inventory expects of it."""

    AS_EXPECTED = "as_expected"
    BROKEN = "broken"
    """It must pass and does not, or is blocked in another way than it must be."""
    VIOLATED = "violated"
    """It must stay blocked and passed."""
    UNKNOWN = "unknown"


class Doubt(StrEnum):
    """Why the state of a flow is unknown."""

    NOT_MEASURED = "not_measured"
    CONTROL_SILENT = "control_silent"
    """The flow is silent and so is its control: the line may be dead, which proves no block."""
    OFF_SCHEDULE = "off_schedule"
    """It is not to be judged at this time."""


@dataclass(frozen=True, slots=True)
class FlowChange:
    """A flow has another state now.

    Attributes:
        flow: its id.
        before: the state until now.
        since: unix time at which the new state began.
        at: unix time of this moment.
        evidence: what the new state rests on, in the fixed words of metric labels.
    """

    flow: str
    before: FlowState
    state: FlowState
    since: float
    at: float
    evidence: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class RestoredFlow:
    """The last state of a flow in the previous run.

    Attributes:
        state: the last one.
        since: unix time at which it began.
    """

    state: FlowState
    since: float


@dataclass(frozen=True, slots=True)
class RestoredFlows:
    """The flows of the previous run.

    Attributes:
        known_until: unix time until which that run lasted.
        flows: by id.
    """

    known_until: float
    flows: Mapping[str, RestoredFlow]

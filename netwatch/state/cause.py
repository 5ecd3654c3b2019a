"""Why a target is not up: facts, which become words only where somebody reads them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from netwatch.core.result import Reason


class Figure(StrEnum):
    """A property of the path that has a limit (RFC 2681 round trip, RFC 3550 jitter)."""

    LOSS = "loss"
    ROUND_TRIP = "rtt"
    JITTER = "jitter"


@dataclass(frozen=True, slots=True)
class FailedProbe:
    """A check that fails, and how it failed last."""

    probe: str
    reason: Reason

    def __str__(self) -> str:
        return f"{self.probe} {self.reason}"


@dataclass(frozen=True, slots=True)
class BeyondLimit:
    """A figure that is worse than its class allows; ``value`` is a ratio for loss, else seconds."""

    figure: Figure
    value: float

    def __str__(self) -> str:
        return f"{self.figure} {self.value:.3g}"


@dataclass(frozen=True, slots=True)
class CutLine:
    """One of several lines to a target that answers is cut; ``link`` is its id."""

    link: str

    def __str__(self) -> str:
        return f"{self.link} cut"


Cause = FailedProbe | BeyondLimit | CutLine

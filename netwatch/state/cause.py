"""Why a target is not up, as values; ``str`` gives the words that metric labels use."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from netwatch.core.result import Reason


class Figure(StrEnum):
    """A measure of a path that may have a limit: RFC 2681 round trip, RFC 3550 jitter, loss."""

    LOSS = "loss"
    ROUND_TRIP = "rtt"
    JITTER = "jitter"


@dataclass(frozen=True, slots=True)
class FailedProbe:
    """A check fails.

    Attributes:
        probe: its ``probe`` label.
        reason: of its last failure.
    """

    probe: str
    reason: Reason

    def __str__(self) -> str:
        return f"{self.probe} {self.reason}"


@dataclass(frozen=True, slots=True)
class BeyondLimit:
    """A measure is worse than the target's class allows.

    Attributes:
        figure: which one.
        value: 0 to 1 for loss, else seconds.
    """

    figure: Figure
    value: float

    def __str__(self) -> str:
        return f"{self.figure} {self.value:.3g}"


@dataclass(frozen=True, slots=True)
class CutLine:
    """One of several lines to a target that still answers is cut.

    Attributes:
        line: its id.
    """

    line: str

    def __str__(self) -> str:
        return f"{self.line} cut"


@dataclass(frozen=True, slots=True)
class UnstablePath:
    """One of several lines to a target loses a part of what it should carry.

    Attributes:
        place: the target, ``site/target``.
    """

    place: str

    def __str__(self) -> str:
        return "path unstable"


Cause = FailedProbe | BeyondLimit | CutLine | UnstablePath

"""Errors that a user can cause. Each is one line: what is wrong, where, and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake in a file or a setting.

    Attributes:
        place: ``file:line``, or the name of a setting.
        message: what is wrong and what to do, in one line.
        vi: the same in Vietnamese, where whoever tells it says so himself.
    """

    place: str
    message: str
    vi: str = field(default="", compare=False)

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


class NetwatchError(Exception):
    """Base of the errors that are shown to the user as one line, without a traceback."""


class ConfigError(NetwatchError):
    """Settings or inventory are wrong. Carries every problem found, not only the first."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class StartError(NetwatchError):
    """This machine does not allow what the daemon needs (a port in use, no permission for ICMP)."""

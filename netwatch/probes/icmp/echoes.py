"""The echoes under way: every one that is sent is answered, lost, or still open. Pure; no I/O."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from netwatch.core.check import Check
from netwatch.core.result import StrayKind

REMEMBERED = 10.0
"""Seconds that a closed echo is remembered, to tell a late or repeated reply from a forged one."""


@dataclass(slots=True)
class Echo:
    """One echo request.

    Attributes:
        sent: monotonic seconds just before it was handed to the kernel.
        is_open: it is neither answered nor lost yet.
        is_answered: a reply was taken in time.
    """

    check: Check
    due: float
    token: bytes
    sequence: int
    sent: float
    is_open: bool = True
    is_answered: bool = False


class Echoes:
    """Finds echoes by token, or by address and sequence number, and lets them time out."""

    def __init__(self) -> None:
        self._by_token: dict[bytes, Echo] = {}
        self._by_sequence: dict[tuple[str, int], Echo] = {}
        self._waiting: dict[float, deque[Echo]] = {}
        self._closed: deque[tuple[float, Echo]] = deque()
        self._open = 0

    def __len__(self) -> int:
        """How many are open."""
        return self._open

    def add(self, echo: Echo) -> None:
        """An echo was sent."""
        self._by_token[echo.token] = echo
        self._by_sequence[echo.check.address, echo.sequence] = echo
        # One queue a timeout, so that each queue is in the order of its deadlines.
        self._waiting.setdefault(echo.check.timeout, deque()).append(echo)
        self._open += 1

    def find(self, token: bytes, address: str) -> Echo | None:
        """The echo that a reply from ``address`` belongs to; None for a forged one."""
        echo = self._by_token.get(token)
        return echo if echo is not None and echo.check.address == address else None

    def find_open(self, address: str, sequence: int) -> Echo | None:
        """The open echo to ``address`` with this sequence number."""
        echo = self._by_sequence.get((address, sequence))
        return echo if echo is not None and echo.is_open else None

    def close(self, echo: Echo, now: float, *, answered: bool) -> None:
        """The echo's fate is known."""
        echo.is_open, echo.is_answered = False, answered
        self._open -= 1
        self._closed.append((now + REMEMBERED, echo))
        key = echo.check.address, echo.sequence
        if self._by_sequence.get(key) is echo:
            del self._by_sequence[key]

    def stray(self, echo: Echo) -> StrayKind:
        """What one more reply to a closed echo is; the next one is a duplicate anyway."""
        kind = StrayKind.DUPLICATE if echo.is_answered else StrayKind.LATE
        echo.is_answered = True
        return kind

    def overdue(self, now: float) -> list[Echo]:
        """The open echoes whose timeout has passed; the caller closes them."""
        found = []
        for timeout, waiting in self._waiting.items():
            while waiting and (not waiting[0].is_open or waiting[0].sent + timeout <= now):
                echo = waiting.popleft()
                if echo.is_open:
                    found.append(echo)
        return found

    def forget(self, now: float) -> None:
        """Let go of the echoes that were closed long ago."""
        while self._closed and self._closed[0][0] <= now:
            _, echo = self._closed.popleft()
            del self._by_token[echo.token]

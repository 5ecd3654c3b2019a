"""Who may send traps, and how many: judged before anything of them is parsed.

Parsing a trap costs far more than sending one, so the number that is parsed has a limit for each
sender, and one for all together.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

MAX_OCTETS = 8192
"""Of a datagram; a linkDown with all its variables has some 200."""

SENDER_RATE, SENDER_BURST = 1.0, 10.0
"""Traps a second from one sender in the long run, and at once."""

TOTAL_RATE, TOTAL_BURST = 20.0, 100.0
"""The same of all senders: at 0.9 ms a trap, parsing takes 2 % of a core."""


class TrapVerdict(StrEnum):
    """What became of a datagram; a closed set, because it is a label."""

    ACCEPTED = "accepted"
    UNKNOWN_SENDER = "unknown_sender"
    RATE_LIMITED = "rate_limited"
    TOO_LONG = "too_long"
    UNREADABLE = "unreadable"
    """It is not a trap, or its community, user or keys are not the sender's."""


class TokenBucket:
    """So many at once, and so many a second in the long run."""

    __slots__ = ("_at", "_burst", "_rate", "_tokens")

    def __init__(self, rate: float, burst: float) -> None:
        self._rate = rate
        self._burst = self._tokens = burst
        self._at: float | None = None

    def take(self, now: float) -> bool:
        """Take one, if there is one at this moment (monotonic seconds)."""
        if self._at is not None:
            self._tokens = min(self._burst, self._tokens + (now - self._at) * self._rate)
        self._at = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


class TrapFilter:
    """Lets the traps of known senders in, within the limits."""

    def __init__(self, senders: Iterable[str] = ()) -> None:
        self._senders: dict[str, TokenBucket] = {}
        self._all = TokenBucket(TOTAL_RATE, TOTAL_BURST)
        self.replace(senders)

    def replace(self, senders: Iterable[str]) -> None:
        """From now on these addresses may send."""
        self._senders = {
            sender: self._senders.get(sender) or TokenBucket(SENDER_RATE, SENDER_BURST)
            for sender in senders
        }

    def judge(self, sender: str, octets: int, now: float) -> TrapVerdict:
        """What becomes of a datagram of this length; ACCEPTED if it may be parsed."""
        bucket = self._senders.get(sender)
        if bucket is None:
            return TrapVerdict.UNKNOWN_SENDER
        if octets > MAX_OCTETS:
            return TrapVerdict.TOO_LONG
        if bucket.take(now) and self._all.take(now):
            return TrapVerdict.ACCEPTED
        return TrapVerdict.RATE_LIMITED

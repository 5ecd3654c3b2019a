"""Which datagrams on the trap port are parsed: those of known senders, within rate limits.

Parsing a trap costs far more than sending one, so the number that is parsed has a limit for each
sender, and one for all together.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from netwatch.core.token_bucket import TokenBucket

MAX_OCTETS = 3072
"""Octets of a datagram; a linkDown with all its variables has some 200, and agents send at most
1 472 unless they are told to (RFC 3417, section 3.2). As many variables as fit take 15 ms and
0.9 MB to parse."""

MAX_SENDER_RATE, MAX_SENDER_BURST = 1.0, 10.0
"""Traps of one sender: a second in the long run, and at once."""

MAX_TOTAL_RATE, MAX_TOTAL_BURST = 20.0, 100.0
"""The same of all senders: at 0.9 ms a trap, parsing takes 2 % of a core."""


class TrapVerdict(StrEnum):
    """What became of a datagram: the values of the label ``verdict``."""

    ACCEPTED = "accepted"
    UNKNOWN_SENDER = "unknown_sender"
    RATE_LIMITED = "rate_limited"
    TOO_LONG = "too_long"
    UNREADABLE = "unreadable"
    """It is not a trap, or its community, user or keys are not the sender's."""


class TrapFilter:
    """Decides which datagrams are parsed.

    Args:
        senders: addresses that may send.
    """

    def __init__(self, senders: Iterable[str] = ()) -> None:
        self._senders: dict[str, TokenBucket] = {}
        self._all = TokenBucket(MAX_TOTAL_RATE, MAX_TOTAL_BURST)
        self.replace(senders)

    def replace(self, senders: Iterable[str]) -> None:
        """Let these addresses send from now on; those that stay keep their rate so far."""
        self._senders = {
            sender: self._senders.get(sender) or TokenBucket(MAX_SENDER_RATE, MAX_SENDER_BURST)
            for sender in senders
        }

    def judge(self, sender: str, octets: int, now: float) -> TrapVerdict:
        """Whether a datagram may be parsed.

        Args:
            sender: its source address.
            octets: its length.
            now: monotonic seconds.

        Returns:
            ACCEPTED if so, else the reason why not.
        """
        bucket = self._senders.get(sender)
        if bucket is None:
            return TrapVerdict.UNKNOWN_SENDER
        if octets > MAX_OCTETS:
            return TrapVerdict.TOO_LONG
        if bucket.take(now) and self._all.take(now):
            return TrapVerdict.ACCEPTED
        return TrapVerdict.RATE_LIMITED

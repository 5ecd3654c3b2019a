"""The results of many echoes at once, as columns instead of objects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from netwatch.core.check import Check
from netwatch.core.result import Outcome, Reason, Result, StrayKind
from netwatch.core.streams import Rows

REASONS = tuple(Reason)
"""All reasons; the code of a reason is its place here."""

OK = REASONS.index(Reason.OK)
TIMEOUT = REASONS.index(Reason.TIMEOUT)
LOCAL_ERROR = REASONS.index(Reason.LOCAL_ERROR)

LATE_AFTER = 0.25
"""Seconds after which an echo that has neither been answered nor timed out is reported as late."""

Codes: TypeAlias = NDArray[np.uint8]
Seconds: TypeAlias = NDArray[np.float64]


def outcome(code: int) -> Outcome:
    """The outcome that a reason, given by its code, means."""
    if code == OK:
        return Outcome.SUCCESS
    return Outcome.INVALID if code == LOCAL_ERROR else Outcome.FAILURE


@dataclass(frozen=True, slots=True)
class EchoResults:
    """The results of some echoes, of which all were answered in time, or none.

    A report to an ``EchoSink`` holds no stream twice.

    Attributes:
        rows: the streams, as ``Streams`` numbers them.
        reasons: code of each echo's reason.
        due: monotonic time of each slot, seconds.
        finished: monotonic time at which the results were known, seconds.
        round_trips: seconds; None when none of them was answered in time.
        ttls: time to live or hop limit of each reply, 0 where it is not known; None when there are
            no replies.
        sent: whether the echoes left this machine; if not, all reasons are ``LOCAL_ERROR``.
        details: text for people by place in the columns, e.g. the router that sent an error.
        is_exact: whether the round trips are by the time stamps of the kernel. If not, because a
            clock was set, some last until this machine read the reply, and may be too long.
    """

    rows: Rows
    reasons: Codes
    due: Seconds
    finished: float
    round_trips: Seconds | None = None
    ttls: Codes | None = None
    sent: bool = True
    details: Mapping[int, str] = field(default_factory=dict)
    is_exact: bool = True

    def one(self, place: int, check: Check) -> Result:
        """The result at this place in the columns, as a ``Result`` of its check."""
        code = int(self.reasons[place])
        return Result(
            check=check,
            due=float(self.due[place]),
            finished=self.finished,
            outcome=outcome(code),
            reason=REASONS[code],
            duration=None if self.round_trips is None else float(self.round_trips[place]),
            detail=self.details.get(place, ""),
        )

    def at(self, places: NDArray[np.int64]) -> EchoResults:
        """Only the results at these places in the columns."""
        details = self.details
        if details:
            numbered = enumerate(places.tolist())
            details = {new: details[old] for new, old in numbered if old in details}
        return EchoResults(
            self.rows[places],
            self.reasons[places],
            self.due[places],
            self.finished,
            None if self.round_trips is None else self.round_trips[places],
            None if self.ttls is None else self.ttls[places],
            self.sent,
            details,
            self.is_exact,
        )


class Discard(StrEnum):
    """Why a message that was received was not used."""

    REJECTED = "rejected"
    """A message that belongs to no echo under way: forged, malformed, from elsewhere."""
    CLOCK = "clock"
    """A time stamp that could not be true, because a clock was stepped."""
    OVERFLOW = "overflow"
    """A message that the kernel dropped, because it was not read in time."""


class EchoAccount(Protocol):
    """Counts what becomes of echo streams. Must return at once and must not raise."""

    def sent(self, rows: Rows) -> None:
        """An echo of each of these streams was sent."""

    def settled(self, results: EchoResults) -> None:
        """These results are known now."""

    def stray(self, rows: Rows, kind: StrayKind) -> None:
        """Replies came late or twice, one for each row; a row may occur several times."""

    def path_mtu(self, row: int, octets: int) -> None:
        """A router reported how many octets a packet to the target of this stream may have."""

    def discarded(self, kind: Discard, messages: int) -> None:
        """So many messages, or their time stamps, could not be used."""


class EchoSink(EchoAccount, Protocol):
    """Where a probe reports echo streams to. Must return at once and must not raise."""

    def late(self, rows: Rows) -> None:
        """The echoes of these streams are still open after ``LATE_AFTER``; each stream once."""

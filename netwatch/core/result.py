"""What a probe says: the outcome of one slot of one check."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from netwatch.core.check import Check


class Reason(StrEnum):
    """Why a probe succeeded or did not. A closed set, because it becomes a label value."""

    OK = "ok"
    TIMEOUT = "timeout"
    REFUSED = "refused"
    """A reset, or ICMP port unreachable from the address itself: it answered, and said no."""
    RESET = "reset"
    """The connection was made, then torn down by the peer."""
    HOST_UNREACHABLE = "host_unreachable"
    NETWORK_UNREACHABLE = "network_unreachable"
    PROHIBITED = "prohibited"
    """A firewall said no by ICMP: prohibited, or port unreachable in place of the address."""
    TTL_EXCEEDED = "ttl_exceeded"
    SILENT = "silent"
    """The connection was made, and then not an octet came."""
    TARPIT = "tarpit"
    """Connected and then held up: no window to send into, or an answer that comes in crumbs."""
    PROTOCOL_ERROR = "protocol_error"
    """The device answered something that its protocol does not allow."""
    UNEXPECTED_ANSWER = "unexpected_answer"
    """A sound answer, but not the one that the check wants: another status, another content."""
    CERTIFICATE_EXPIRED = "certificate_expired"
    CERTIFICATE_INVALID = "certificate_invalid"
    """No chain to a trusted authority, another name, not valid yet."""
    AUTHENTICATION = "authentication"
    BAD_AGENT = "bad_agent"
    """The agent repeats itself or never ends."""
    NO_RESULT = "no_result"
    """Who was asked to measure did not answer, or has no result that is new."""
    LOCAL_ERROR = "local_error"
    """This machine could not measure (no buffer, no file descriptor, stalled loop)."""


class Outcome(StrEnum):
    """Whether the slot counts, and for what."""

    SUCCESS = "success"
    FAILURE = "failure"
    INVALID = "invalid"
    """Nothing was measured. Such a result changes no state: not measured is never down."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One value read from a device, under the name and labels that it is exposed with."""

    name: str
    labels: tuple[tuple[str, str], ...]
    value: float


SeriesKey = tuple[str, tuple[tuple[str, str], ...]]
"""Name and labels of a sample."""


@dataclass(frozen=True, slots=True)
class Readings:
    """The samples of one poll, kept apart from what they are samples of.

    A switch gives some 1 500 values a poll, and their names and labels hardly ever change; so they
    are made once, and a value costs as much as a number.

    Attributes:
        series: name and labels of each value; the very same object as in the poll before, as long
            as the device shows the same things, so that a receiver may keep what it made of it.
        values: one for each of ``series``.
        capped: the device had more, which was left out.
        incomplete: names of the tables that were not read as a whole.
    """

    series: tuple[SeriesKey, ...] = ()
    values: Sequence[float] = ()
    capped: bool = False
    incomplete: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.series)

    def __iter__(self) -> Iterator[Sample]:
        for (name, labels), value in zip(self.series, self.values, strict=True):
            yield Sample(name, labels, value)


NOTHING_READ = Readings()


@dataclass(frozen=True, slots=True)
class Result:
    """The outcome of one slot of one check.

    Attributes:
        check: what was measured.
        due: monotonic time of the slot, seconds.
        finished: monotonic time at which the outcome was known, seconds.
        outcome: success, failure, or invalid (not measured).
        reason: why.
        duration: seconds the device took to answer (round trip, connect, whole walk); None when
            it gave no answer.
        samples: values read from the device.
        facts: what a probe learnt of a service besides, e.g. when its certificate ends; only
            those that the kind of probe declares.
        detail: one short line for people, e.g. the router that sent an ICMP error. Never a secret.
        crossed: something that the service sent came back, however the slot ended: what crossed a
            border once proves that it is open.
    """

    check: Check
    due: float
    finished: float
    outcome: Outcome
    reason: Reason
    duration: float | None = None
    samples: Readings = NOTHING_READ
    detail: str = ""
    facts: tuple[Sample, ...] = ()
    crossed: bool = False


class StrayKind(StrEnum):
    """A reply that belongs to no open slot."""

    LATE = "late"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class Stray:
    """A reply to a check that came after its slot was closed, or once more."""

    check: Check
    kind: StrayKind


Report = Result | Stray
"""What probes report to state and metrics, echo streams excepted."""

Sink = Callable[[Report], None]
"""Where a probe reports to. Must return at once and must not raise."""

"""What a probe says: the outcome of one slot of one check."""

from __future__ import annotations

from collections.abc import Callable
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
    """A reset, or ICMP port unreachable: someone answered, and said no."""
    RESET = "reset"
    """The connection was made, then torn down by the peer."""
    HOST_UNREACHABLE = "host_unreachable"
    NETWORK_UNREACHABLE = "network_unreachable"
    PROHIBITED = "prohibited"
    """ICMP administratively prohibited: a firewall said no."""
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
    """The agent repeats itself, goes backwards or never ends."""
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
        facts: what a probe learnt of a service besides, e.g. when its certificate ends; of the
            kinds in ``netwatch.core.facts``.
        detail: one short line for people, e.g. the router that sent an ICMP error. Never a secret.
    """

    check: Check
    due: float
    finished: float
    outcome: Outcome
    reason: Reason
    duration: float | None = None
    samples: tuple[Sample, ...] = ()
    detail: str = ""
    facts: tuple[Sample, ...] = ()


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
"""All that travels from probes to state and metrics."""

Sink = Callable[[Report], None]
"""Where a probe reports to. Must return at once and must not raise."""

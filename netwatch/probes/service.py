"""Probes that speak to one service at one address, over TCP, TLS or UDP."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import replace

from netwatch.core.check import Check
from netwatch.core.result import Outcome, Reason, Sink
from netwatch.net.errors import NetworkError
from netwatch.net.peer import Peer, speak_to
from netwatch.probes.certificates import certificate_facts
from netwatch.probes.tasks import Measured, P, TaskProbe

MAX_CONCURRENT = 512
"""Slots that are under way at one time; each holds a file descriptor."""

_RESERVE = 0.05
"""Seconds before the timeout at which a slot ends, so that it can be said how far it came."""


class ServiceProbe(TaskProbe[P]):
    """Base of the probes that speak to a service."""

    def __init__(self, sink: Sink) -> None:
        super().__init__(sink, MAX_CONCURRENT)

    @abstractmethod
    async def ask(self, check: Check[P], peer: Peer) -> Measured:
        """Speak to the service and judge what it says; may raise NetworkError.

        Args:
            check: what is measured.
            peer: makes the connections, which end with the slot.
        """

    async def measure(self, check: Check[P]) -> Measured:
        """Ask, and say how it ended."""
        seconds = check.timeout - min(_RESERVE, check.timeout / 10)
        peer: Peer | None = None
        try:
            async with speak_to(check.address, seconds) as peer:
                return await self.ask(check, peer)
        except NetworkError as error:
            failure = self.without_answer(error)
            return failure if peer is None else _with_what_came(failure, peer)

    def without_answer(self, error: NetworkError) -> Measured:
        """The outcome of a slot that ended with an error."""
        return failed(error)


def _with_what_came(failure: Measured, peer: Peer) -> Measured:
    """A failure with what is known all the same: that an answer began, and the certificate."""
    facts = failure.facts + certificate_facts(peer.certificate_end)
    return replace(failure, crossed=peer.has_answered, facts=facts)


def failed(error: NetworkError) -> Measured:
    """A failure of the target; not measured, when it was this machine that failed."""
    is_local = error.reason is Reason.LOCAL_ERROR
    outcome = Outcome.INVALID if is_local else Outcome.FAILURE
    return Measured(outcome, error.reason, detail=error.detail)

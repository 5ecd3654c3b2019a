"""What the probes of meeting endpoints have in common: what it means when there is no answer."""

from __future__ import annotations

import ssl
from abc import abstractmethod
from dataclasses import replace

from netwatch.core.check import Check
from netwatch.core.facts import endpoint_facts
from netwatch.core.result import Outcome, Reason
from netwatch.probes.sockets import failed
from netwatch.probes.tasks import Measured, P, TaskProbe


class PeerError(Exception):
    """There will be no answer; carries what that comes to."""

    def __init__(self, measured: Measured) -> None:
        super().__init__(measured.detail)
        self.measured = measured


class BabbleError(PeerError):
    """The peer sends, and nothing of it is an answer."""

    def __init__(self) -> None:
        detail = "what it sends is no answer"
        super().__init__(Measured(Outcome.FAILURE, Reason.PROTOCOL_ERROR, detail=detail))


class EndpointProbe(TaskProbe[P]):
    """Base of the probes that ask an endpoint one question a slot."""

    @abstractmethod
    async def ask(self, check: Check[P]) -> Measured:
        """Ask and judge the answer; PeerError, EOFError and OSError may come out of it."""

    async def measure(self, check: Check[P]) -> Measured:
        """Ask, and say what it means when there is no answer."""
        try:
            return await self.ask(check)
        except PeerError as error:
            return without_answer(error.measured)
        except EOFError:
            detail = "hung up instead of answering"
            return without_answer(Measured(Outcome.FAILURE, Reason.RESET, detail=detail))
        except ssl.SSLError as error:  # its errno is a number of OpenSSL's, not the kernel's
            detail = f"TLS: {error.reason or 'broken off'}".replace("_", " ").lower()
            return without_answer(Measured(Outcome.FAILURE, Reason.PROTOCOL_ERROR, detail=detail))
        except OSError as error:
            return without_answer(failed(error))

    def silence(self, check: Check[P]) -> Measured:
        """Nothing came."""
        return without_answer(super().silence(check))


_FROM_SOMEONE = {Reason.REFUSED, Reason.RESET, Reason.PROTOCOL_ERROR, Reason.SILENT, Reason.TARPIT}
_UNTRUSTED = {Reason.CERTIFICATE_EXPIRED, Reason.CERTIFICATE_INVALID}


def without_answer(measured: Measured) -> Measured:
    """The same with the facts: nobody could call it now.

    A refusal or a reset comes from someone, so the address is there; of silence that isn't known.
    """
    if measured.outcome is Outcome.INVALID:
        return measured
    if measured.reason in _UNTRUSTED:  # it spoke, but not to us
        return replace(measured, facts=endpoint_facts(reachable=True))
    reachable = True if measured.reason in _FROM_SOMEONE else None
    if measured.reason is Reason.HOST_UNREACHABLE:
        reachable = False
    known = endpoint_facts(reachable=reachable, stack_alive=False, ready=False)
    return replace(measured, facts=known)

"""What the kernel's errors say: about the target, or only about this machine."""

from __future__ import annotations

import errno
import ssl
from dataclasses import replace

from netwatch.core.facts import endpoint_facts
from netwatch.core.result import Outcome, Reason
from netwatch.probes.tasks import Measured

_REMOTE = {
    errno.ECONNREFUSED: Reason.REFUSED,
    errno.ECONNRESET: Reason.RESET,
    errno.EPIPE: Reason.RESET,
    errno.EHOSTUNREACH: Reason.HOST_UNREACHABLE,
    errno.EACCES: Reason.PROHIBITED,
    errno.ETIMEDOUT: Reason.TIMEOUT,
}
_LOCAL = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM, errno.EADDRNOTAVAIL}
_LOCAL |= {errno.EPERM, errno.ENETUNREACH, errno.ENETDOWN, errno.EAFNOSUPPORT}
"""This machine has no route, no buffer, no descriptor: it says nothing about the target."""


def refusal(error: OSError) -> Measured:
    """The outcome of a conversation that the kernel ended with an error."""
    if isinstance(error, ssl.SSLError):  # its errno is a number of OpenSSL's, not the kernel's
        detail = f"TLS: {error.reason or 'broken off'}".replace("_", " ").lower()
        return Measured(Outcome.FAILURE, Reason.PROTOCOL_ERROR, detail=detail)
    if error.errno in _LOCAL:
        return Measured(Outcome.INVALID, Reason.LOCAL_ERROR, detail=error.strerror or "")
    reason = _REMOTE.get(error.errno or 0, Reason.PROTOCOL_ERROR)
    return Measured(Outcome.FAILURE, reason, detail=error.strerror or "")


def without_answer(measured: Measured) -> Measured:
    """The same outcome with what it means for an endpoint: nobody could call it now.

    A refusal or a reset comes from someone, so the address is there; of silence that isn't known.
    """
    if measured.outcome is Outcome.INVALID:
        return measured
    reachable = True if measured.reason in _FROM_SOMEONE else None
    if measured.reason is Reason.HOST_UNREACHABLE:
        reachable = False
    return replace(
        measured, facts=endpoint_facts(reachable=reachable, stack_alive=False, ready=False)
    )


_FROM_SOMEONE = {Reason.REFUSED, Reason.RESET, Reason.PROTOCOL_ERROR}

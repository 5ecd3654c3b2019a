"""Why a poll fails, and what the errors of gufo_snmp and the kernel mean."""

from __future__ import annotations

import errno
import re

from gufo.snmp import SnmpAuthError, SnmpError

from netwatch.core.result import Outcome, Reason

_REMOTE = {
    errno.ECONNREFUSED: Reason.REFUSED,
    errno.EHOSTUNREACH: Reason.HOST_UNREACHABLE,
    errno.EACCES: Reason.PROHIBITED,
}


class PollError(Exception):
    """The poll can't go on. Its text is shown to people and never holds a secret.

    Attributes:
        reason: what went wrong.
        detail: the text.
        outcome: INVALID where it says nothing about the device.
    """

    def __init__(self, reason: Reason, detail: str, outcome: Outcome = Outcome.FAILURE) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail
        self.outcome = outcome


class UnreadableError(PollError):
    """An answer came that can't be decoded: garbage, or longer than the buffer."""

    def __init__(self) -> None:
        super().__init__(Reason.PROTOCOL_ERROR, "the answer is not readable as SNMP")


class SnmpRefusedError(PollError):
    """The agent does not accept the credential, or (v3) what we take for its boots and time."""

    def __init__(self) -> None:
        super().__init__(Reason.AUTHENTICATION, "the agent refused the credential")


def explained(error: BaseException) -> PollError | None:
    """The PollError that an error of one request stands for; None for a mistake in our own code.

    gufo_snmp decodes in Rust and checks some bounds only by panicking, so that any datagram can
    raise ``PanicException``, which is not an ``Exception``. The panic unwinds cleanly; only the
    socket's one datagram is lost.
    """
    match error:
        case SnmpAuthError():
            return SnmpRefusedError()
        case SnmpError() | RuntimeError():  # RuntimeError: a value that has no form in Python
            return UnreadableError()
        case TimeoutError():  # gufo_snmp's name for ECONNREFUSED
            return PollError(Reason.REFUSED, "nothing listens on the port")
        case OSError():
            return _from_kernel(str(error))
    return UnreadableError() if type(error).__name__ == "PanicException" else None


def _from_kernel(message: str) -> PollError:
    """gufo_snmp gives the number of an OSError only within its text: ``... (os error 113)``."""
    found = re.search(r"\(os error (\d+)\)", message)
    number = int(found[1]) if found else 0
    if reason := _REMOTE.get(number):
        return PollError(reason, message)
    return PollError(Reason.LOCAL_ERROR, message, Outcome.INVALID)

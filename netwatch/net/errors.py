"""Why the network or the peer did not do what was asked: one kind of error for all of that."""

from __future__ import annotations

import errno
import os
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from netwatch.core.result import Reason
from netwatch.net.icmp import Refusal

MAX_DETAIL = 80
"""Characters of what a peer said that are shown."""

_EXPIRED = 10  # X509_V_ERR_CERT_HAS_EXPIRED, openssl/x509_vfy.h

_REMOTE_ERRORS = {
    errno.ECONNREFUSED: Reason.REFUSED,
    errno.ECONNRESET: Reason.RESET,
    errno.EPIPE: Reason.RESET,
    errno.EHOSTUNREACH: Reason.HOST_UNREACHABLE,
    errno.EACCES: Reason.PROHIBITED,
    errno.ETIMEDOUT: Reason.TIMEOUT,
}
_LOCAL_ERRORS = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM, errno.EADDRNOTAVAIL}
_LOCAL_ERRORS |= {errno.EPERM, errno.ENETUNREACH, errno.ENETDOWN, errno.EAFNOSUPPORT}
"""This machine has no route, no buffer, no descriptor: it says nothing about the target."""


class NetworkError(Exception):
    """There is no answer, or it is not the one that was asked for.

    Attributes:
        reason: why; ``LOCAL_ERROR`` when it is this machine that could not do its part.
        detail: a few words for people, e.g. who refused. Never a secret.
    """

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(detail or str(reason))
        self.reason = reason
        self.detail = detail


class NoAnswerError(NetworkError):
    """The peer sends, and nothing of it is an answer by its protocol."""

    def __init__(self, detail: str = "what it sends is no answer") -> None:
        super().__init__(Reason.PROTOCOL_ERROR, detail)


class TooMuchError(OSError):
    """A socket was sent more than a conversation needs.

    It is an OSError because asyncio takes those for the end of a connection, and logs others.
    """


def explain(error: OSError | EOFError, refusal: Refusal | None = None) -> NetworkError:
    """What an error of a socket, of TLS or of a stream says.

    Args:
        error: as Python or the kernel raised it.
        refusal: what ICMP said of the socket, which is more than the kernel's error number.
    """
    if isinstance(error, EOFError):
        return NetworkError(Reason.RESET, "closed by the peer")
    if isinstance(error, ssl.SSLError):  # its errno is a number of OpenSSL's, not the kernel's
        return _tls_error(error)
    if isinstance(error, TooMuchError):
        return NetworkError(Reason.PROTOCOL_ERROR, "more came than is taken")
    if refusal is not None:
        return NetworkError(refusal.reason, f"from {refusal.sender}" if refusal.sender else "")
    return _kernel_error(error)


@contextmanager
def explained(refusal: Callable[[], Refusal | None]) -> Iterator[None]:
    """Raise what goes wrong within as NetworkError.

    Args:
        refusal: asked, when something went wrong, what ICMP said.
    """
    try:
        yield
    except (OSError, EOFError) as error:
        raise explain(error, refusal()) from None


def printable(text: str) -> str:
    """One short line of what a peer said."""
    return "".join(c if c.isprintable() else "?" for c in text[:MAX_DETAIL])


def _tls_error(error: ssl.SSLError) -> NetworkError:
    if isinstance(error, ssl.SSLCertVerificationError):
        expired = error.verify_code == _EXPIRED
        reason = Reason.CERTIFICATE_EXPIRED if expired else Reason.CERTIFICATE_INVALID
        return NetworkError(reason, printable(error.verify_message))
    # Python itself raises some without a reason.
    words = (getattr(error, "reason", None) or "broken off").replace("_", " ").lower()
    return NetworkError(Reason.PROTOCOL_ERROR, printable(f"TLS: {words}"))


def _kernel_error(error: OSError) -> NetworkError:
    if error.errno is None and isinstance(error, ConnectionError):
        return NetworkError(Reason.RESET, "closed by the peer")  # asyncio's own, without a number
    # The kernel's words: asyncio's "Connect call failed" with an address in it tells nobody more.
    detail = os.strerror(error.errno) if error.errno else ""
    if error.errno in _LOCAL_ERRORS:
        return NetworkError(Reason.LOCAL_ERROR, detail)
    return NetworkError(_REMOTE_ERRORS.get(error.errno or 0, Reason.PROTOCOL_ERROR), detail)

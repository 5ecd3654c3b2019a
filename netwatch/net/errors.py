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

_CERTIFICATE_ERRORS = {10: Reason.CERTIFICATE_EXPIRED, 17: Reason.LOCAL_ERROR}
"""X509_V_ERR_CERT_HAS_EXPIRED, X509_V_ERR_OUT_OF_MEM (openssl/x509_vfy.h); others are invalid."""

_REMOTE_ERRORS = {
    errno.ECONNREFUSED: Reason.REFUSED,
    errno.ECONNRESET: Reason.RESET,
    errno.ECONNABORTED: Reason.RESET,
    errno.ENETRESET: Reason.RESET,
    errno.ENOTCONN: Reason.RESET,
    errno.ESHUTDOWN: Reason.RESET,
    errno.EPIPE: Reason.RESET,
    errno.EHOSTUNREACH: Reason.HOST_UNREACHABLE,
    errno.EHOSTDOWN: Reason.HOST_UNREACHABLE,
    errno.ENONET: Reason.HOST_UNREACHABLE,
    errno.EACCES: Reason.PROHIBITED,
    errno.ETIMEDOUT: Reason.TIMEOUT,
    errno.EPROTO: Reason.PROTOCOL_ERROR,
    errno.ENOPROTOOPT: Reason.PROTOCOL_ERROR,
    errno.EOPNOTSUPP: Reason.PROTOCOL_ERROR,
    errno.EREMOTEIO: Reason.PROTOCOL_ERROR,
}
"""What the kernel makes of a packet that came, or of one that didn't. Any other number is this
machine's: no route, no buffer, no descriptor, a mistake. It says nothing about the target."""

_LOCAL_TLS_ERRORS = {"MALLOC_FAILURE", "INTERNAL_ERROR", "LIBRARY_HAS_NO_CIPHERS"}
_LOCAL_TLS_ERRORS |= {"NO_CIPHERS_AVAILABLE", "NO_PROTOCOLS_AVAILABLE"}
"""Of OpenSSL's reasons those that this end raises by itself, before the peer said anything."""


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

    def after(self, words: str) -> NetworkError:
        """The same, with words before it that say how far it had come."""
        reason = self.reason.replace("_", " ")
        detail = "" if reason in self.detail.lower() else self.detail
        return NetworkError(self.reason, " ".join(filter(None, (words, reason, detail))))


class NoAnswerError(NetworkError):
    """The peer sends, and nothing of it is an answer by its protocol."""

    def __init__(self, detail: str = "what it sends is no answer") -> None:
        super().__init__(Reason.PROTOCOL_ERROR, detail)


class TooMuchError(OSError):
    """A socket was sent more than a conversation needs.

    It is an OSError because asyncio takes those for the end of a connection, and logs others.
    """


def explain(
    error: OSError | EOFError, refusal: Refusal | None = None, *, connected: bool = False
) -> NetworkError:
    """What an error of a socket, of TLS or of a stream says.

    Args:
        error: as Python or the kernel raised it.
        refusal: what ICMP said of the socket, which is more than the kernel's error number.
        connected: it befell a TCP connection that was made, for which no route is looked up.
    """
    if isinstance(error, EOFError | ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return NetworkError(Reason.RESET, "closed by the peer")
    if isinstance(error, ssl.SSLError):  # its errno is a number of OpenSSL's, not the kernel's
        return _tls_error(error)
    if isinstance(error, TooMuchError):
        return NetworkError(Reason.PROTOCOL_ERROR, "more came than is taken")
    if refusal is not None:
        return NetworkError(refusal.reason, f"from {refusal.sender}" if refusal.sender else "")
    return _kernel_error(error, connected=connected)


@contextmanager
def explained(refusal: Callable[[], Refusal | None], *, connected: bool = False) -> Iterator[None]:
    """Raise what goes wrong within as NetworkError.

    Args:
        refusal: asked, when something went wrong, what ICMP said.
        connected: see ``explain``.
    """
    try:
        yield
    except (OSError, EOFError) as error:
        raise explain(error, refusal(), connected=connected) from None


def printable(text: str) -> str:
    """One short line of what a peer said."""
    return "".join(c if c.isprintable() else "?" for c in text[:MAX_DETAIL])


def _tls_error(error: ssl.SSLError) -> NetworkError:
    if isinstance(error, ssl.SSLCertVerificationError):
        # Python raises some by itself, without OpenSSL's code and words.
        code = int(getattr(error, "verify_code", None) or 0)
        words = getattr(error, "verify_message", None) or str(error)
        reason = _CERTIFICATE_ERRORS.get(code, Reason.CERTIFICATE_INVALID)
        return NetworkError(reason, printable(words))
    name = getattr(error, "reason", None)
    reason = Reason.LOCAL_ERROR if name in _LOCAL_TLS_ERRORS else Reason.PROTOCOL_ERROR
    # Python itself raises some without a reason.
    return NetworkError(reason, printable(f"TLS: {name or 'broken off'}"))


def _kernel_error(error: OSError, *, connected: bool) -> NetworkError:
    number = error.errno
    if number is None and isinstance(error, ConnectionError):
        return NetworkError(Reason.RESET, "closed by the peer")  # asyncio's own, without a number
    if number is None and isinstance(error, TimeoutError):
        return NetworkError(Reason.TIMEOUT)
    # The kernel's words: asyncio's "Connect call failed" with an address in it tells nobody more.
    detail = os.strerror(number) if number else printable(str(error))
    if connected and number == errno.ENETUNREACH:
        return NetworkError(Reason.NETWORK_UNREACHABLE, detail)
    return NetworkError(_REMOTE_ERRORS.get(number or 0, Reason.LOCAL_ERROR), detail)

"""Until when a server's certificates hold: the earliest end of the whole chain that was used.

An authority's certificate that ends before the server's own takes the service down as well, so the
leaf alone would promise too much. Python has no public way to the chain before 3.13, nor to the
certificates of a handshake that failed; both are asked of the object that ``ssl`` keeps inside
(docs/decisions/0025-the-whole-chain-counts.md). Where a Python lacks it, the leaf alone counts.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from typing import Any

MAX_CHAIN = 32
"""Certificates of a chain that are looked at."""


_TOLD_BY_OPENSSL = ("reason", "library", "verify_code", "verify_message")
"""Attributes of an error of ``ssl`` that are not among its arguments."""


class CertificateRefusedError(ssl.SSLCertVerificationError):
    """A server's certificate was refused in the handshake.

    Attributes:
        certificate_end: when the chain that was shown ends to be valid, Unix seconds; None where
            that can't be told.
    """

    certificate_end: float | None = None


class VerifyingTls(ssl.SSLObject):
    """A TLS session that tells of a certificate which it refuses."""

    def do_handshake(self) -> None:
        """Shake hands.

        Raises:
            CertificateRefusedError: the certificate is not to be trusted.
            ssl.SSLError: as of any session.
        """
        try:
            super().do_handshake()
        except ssl.SSLCertVerificationError as error:
            refused = CertificateRefusedError(*error.args)
            for name in _TOLD_BY_OPENSSL:
                setattr(refused, name, getattr(error, name))
            refused.certificate_end = chain_end(self)
            raise refused from None


def chain_end(tls: ssl.SSLObject | ssl.SSLSocket | None) -> float | None:
    """When the first certificate of a session's chain ends to be valid, Unix seconds.

    Args:
        tls: a session whose certificate is verified; None without TLS.

    Returns:
        None where no certificate was shown, or none was looked at.
    """
    if tls is None or tls.context.verify_mode is ssl.CERT_NONE:
        return None
    return min(_ends(tls), default=None)


def _ends(tls: ssl.SSLObject | ssl.SSLSocket) -> Iterator[float]:
    """The end of each certificate, Unix seconds."""
    for certificate in _chain(tls)[:MAX_CHAIN]:
        if "notAfter" in certificate:
            yield float(ssl.cert_time_to_seconds(str(certificate["notAfter"])))


def _chain(tls: ssl.SSLObject | ssl.SSLSocket) -> list[dict[str, Any]]:
    """The certificates from the server's to the authority's, as ``getpeercert`` shows one."""
    inner = getattr(tls, "_sslobj", None)
    for name in ("get_verified_chain", "get_unverified_chain"):
        certificates: list[Any] | None = getattr(inner, name, list)()
        if certificates:
            return [certificate.get_info() for certificate in certificates]
    try:
        leaf = tls.getpeercert()
    except ValueError:  # the handshake is not over
        return []
    return [leaf] if leaf else []

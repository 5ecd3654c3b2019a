"""Whom TLS trusts: the system's authorities, those of a file that is named, or anybody."""

from __future__ import annotations

import re
import ssl
from functools import cache, lru_cache
from pathlib import Path
from stat import S_ISREG
from typing import Annotated

from pydantic import AfterValidator

MAX_BUNDLE_OCTETS = 1024 * 1024
"""Octets of a bundle; that of the operating system has about 200 KiB."""

SYSTEM = "system"
"""Stands for the authorities that the operating system trusts."""


def _bundle(value: str) -> str:
    """Refuses what is no bundle when the inventory is read, and not when the first slot is due."""
    trust(value)
    return value


Bundle = Annotated[str, AfterValidator(_bundle)]
"""Path of a file with certificates in PEM form, or ``system``."""


def _host_name(value: str) -> str:
    label = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
    if len(value) > 253 or not re.fullmatch(rf"{label}(?:\.{label})*", value):
        raise ValueError(f"{value[:64]!r} is not a host name; write e.g. mail.haiduong.gov.vn")
    return value.lower()


HostName = Annotated[str, AfterValidator(_host_name)]
"""What the server is called (RFC 1123). It is never looked up."""


def trust(bundle: str) -> ssl.SSLContext:
    """What is needed to judge a server by the authorities in ``bundle``.

    TLS 1.2 or later; chain and name are verified. A file that changed is read anew.

    Raises:
        ValueError: there is no such file, or no certificate in it.
    """
    if bundle == SYSTEM:
        return _context(bundle, (0, 0))
    try:
        state = Path(bundle).stat()
    except (OSError, ValueError):
        raise _unfit(bundle) from None
    if not S_ISREG(state.st_mode) or state.st_size > MAX_BUNDLE_OCTETS:
        raise _unfit(bundle)
    return _context(bundle, (state.st_mtime_ns, state.st_size))


@cache
def any_certificate() -> ssl.SSLContext:
    """TLS 1.2 or later, with whatever certificate the server shows.

    Whether a service answers does not depend on who signed for it, and meeting devices sign for
    themselves.
    """
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def certificate_end(tls: ssl.SSLObject | ssl.SSLSocket | None) -> float | None:
    """When the certificate of a verified connection ends to be valid, Unix seconds; else None."""
    certificate = tls.getpeercert() if tls is not None else None
    if not certificate or "notAfter" not in certificate:
        return None
    return float(ssl.cert_time_to_seconds(str(certificate["notAfter"])))


@lru_cache(maxsize=64)
def _context(bundle: str, _version: tuple[int, int]) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=None if bundle == SYSTEM else bundle)
    except OSError:  # ssl.SSLError is one
        raise _unfit(bundle) from None


def _unfit(bundle: str) -> ValueError:
    return ValueError(f"{bundle[:64]!r} is not a readable file of PEM certificates")

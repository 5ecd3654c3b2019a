"""Whom TLS trusts: the system's authorities, those of a file that is named, or anybody."""

from __future__ import annotations

import os
import ssl
from functools import cache, lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator

from netwatch.core.result import Reason
from netwatch.disk.reading import read_file
from netwatch.net.chain import VerifyingTls
from netwatch.net.errors import NetworkError
from netwatch.net.names import host_name

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


HostName = Annotated[str, AfterValidator(host_name)]
"""What the server is called, as it stands in a certificate. It is never looked up."""

Versions = tuple[tuple[int, ...] | None, ...]
"""States of files on disk: a change in any of them makes another one."""


def trust(bundle: str) -> ssl.SSLContext:
    """What is needed to judge a server by the authorities in ``bundle``.

    TLS 1.2 or later; chain and name are verified. What changed on disk is read anew, the
    operating system's own store too.

    Raises:
        ValueError: there is no such file, or no certificate in it.
    """
    if bundle == SYSTEM:
        return _context(bundle, _system_store())
    try:
        state = Path(bundle).stat()
    except (OSError, ValueError):
        raise _unfit(bundle) from None
    return _context(bundle, (_version(state),))


def trust_now(bundle: str) -> ssl.SSLContext:
    """``trust`` for a slot: a file that was there when the inventory was read may be gone.

    Raises:
        NetworkError: it can't be read now, which is no fault of the peer's.
    """
    try:
        return trust(bundle)
    except ValueError as error:
        raise NetworkError(Reason.LOCAL_ERROR, str(error)) from None


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


def _system_store() -> Versions:
    """Where OpenSSL finds the system's authorities, each with the state that it has on disk."""
    paths = ssl.get_default_verify_paths()
    versions = []
    for path in (paths.cafile, paths.capath):
        try:
            versions.append(_version(Path(path).stat()) if path else None)
        except OSError:
            versions.append(None)
    return tuple(versions)


def _version(state: os.stat_result) -> tuple[int, ...]:
    return state.st_ino, state.st_ctime_ns, state.st_mtime_ns, state.st_size


@lru_cache(maxsize=64)
def _context(bundle: str, _versions: Versions) -> ssl.SSLContext:
    try:
        pem = None if bundle == SYSTEM else _pem(Path(bundle))
        context = ssl.create_default_context(cadata=pem)
    except OSError:  # ssl.SSLError is one
        raise _unfit(bundle) from None
    context.sslobject_class = VerifyingTls
    return context


def _pem(bundle: Path) -> str:
    """What is in the file; people write comments there in any language, which OpenSSL refuses."""
    pem = read_file(bundle, MAX_BUNDLE_OCTETS).decode("ascii", "ignore")
    if not pem:  # for OpenSSL's default context, nothing stands for the system's authorities
        raise OSError
    return pem


def _unfit(bundle: str) -> ValueError:
    return ValueError(f"{bundle[:64]!r} is not a readable file of PEM certificates")

"""Names of hosts and domains as people write them, and as certificates have them."""

from __future__ import annotations

import re

import idna

MAX_NAME = 253
"""Characters of a name in messages (RFC 1035, section 2.3.4)."""

_LABEL = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
_NAME = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")


def host_name(value: str) -> str:
    """A host's name in lower case ASCII, without the last dot (RFC 1123, RFC 5891).

    Letters beyond ASCII, as in ``hải-dương.vn``, become what certificates and name servers have:
    ``xn--hi-dng-6wb3j9441a.vn``.

    Raises:
        ValueError: it is no name; the message says what to write.
    """
    name = plain_name(value)
    if len(name) > MAX_NAME or not _NAME.fullmatch(name):
        raise ValueError(f"{value[:64]!r} is not a host name; write e.g. mail.haiduong.gov.vn")
    return name


def plain_name(name: str) -> str:
    """A name in the one form in which names are compared: ASCII, lower case, without last dot."""
    return to_ascii(name).removesuffix(".").lower()


def to_ascii(name: str) -> str:
    """A name with its letters beyond ASCII encoded; one that is ASCII, or can't be, as it is."""
    if name.isascii() or len(name) > MAX_NAME:
        return name
    try:
        return idna.encode(name, uts46=True).decode()
    except UnicodeError:  # idna.IDNAError is one
        return name

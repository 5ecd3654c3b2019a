"""Unpacks bodies that were packed though nobody asked for it: gzip and deflate, bounded."""

from __future__ import annotations

import zlib
from typing import NamedTuple

_ANY_FORM = 32 + zlib.MAX_WBITS
"""zlib's word for: gzip or zlib, as the first octets say."""

_FORMS = {"gzip": (_ANY_FORM,), "x-gzip": (_ANY_FORM,), "deflate": (_ANY_FORM, -zlib.MAX_WBITS)}
"""Servers send deflate with the frame of zlib (RFC 9110, section 8.4.1.2), and without."""


class Content(NamedTuple):
    """A body as the page's author wrote it.

    Attributes:
        octets: its beginning.
        whole: it ends there.
        packed: how it is still packed, because it can't be unpacked; else empty.
    """

    octets: bytes
    whole: bool
    packed: str = ""


def unpack(body: bytes, *, whole: bool, codings: list[str], max_octets: int) -> Content:
    """What a body says.

    Args:
        body: its beginning, as it came.
        whole: it ends there.
        codings: the words of Content-Encoding.
        max_octets: of what is unpacked; a small body may hold a huge one.
    """
    codings = [coding for coding in codings if coding != "identity"]
    if not codings or not body:
        return Content(body, whole)
    if len(codings) == 1:
        for form in _FORMS.get(codings[0], ()):
            content = _unpacked(body, form, max_octets)
            if content is not None:
                return Content(content[0], whole and content[1])
    return Content(body, whole, ", ".join(codings)[:40])


def _unpacked(body: bytes, form: int, max_octets: int) -> tuple[bytes, bool] | None:
    """The first octets, and whether they are all; None when it is not packed in this form."""
    unpacker = zlib.decompressobj(form)
    try:
        octets = unpacker.decompress(body, max_octets)
    except zlib.error:
        return None
    return octets, unpacker.eof

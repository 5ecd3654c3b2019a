"""gzip, where the client takes it."""

from __future__ import annotations

import asyncio
import gzip
import re

_ZERO = re.compile(r"q=0(\.0{0,3})?")


def accepts_gzip(accept_encoding: str) -> bool:
    """Whether an ``Accept-Encoding`` header (RFC 9110, section 12.5.3) allows gzip."""
    for item in accept_encoding.lower().split(","):
        coding, _, weight = (part.strip() for part in item.partition(";"))
        if coding == "gzip":
            return not _ZERO.fullmatch(weight)
    return False


async def compress(body: bytes) -> bytes:
    """Gzip in a thread: zlib works without holding the interpreter, so probes go on."""
    # The fastest level: the page is read over a LAN, and what counts is the CPU.
    return await asyncio.to_thread(gzip.compress, body, 1, mtime=0)

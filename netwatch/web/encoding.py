"""Which content coding a client accepts, and gzip."""

from __future__ import annotations

import asyncio
import re
import zlib
from collections.abc import AsyncIterator
from typing import Literal

Coding = Literal["gzip", "identity"]

_ITEM = re.compile(
    r"[ \t]*([!#$%&'*+.^_`|~0-9a-z-]+)"
    r"(?:[ \t]*;[ \t]*q=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?))?[ \t]*"
)
_MAX_BATCH = 16
"""Blocks to compress together: handing them to a thread costs as much as compressing one."""

_GZIP = 16 + zlib.MAX_WBITS
"""Tells zlib to write the header and trailer of gzip."""


def choose_coding(accept_encoding: str) -> Coding | None:
    """The content coding of an answer, by RFC 9110, section 12.5.3; None: nothing is acceptable.

    Args:
        accept_encoding: the value of the header, "" when there is none; what is not well-formed
            in it is passed over.
    """
    weights: dict[str, float] = {}
    for item in accept_encoding.lower().split(","):
        if found := _ITEM.fullmatch(item):
            coding = "gzip" if found[1] == "x-gzip" else found[1]
            weights[coding] = float(found[2] or 1)
    others = weights.get("*")
    gzip = weights.get("gzip", others or 0.0)
    # Sending as it is needs no permission; it can only be ruled out, or be preferred.
    identity = weights.get("identity", others)
    if gzip > 0 and (identity is None or gzip >= identity):
        return "gzip"
    return None if identity == 0 else "identity"


async def compress(blocks: AsyncIterator[bytes]) -> list[bytes]:
    """Gzip in a thread: zlib works without holding the interpreter, so probes go on.

    It is done while the blocks are made, so that only what is packed is ever there as a whole.
    """
    # The fastest level: the page is read over a LAN, and what counts is the CPU.
    packer = zlib.compressobj(1, wbits=_GZIP)
    packed: list[bytes] = []
    some: list[bytes] = []
    async for block in blocks:
        some.append(block)
        if len(some) == _MAX_BATCH:
            packed += await asyncio.to_thread(_compress, packer, some)
            some = []
    packed += await asyncio.to_thread(_compress, packer, some)
    packed.append(packer.flush())
    return packed


def _compress(packer: zlib._Compress, blocks: list[bytes]) -> list[bytes]:
    return [packed for block in blocks if (packed := packer.compress(block))]

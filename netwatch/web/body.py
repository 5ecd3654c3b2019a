"""Large response bodies: made and compressed once for all who ask, and sent block by block.

A client that reads slowly holds one block in the program's memory and what the kernel takes; the
page that it is sent is the one that all others are sent, too.
"""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import AsyncIterator, Callable
from contextlib import suppress

from aiohttp import web

from netwatch.process import garbage
from netwatch.web.encoding import Coding, choose_coding, compress
from netwatch.web.shared import Rest, Shared

MAX_VERSIONS = 3
"""Bodies of one kind in memory at a time; a client that still reads an older one is cut off."""

_MIN_LARGE = 1 << 20
"""Bytes from which a body's memory is given back to the kernel once it was sent."""

_REST_FACTOR = 9.0
"""How many times as long as making a body took, no other is begun: so at most a tenth of the time
is spent on each coding."""


class MakingTurns:
    """Lets bodies that are made of the same be made in turns, with a rest after each.

    Attributes:
        making: held while one is made.
        rests: after a plain one, and after a packed one.
    """

    def __init__(self) -> None:
        self.making = asyncio.Lock()
        self.rests = Rest(), Rest()


class Body:
    """The body of one resource. It is made for each coding by itself: packed, it is much smaller.

    Args:
        make: makes it, in blocks of some tens of kilobytes.
        keep: seconds for which a body serves all who ask.
        turns: those of the other bodies that are made of the same; None: there are none.
    """

    def __init__(
        self,
        make: Callable[[], AsyncIterator[bytes]],
        keep: float = 0.0,
        turns: MakingTurns | None = None,
    ) -> None:
        self._make = make
        turns = turns or MakingTurns()
        plain, packed = turns.rests
        self._plain = Shared(self._make_plain, keep, _REST_FACTOR, plain)
        self._packed = Shared(self._make_packed, keep, _REST_FACTOR, packed)
        self._plain_versions = _Versions()
        self._packed_versions = _Versions()
        self._making = turns.making  # a source makes one body at a time

    async def respond(self, request: web.Request, content_type: str) -> web.StreamResponse:
        """Answer a GET or HEAD request.

        Raises:
            HTTPNotAcceptable: the client takes neither gzip nor the body as it is.
        """
        coding = coding_for(request)
        version = await (self._packed if coding == "gzip" else self._plain).get()
        response = web.StreamResponse(headers=body_headers(content_type, coding))
        response.content_length = version.size
        with suppress(ConnectionError):  # gone, or cut at the end of its time
            await response.prepare(request)
            if request.method == "GET":
                await _send(version.blocks, response)
        if version.size > _MIN_LARGE:
            del version
            garbage.trim_memory()
        return response

    async def _make_plain(self) -> _Version:
        async with self._making:
            return self._plain_versions.add([block async for block in self._make()])

    async def _make_packed(self) -> _Version:
        async with self._making:
            return self._packed_versions.add(await compress(self._make()))


class _Version:
    """A body as it was made at one moment."""

    def __init__(self, blocks: list[bytes]) -> None:
        self.blocks = blocks
        self.size = sum(map(len, blocks))


class _Versions:
    """The versions of a body that are still being sent, oldest first."""

    def __init__(self) -> None:
        self._alive: list[weakref.ref[_Version]] = []

    def add(self, blocks: list[bytes]) -> _Version:
        """Take in a new version, and withdraw the oldest when there are too many."""
        alive = [version for reference in self._alive if (version := reference()) is not None]
        for version in alive[: -(MAX_VERSIONS - 1)]:
            # Whoever is still sending it holds the list, not its blocks: he finds no further one,
            # and the connection ends before the length that was announced.
            version.blocks.clear()
        latest = _Version(blocks)
        self._alive = [weakref.ref(version) for version in (*alive[-(MAX_VERSIONS - 1) :], latest)]
        return latest


async def _send(blocks: list[bytes], response: web.StreamResponse) -> None:
    for block in blocks:
        await response.write(block)
        # A client that reads fast never makes write() wait, and there may be many of them.
        await asyncio.sleep(0)


def coding_for(request: web.Request) -> Coding:
    """The coding in which a request is answered.

    Raises:
        HTTPNotAcceptable: the client takes neither gzip nor the body as it is.
    """
    coding = choose_coding(",".join(request.headers.getall("Accept-Encoding", ())))
    if coding is None:
        raise web.HTTPNotAcceptable(text="to be had as it is, or with gzip\n")
    return coding


def body_headers(content_type: str, coding: Coding) -> dict[str, str]:
    """The headers that describe a body."""
    headers = {"Content-Type": content_type, "Vary": "Accept-Encoding"}
    return headers if coding == "identity" else headers | {"Content-Encoding": coding}

"""The body of an HTTP response: how long it is (RFC 9112, section 6), and its beginning."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from contextlib import aclosing

from netwatch.net.connection import Connection
from netwatch.net.errors import NetworkError
from netwatch.net.http.head import ResponseHead, not_http

MAX_CHUNKS = 4096
"""Chunks of a body; what comes in crumbs smaller than these is not worth the work."""

MAX_TRAILERS = 100
"""Lines after the last chunk."""

_PIECE_OCTETS = 16 * 1024
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;.*)?", re.DOTALL)
_LENGTH = re.compile(r"[0-9]{1,18}")
_BODILESS = {204, 304}


async def read_body(
    connection: Connection, head: ResponseHead, max_octets: int
) -> tuple[bytes, bool]:
    """The beginning of a body, and whether that is all of it.

    Args:
        connection: from which the head was read.
        head: says how long the body is.
        max_octets: that are read at the most.

    Raises:
        NetworkError: the body is cut off or malformed; says where.
    """
    body = bytearray()
    async with aclosing(_pieces(connection, head)) as pieces:
        async for piece in pieces:
            body += piece
            if len(body) > max_octets:
                return bytes(body[:max_octets]), False
    return bytes(body), True


def is_until_close(head: ResponseHead) -> bool:
    """Whether only the end of the connection ends the body."""
    return not (_is_bodiless(head) or _is_chunked(head) or head.headers.all("Content-Length"))


def _is_bodiless(head: ResponseHead) -> bool:
    return head.status in _BODILESS or head.status < 200


def _is_chunked(head: ResponseHead) -> bool:
    """With both lengths, the chunks count (RFC 9112, section 6.3)."""
    return "chunked" in head.headers.words("Transfer-Encoding")


def _pieces(connection: Connection, head: ResponseHead) -> AsyncGenerator[bytes, None]:
    if _is_bodiless(head):
        return _counted(connection, 0)
    if _is_chunked(head):
        return _chunked(connection)
    if lengths := head.headers.words("Content-Length"):
        return _counted(connection, _length(lengths))
    return _until_close(connection)


def _length(given: list[str]) -> int:
    """The one length that is given, perhaps more than once."""
    if len(set(given)) > 1:
        raise not_http(f"two lengths of one body, {given[0][:20]} and {given[1][:20]}")
    if not _LENGTH.fullmatch(given[0]):
        raise not_http(f"the Content-Length {given[0][:40]!r}")
    return int(given[0])


async def _counted(connection: Connection, octets: int) -> AsyncGenerator[bytes, None]:
    left = octets
    while left:
        piece = await connection.read_some(min(left, _PIECE_OCTETS))
        if not piece:
            raise _cut_off(f"after {octets - left} of {octets} octets")
        left -= len(piece)
        yield piece


async def _until_close(connection: Connection) -> AsyncGenerator[bytes, None]:
    while piece := await connection.read_some(_PIECE_OCTETS):
        yield piece


async def _chunked(connection: Connection) -> AsyncGenerator[bytes, None]:
    for _ in range(MAX_CHUNKS):
        size = _chunk_size(await _line(connection))
        if size == 0:
            await _skip_trailers(connection)
            return
        async for piece in _counted(connection, size):
            yield piece
        if await _line(connection):
            raise not_http("a chunk is longer than it says")
    raise not_http(f"more than {MAX_CHUNKS} chunks")


def _chunk_size(line: bytes) -> int:
    match = _CHUNK.fullmatch(line)
    if match is None:
        raise not_http(f"the chunk size {line[:20].decode('ascii', 'replace')!r}")
    return int(match[1], 16)


async def _skip_trailers(connection: Connection) -> None:
    for _ in range(MAX_TRAILERS):
        if not await _line(connection):
            return
    raise not_http(f"more than {MAX_TRAILERS} lines after the last chunk")


async def _line(connection: Connection) -> bytes:
    return (await connection.read_until(b"\n")).rstrip(b"\r\n")


def _cut_off(where: str) -> NetworkError:
    return not_http(f"the body is cut off {where}")

"""Answers of web servers: head, body, packed content, and where a redirect leads."""

from __future__ import annotations

import gzip
import io
from typing import cast

from netwatch.net.connection import Connection
from netwatch.net.errors import NetworkError, NoAnswerError
from netwatch.net.http.body import read_body
from netwatch.net.http.content import unpack
from netwatch.net.http.head import MAX_LINE_OCTETS, read_head
from netwatch.net.http.place import Place, redirect
from netwatch.net.sockets import MAX_OCTETS
from tests.readers.registry import Reader

MAX_BODY = 64 * 1024
PLACE = Place("https", "portal.test", 443, "/a?b")


class Octets:
    """What a connection brings, all of it there at once."""

    def __init__(self, data: bytes) -> None:
        self._data = io.BytesIO(data)

    async def read_until(self, end: bytes) -> bytes:
        line = self._data.readline(MAX_LINE_OCTETS)
        if not line.endswith(end):
            raise NoAnswerError("a line without end")
        return line

    async def read_some(self, octets: int) -> bytes:
        return self._data.read(octets)


async def answer(data: bytes) -> None:
    connection = cast("Connection", Octets(data))
    head = await read_head(connection)
    redirect(head, PLACE)
    body, whole = await read_body(connection, head, MAX_BODY)
    codings = head.headers.words("Content-Encoding")
    unpack(body, whole=whole, codings=codings, max_octets=MAX_BODY)


def read(data: bytes) -> None:
    """Read an answer; nothing in it waits, so that no event loop is needed."""
    try:
        answer(data).send(None)
    except StopIteration:
        return


OK = b"HTTP/1.1 200 OK\r\n"

READERS = [
    Reader(
        "http",
        read,
        max_octets=MAX_OCTETS,
        refuses=(NetworkError,),
        tokens=(b"A: b\r\n", b" c\r\n", b"1\r\nx\r\n", b"Content-Length: 1\r\n", b"1;a\r\n", b","),
        seeds=(
            OK + b"Content-Length: 5\r\n\r\nhello",
            OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
            OK + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"hello"),
            b"HTTP/1.1 302 Found\r\nLocation: https://Portal.test./x\r\n\r\n",
        ),
        covers=(
            "net.http.head:read_head",
            "net.http.body:read_body",
            "net.http.content:unpack",
            "net.http.place:redirect",
        ),
    )
]

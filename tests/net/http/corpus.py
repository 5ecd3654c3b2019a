"""Answers of web servers as they occur, and as they should not: what netwatch says of each."""

from __future__ import annotations

import gzip
import zlib
from typing import NamedTuple

PAGE = "<html>Cổng thông tin điện tử</html>".encode()
OK = b"HTTP/1.1 200 OK\r\n"
LENGTH = b"Content-Length: %d\r\n" % len(PAGE)
PLAIN = LENGTH + b"\r\n" + PAGE


class Answer(NamedTuple):
    """What a server sends, after which it hangs up.

    Attributes:
        octets: all of it.
        taken: netwatch takes it.
        by_curl: so does curl.
        says: of netwatch, where it doesn't take it: its detail, or a part of it.
    """

    octets: bytes
    taken: bool = True
    by_curl: bool = True
    says: str = ""


def chunked(*pieces: bytes, end: bytes = b"0\r\n\r\n", line: bytes = b"\r\n") -> bytes:
    body = b"".join(b"%x%b%b%b" % (len(piece), line, piece, line) for piece in pieces)
    return b"Transfer-Encoding: chunked\r\n\r\n" + body + end


def refused(octets: bytes, says: str, *, by_curl: bool = False) -> Answer:
    return Answer(octets, False, by_curl, says)


ANSWERS = {
    "plain": Answer(OK + PLAIN),
    "a cookie of 4.9 KiB": Answer(OK + b"Set-Cookie: a=" + b"x" * 5000 + b"\r\n" + PLAIN),
    "a header of 60 KiB": Answer(OK + b"X: " + b"x" * 60_000 + b"\r\n" + PLAIN),
    "70 headers": Answer(OK + b"".join(b"X-%d: y\r\n" % n for n in range(70)) + PLAIN),
    "900 headers": Answer(OK + b"".join(b"X-%d: y\r\n" % n for n in range(900)) + PLAIN),
    "both lengths": Answer(OK + LENGTH + chunked(PAGE)),
    "both lengths, the wrong one first": Answer(OK + b"Content-Length: 3\r\n" + chunked(PAGE)),
    "the same length twice": Answer(OK + LENGTH + PLAIN),
    "a blank before the colon": Answer(OK + b"Server : IIS\r\n" + PLAIN),
    "a name with a blank": Answer(OK + b"Content Security: none\r\n" + PLAIN),
    "a name without letters": Answer(OK + b"(): none\r\n" + PLAIN),
    "a value in Vietnamese": Answer(OK + "X-Tên: Hải Dương\r\n".encode() + PLAIN),
    "a value in an old code page": Answer(OK + b"X: H\xe3i D\xfdong\r\n" + PLAIN),
    "a control character in a value": Answer(OK + b"X: a\x01b\r\n" + PLAIN),
    "a folded header": Answer(OK + b"X: a\r\n b\r\n" + PLAIN),
    "lines that end with LF": Answer(b"HTTP/1.1 200 OK\nServer: x\n\n" + PAGE),
    "no reason": Answer(b"HTTP/1.1 200\r\n" + PLAIN),
    "a blank and no reason": Answer(b"HTTP/1.1 200 \r\n" + PLAIN),
    "a reason in Vietnamese": Answer("HTTP/1.1 200 Được\r\n".encode() + PLAIN),
    "HTTP/1.0, ended by the connection": Answer(b"HTTP/1.0 200 OK\r\n\r\n" + PAGE),
    "HTTP/1.1, ended by the connection": Answer(OK + b"\r\n" + PAGE),
    "it claims HTTP/1.2": Answer(b"HTTP/1.2 200 OK\r\n" + PLAIN, by_curl=False),
    "chunks": Answer(OK + chunked(PAGE[:9], PAGE[9:])),
    "chunks with an extension": Answer(
        OK + b"Transfer-Encoding: chunked\r\n\r\n%x;a=b\r\n%b\r\n0\r\n\r\n" % (len(PAGE), PAGE)
    ),
    "chunks with a blank behind the size": Answer(
        OK + b"Transfer-Encoding: chunked\r\n\r\n%x  \r\n%b\r\n0\r\n\r\n" % (len(PAGE), PAGE)
    ),
    "chunks with trailers": Answer(OK + chunked(PAGE, end=b"0\r\nX: y\r\n\r\n")),
    "chunks with LF": Answer(OK + chunked(PAGE, end=b"0\n\n", line=b"\n")),
    "Chunked in capitals": Answer(OK + chunked(PAGE).replace(b"chunked", b"Chunked", 1)),
    "204 with a body": Answer(b"HTTP/1.1 204 No Content\r\n" + PLAIN),
    "204 with a body of chunks": Answer(b"HTTP/1.1 204 No Content\r\n" + chunked(PAGE)),
    "304 with a length": Answer(b"HTTP/1.1 304 Not Modified\r\n" + LENGTH + b"\r\n"),
    "100 before it": Answer(b"HTTP/1.1 100 Continue\r\n\r\n" + OK + PLAIN),
    "103 before it": Answer(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + OK + PLAIN),
    "more than the length": Answer(OK + PLAIN + b"and more"),
    "gzip, unasked": Answer(OK + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(PAGE)),
    "deflate, unasked": Answer(OK + b"Content-Encoding: deflate\r\n\r\n" + zlib.compress(PAGE)),
    "deflate without a frame": Answer(
        OK + b"Content-Encoding: deflate\r\n\r\n" + zlib.compress(PAGE)[2:-4]
    ),
    "it says gzip and is not": Answer(OK + b"Content-Encoding: gzip\r\n" + PLAIN),
    "an unknown coding": Answer(OK + b"Content-Encoding: br\r\n" + PLAIN),
    "a status of 599": Answer(b"HTTP/1.1 599 Odd\r\n" + PLAIN),
    "nothing": refused(b"", "closed by the peer"),
    "cut off in the head": refused(OK + b"Server: x", "closed by the peer", by_curl=True),
    "no HTTP": refused(b"SSH-2.0-OpenSSH_9.2\r\n", "not HTTP: begins with 'SSH-2.0-OpenSSH_9.2'"),
    "HTTP/0.9": refused(PAGE + b"\n", "not HTTP: begins with '<html>C"),
    "a status of two digits": refused(b"HTTP/1.1 20 OK\r\n" + PLAIN, "not HTTP: begins with"),
    "ICY": refused(b"ICY 200 OK\r\n" + PLAIN, "not HTTP: begins with 'ICY 200 OK'"),
    "two lengths": refused(
        OK + b"Content-Length: 4\r\n" + PLAIN, "two lengths of one body, 4 and", by_curl=True
    ),
    "a length in letters": refused(
        OK + b"Content-Length: viel\r\n\r\n" + PAGE, "the Content-Length 'viel'"
    ),
    "a length below zero": refused(OK + b"Content-Length: -1\r\n\r\n", "the Content-Length '-1'"),
    "a header without a colon": refused(OK + b"Server\r\n" + PLAIN, "without a colon: 'Server'"),
    "a NUL in a header": refused(OK + b"X: a\0b\r\n" + PLAIN, "a NUL in the header line"),
    "less than the length": refused(
        OK + b"Content-Length: 99\r\n\r\n" + PAGE, "the body is cut off after 43 of 99 octets"
    ),
    "cut off in a chunk": refused(
        OK + b"Transfer-Encoding: chunked\r\n\r\nff\r\n" + PAGE, "the body is cut off after 43 of"
    ),
    "a chunk size in letters": refused(OK + chunked(end=b"zz\r\n"), "the chunk size 'zz'"),
    "a chunk longer than it says": refused(
        OK + b"Transfer-Encoding: chunked\r\n\r\n1\r\nxyz\r\n0\r\n\r\n", "a chunk is longer"
    ),
    "1 100 headers": refused(
        OK + b"X: y\r\n" * 1100 + PLAIN, "more than 1000 header lines", by_curl=True
    ),
    "a head of 200 KiB": refused(
        OK + (b"X: " + b"y" * 1000 + b"\r\n") * 200 + PLAIN, "a head of more than 128", by_curl=True
    ),
    "it switches protocols": refused(
        b"HTTP/1.1 101 Switching Protocols\r\n\r\n", "switches to another protocol"
    ),
    "no end of 1xx": refused(
        b"HTTP/1.1 100 Continue\r\n\r\n" * 20 + OK + PLAIN, "more than 16 interim", by_curl=True
    ),
}

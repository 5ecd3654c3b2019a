"""The head of an HTTP response (RFC 9112), read as kindly as browsers, curl and blackbox do.

A proxy must refuse what two readers may understand in two ways; a probe asks one question over a
connection of its own, and an operator wants to know what users see. Which forms are taken and which
are not stands in docs/http.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from netwatch.core.result import Reason
from netwatch.net.connection import Connection
from netwatch.net.errors import NetworkError, printable

MAX_LINE_OCTETS = 64 * 1024
"""Octets of a line of the head."""

MAX_HEAD_OCTETS = 128 * 1024
"""Octets of a whole head; curl takes 300 KiB."""

MAX_HEADERS = 1000
"""Header lines of a head; those of real servers have up to a hundred."""

_STATUS_LINE = re.compile(rb"HTTP/(\d)(?:\.(\d))? +(\d{3})(?: .*)?", re.DOTALL)
_BLANKS = b" \t\r\n"


class HttpHeaders(Mapping[str, str]):
    """Header fields; their names have no case, and fields of one name are joined by ``, ``.

    Args:
        fields: name and value of each line.
    """

    def __init__(self, fields: Sequence[tuple[str, str]] = ()) -> None:
        self._values: dict[str, list[str]] = {}
        for name, value in fields:
            self._values.setdefault(name.lower(), []).append(value)

    def __getitem__(self, name: str) -> str:
        return ", ".join(self._values[name.lower()])

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def all(self, name: str) -> list[str]:
        """Each value of a name, as the lines had it."""
        return self._values.get(name.lower(), [])

    def words(self, name: str) -> list[str]:
        """The words of a list in a field, in lower case, e.g. of ``Connection``."""
        return [word.strip().lower() for word in self.get(name, "").split(",") if word.strip()]


@dataclass(frozen=True, slots=True)
class ResponseHead:
    """Status line and headers.

    Attributes:
        version: 10 for HTTP/1.0, 11 for HTTP/1.1 and what claims to be later.
    """

    version: int
    status: int
    headers: HttpHeaders

    @property
    def keeps_open(self) -> bool:
        """Whether the server would take another request over the same connection."""
        words = self.headers.words("Connection")
        return "close" not in words and (self.version > 10 or "keep-alive" in words)


async def read_head(connection: Connection) -> ResponseHead:
    """The next head of a connection.

    Raises:
        NetworkError: it is none, or longer than is taken; says what is wrong with it.
    """
    first = await connection.read_until(b"\n")
    version, status = _status(first)
    fields: list[tuple[str, str]] = []
    octets, lines = len(first), 0
    while line := (await connection.read_until(b"\n")).rstrip(b"\r\n"):
        octets, lines = octets + len(line), lines + 1
        if octets > MAX_HEAD_OCTETS:
            raise not_http(f"a head of more than {MAX_HEAD_OCTETS // 1024} KiB")
        if lines > MAX_HEADERS:
            raise not_http(f"more than {MAX_HEADERS} header lines")
        _add(fields, line)
    return ResponseHead(version, status, HttpHeaders(fields))


def not_http(what: str) -> NetworkError:
    """What a server sends breaks the protocol."""
    return NetworkError(Reason.PROTOCOL_ERROR, f"not HTTP: {what}")


def _status(line: bytes) -> tuple[int, int]:
    match = _STATUS_LINE.fullmatch(line.rstrip(b"\r\n"))
    if match is None:
        raise not_http(f"begins with {_shown(line)}")
    major, minor, status = match.groups()
    if major == b"0" or int(status) < 100:
        raise not_http(f"begins with {_shown(line)}")
    return 10 if (major, minor) == (b"1", b"0") else 11, int(status)


def _add(fields: list[tuple[str, str]], line: bytes) -> None:
    """Add a line to the fields: a field of its own, or more of the one before."""
    if b"\0" in line:
        raise not_http(f"a NUL in the header line {_shown(line)}")
    if line[:1] in {b" ", b"\t"} and fields:
        name, value = fields.pop()
        fields.append((name, f"{value} {_text(line)}"))
        return
    name_octets, colon, value_octets = line.partition(b":")
    if not colon:
        raise not_http(f"a header line without a colon: {_shown(line)}")
    fields.append((_text(name_octets), _text(value_octets)))


def _text(octets: bytes) -> str:
    return octets.strip(_BLANKS).decode("utf-8", "surrogateescape")


def _shown(line: bytes) -> str:
    return repr(printable(line.rstrip(b"\r\n")[:40].decode("utf-8", "replace")))

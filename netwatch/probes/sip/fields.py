"""Header fields of SIP (RFC 3261, sections 7.3 and 20), as far as an answer is known by them.

Every function goes over its text a fixed number of times, whatever stands in it: no pattern here
can try a text twice.
"""

from __future__ import annotations

from typing import NamedTuple

MAX_LINES = 256
"""Lines of a head; what follows is left out."""

_COMPACT = {"v": "via", "f": "from", "t": "to", "i": "call-id", "l": "content-length"}

_MAX_CSEQ_DIGITS = 10


class MalformedFieldError(ValueError):
    """A field that identifies an answer can't be read; says which, in a few words."""


class Via(NamedTuple):
    """What Via fields say.

    Attributes:
        sent_by, branch: of the topmost value; branch is empty when it has none.
        total: values of all Via fields.
    """

    sent_by: str
    branch: str
    total: int


def unfolded(head: str) -> list[str]:
    """The lines of a head, each with its continuations (section 7.3.1); at least one."""
    lines: list[list[str]] = []
    for line in head.replace("\r\n", "\n").split("\n", MAX_LINES)[:MAX_LINES]:
        if line[:1] in {" ", "\t"} and lines:
            lines[-1].append(line.strip())
        else:
            lines.append([line])
    return [" ".join(parts) for parts in lines]


def headers(lines: list[str]) -> dict[str, list[str]]:
    """Values by long, small name; a line that is no header is passed over."""
    found: dict[str, list[str]] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if colon:
            name = name.rstrip(" \t").lower()
            found.setdefault(_COMPACT.get(name, name), []).append(value.strip())
    return found


def only(found: dict[str, list[str]], name: str) -> str:
    """The value of a field that a message must have once (section 7.3.1).

    Raises:
        MalformedFieldError: it is missing or empty, or there are two that differ.
    """
    values = set(found.get(name, ()))
    if len(values) > 1:
        raise MalformedFieldError(f"two {name} fields that differ")
    value = values.pop() if values else ""
    if not value:
        raise MalformedFieldError(f"no {name}")
    return value


def top_via(values: list[str]) -> Via:
    """The first Via (section 20.42), and how many there are.

    Raises:
        MalformedFieldError: there is none, or it has not that form.
    """
    plain = [unquoted(value) for value in values]
    first, _, parameters = (plain[0] or "" if plain else "").partition(",")[0].partition(";")
    name, _, rest = first.partition("/")
    version, _, sent = rest.partition("/")
    pieces = sent.split(None, 1)
    if name.strip().upper() != "SIP" or version.strip() != "2.0" or len(pieces) < 2:
        raise MalformedFieldError("a via that can't be read" if values else "no via")
    total = sum((value or "").count(",") + 1 for value in plain)
    return Via("".join(pieces[1].split()), _parameter(parameters, "branch"), total)


def cseq(value: str) -> tuple[int, str]:
    """Number and method (section 20.16).

    Raises:
        MalformedFieldError: it has not that form.
    """
    pieces = value.split(None, 2)
    found = number(pieces[0], _MAX_CSEQ_DIGITS) if len(pieces) == 2 else None
    if found is None:
        raise MalformedFieldError("a cseq that can't be read")
    return found, pieces[1]


def number(text: str, digits: int) -> int | None:
    """A number of at most so many digits; None for everything else."""
    return int(text) if len(text) <= digits and text.isascii() and text.isdigit() else None


def tag(address: str) -> str:
    """The tag of a From value: a parameter of the field, not of the URI within its brackets."""
    plain = unquoted(address)
    if plain is None:
        return ""
    bracketed = "<" in plain
    parameters = plain.rpartition(">")[2] if bracketed else plain
    return _parameter(parameters.partition(";")[2], "tag")


def unquoted(text: str) -> str | None:
    """A value without its quoted strings (section 25.1); None when one has no end."""
    pieces = text.replace("\\\\", "").replace('\\"', "").split('"')
    return "".join(pieces[::2]) if len(pieces) % 2 else None


def _parameter(parameters: str, wanted: str) -> str:
    """The value of the first parameter of this name; empty when there is none."""
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == wanted:
            return (value.split(None, 1) or [""])[0]
    return ""

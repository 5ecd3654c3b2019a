"""Records of an answer as ``dig +short`` prints them, and whether one is the one that is wanted."""

from __future__ import annotations

import re
import struct
from ipaddress import IPv4Address, IPv6Address, ip_address

from netwatch.probes.dns.names import Names, escaped

TYPES = {"A": 1, "NS": 2, "CNAME": 5, "SOA": 6, "PTR": 12, "MX": 15, "TXT": 16, "AAAA": 28}
TYPES |= {"SRV": 33}

MAX_ANSWERS = 1024
"""Records that are read; 16 KiB hold no more addresses."""

MAX_ALIASES = 16
"""CNAMEs that are followed from the name that was asked for."""

HEADER_SIZE = 12
"""Octets before the question, which begins with the name that is asked for."""

_RECORD = struct.Struct("!HHIH")
_FORMS = {TYPES["MX"]: struct.Struct("!H"), TYPES["SRV"]: struct.Struct("!3H")}
"""Numbers that stand before the name of a record."""

_SOA_NUMBERS = struct.Struct("!5I")
_ESCAPE = re.compile(r"\\([0-9]{3}|.)")
_QUOTES = frozenset(b'"\\')

Name = tuple[bytes, ...]
Record = tuple[Name, int, int, int]
"""Owner in small letters, type, and where its data begin and end."""


def records_of(message: bytes, offset: int, count: int, kind: int) -> tuple[str, ...]:
    """The records of a type, of the name that was asked for or that its CNAMEs lead to.

    Args:
        message: as it came.
        offset: where the answers begin.
        count: how many there are.
        kind: number of the type.

    Raises:
        ValueError: one can't be read.
    """
    names = Names(message)
    found = list(_split(message, names, offset, min(count, MAX_ANSWERS)))
    owners = _chain(names, found, kind)
    return tuple(
        _text(message, names, begin, end, given)
        for owner, given, begin, end in found
        if given == kind and owner in owners
    )


def is_same(kind: str, record: str, wanted: str) -> bool:
    """Whether a record is what somebody wrote down.

    Letter case, last dots, the form of an address and TXT's division into strings mean nothing.

    Args:
        kind: name of the type.
        record: as ``records_of`` gives it.
        wanted: as ``dig +short`` prints it; also without quotes and last dots, and of a SOA its
            primary server only.
    """
    if kind == "TXT":
        quoted = len(wanted) > 1 and wanted[0] == wanted[-1] == '"'
        return _joined(record) == (_joined(_in_octets(wanted)) if quoted else wanted)
    if kind in {"A", "AAAA"}:
        return record == _address(wanted)
    given, asked = _plain(record), _plain(wanted)
    return given == asked or (kind == "SOA" and given[:1] == asked)


def _split(message: bytes, names: Names, offset: int, count: int) -> list[Record]:
    found = []
    asked = _small(names.labels(HEADER_SIZE))
    for _ in range(count):
        owner_at, offset = offset, names.skip(offset)
        if offset + _RECORD.size > len(message):
            raise ValueError("a record is cut off")
        given, _, _, length = _RECORD.unpack_from(message, offset)
        offset += _RECORD.size
        if offset + length > len(message):
            raise ValueError("a record is cut off")
        # Nearly all owners are a pointer to the question.
        pointed = message[owner_at : owner_at + 2] == b"\xc0\x0c"
        owner = asked if pointed else _small(names.labels(owner_at))
        found.append((owner, given, offset, offset + length))
        offset += length
    return found


def _chain(names: Names, records: list[Record], kind: int) -> set[Name]:
    """The name that was asked for, and those that its CNAMEs lead to."""
    name = _small(names.labels(HEADER_SIZE))
    owners = {name}
    if kind == TYPES["CNAME"]:
        return owners
    aliases = {owner: begin for owner, given, begin, _ in records if given == TYPES["CNAME"]}
    for _ in range(MAX_ALIASES):
        if name not in aliases:
            break
        name = _small(names.labels(aliases[name]))
        owners.add(name)
    return owners


def _small(name: Name) -> Name:
    return tuple(label.lower() for label in name)


def _text(message: bytes, names: Names, begin: int, end: int, kind: int) -> str:
    data = message[begin:end]
    if kind in {TYPES["A"], TYPES["AAAA"]}:
        if len(data) != (4 if kind == TYPES["A"] else 16):
            raise ValueError("an address of another length")
        return str(IPv4Address(data) if len(data) == 4 else IPv6Address(data))
    if kind == TYPES["TXT"]:
        return " ".join(f'"{escaped(part, _QUOTES)}"' for part in _strings(data))
    if kind in _FORMS:
        numbers = _unpack(_FORMS[kind], data)
        return f"{' '.join(map(str, numbers))} {names.text(begin + _FORMS[kind].size)}"
    if kind == TYPES["SOA"]:
        return _soa(message, names, begin, end)
    return names.text(begin)


def _soa(message: bytes, names: Names, begin: int, end: int) -> str:
    """Both names, and serial, refresh, retry, expire and minimum (RFC 1035, section 3.3.13)."""
    mailbox = names.skip(begin)
    numbers = _unpack(_SOA_NUMBERS, message[names.skip(mailbox) : end])
    return " ".join((names.text(begin), names.text(mailbox), *map(str, numbers)))


def _unpack(form: struct.Struct, data: bytes) -> tuple[int, ...]:
    if len(data) < form.size:
        raise ValueError("a record is too short")
    return form.unpack_from(data)


def _strings(data: bytes) -> list[bytes]:
    """The strings of a TXT record."""
    found, offset = [], 0
    while offset < len(data):
        found.append(data[offset + 1 : offset + 1 + data[offset]])
        offset += 1 + data[offset]
    return found


def _joined(text: str) -> str:
    """Quoted strings as one, as RFC 7208, section 3.3, and others read them."""
    inner = text.strip()[1:-1].replace('" "', "")
    octets = _ESCAPE.sub(lambda match: _unescaped(match[1]), inner)
    return octets.encode("latin-1", "replace").decode("utf-8", "replace")


def _in_octets(text: str) -> str:
    """A text with a character for each octet of its UTF-8, as an escaped one has it."""
    return text.encode().decode("latin-1")


def _unescaped(code: str) -> str:
    return chr(int(code) & 0xFF) if len(code) == 3 else code


def _address(text: str) -> str:
    try:
        return str(ip_address(text))
    except ValueError:
        return text


def _plain(text: str) -> list[str]:
    return [piece.lower().rstrip(".") for piece in text.split()]

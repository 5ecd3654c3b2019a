"""Object identifiers as text, taken apart. Takes any text from a device."""

from __future__ import annotations

Arcs = tuple[int, ...]
"""Numbers of an object identifier, or of a part of one."""

MAX_OID = 512
"""Characters of an object identifier; an index by two IPv6 addresses has some 150."""

MAX_ARCS = 128
"""Numbers of an object identifier (RFC 2578, section 3.5)."""


SYS_UPTIME = "1.3.6.1.2.1.1.3.0"
"""sysUpTime.0: hundredths of a second since the agent started, in 32 bits (RFC 3418)."""


class ForeignOidError(ValueError):
    """An object identifier that does not belong to the table entry in question."""


def arcs_of(oid: str) -> Arcs:
    """The numbers of an object identifier, by which identifiers are ordered.

    Raises:
        ValueError: the text is no object identifier.
    """
    return tuple(map(int, oid.split(".")))


def cell_of(entry: str, oid: str) -> Arcs:
    """Column and index of a cell: the numbers of ``oid`` that follow ``entry`` and a dot.

    The index is empty where an agent shows a column as if it were a single object, as some do.

    Raises:
        ForeignOidError: it is not a cell of this entry, or longer than MAX_OID or MAX_ARCS.
    """
    root, below = f"{entry}.", oid[len(entry) + 1 :]
    if oid.startswith(root) and len(oid) <= MAX_OID and oid.count(".") < MAX_ARCS:
        try:
            arcs = arcs_of(below)
        except ValueError:
            arcs = ()
        if arcs:
            return arcs
    raise ForeignOidError(oid)


def wire_text(oid: str) -> str:
    """An object identifier as gufo_snmp has to be given it, where its first two numbers are large.

    Those two are one number on the wire, 40 times the first plus the second (X.690, 8.19.4), in as
    many octets as it needs. gufo_snmp takes the first octet alone for both, which is wrong from
    2.40 on; written as it reads them, they become the right octets.
    """
    first, second, *rest = arcs_of(oid)
    if first < 2 or second < _FIRST_TOO_LARGE:
        return oid
    if 80 + second < 0x80:
        return ".".join(map(str, (*divmod(80 + second, 40), *rest)))
    groups = _groups(80 + second)
    number = 0
    for group in groups[1:]:
        number = number << 7 | group
    head = 0x80 | groups[0]
    return ".".join(map(str, (*divmod(head, 40), number, *rest)))


def true_text(oid: str) -> str:
    """An object identifier as it is written, from what gufo_snmp reads; undoes ``wire_text``."""
    if oid[:2] not in _MISREAD:
        return oid
    first, second, *rest = arcs_of(oid)
    head = 40 * first + second
    if head < 0x80:  # 2.40 to 2.47
        return ".".join(map(str, (2, head - 80, *rest)))
    if not rest:
        return oid
    groups = _groups(rest[0])
    number = (head & 0x7F) << 7 * len(groups) | rest[0]
    return ".".join(map(str, (2, number - 80, *rest[1:])))


_FIRST_TOO_LARGE = 40
"""Second number below 2 from which on gufo_snmp needs help."""

_MISREAD = ("3.", "4.", "5.", "6.")
"""What no object identifier begins with, except as gufo_snmp reads it."""


def _groups(number: int) -> list[int]:
    """A number in groups of seven bits, the highest first."""
    groups = [number & 0x7F]
    while number := number >> 7:
        groups.insert(0, number & 0x7F)
    return groups

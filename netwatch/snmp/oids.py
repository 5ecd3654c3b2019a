"""Object identifiers as text, taken apart. Takes any text from a device."""

from __future__ import annotations

Arcs = tuple[int, ...]
"""Numbers of an object identifier, or of a part of one."""

MAX_OID = 512
"""Characters of an object identifier; an index by two IPv6 addresses has some 150."""


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

    Raises:
        ForeignOidError: it is not a cell of this entry, or longer than MAX_OID.
    """
    root, below = f"{entry}.", oid[len(entry) + 1 :]
    if oid.startswith(root) and len(oid) <= MAX_OID:
        try:
            arcs = arcs_of(below)
        except ValueError:
            arcs = ()
        if len(arcs) > 1:
            return arcs
    raise ForeignOidError(oid)

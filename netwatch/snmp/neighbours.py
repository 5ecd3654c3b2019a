"""Neighbours by LLDP (IEEE 802.1AB) and CDP: which port is plugged into which other device.

LLDP has port numbers of its own. lldpLocPortTable has the names of the ports; where it has none,
the number is an ifIndex on most devices.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from ipaddress import ip_address

from netwatch.snmp.oids import ForeignOidError, cell_of
from netwatch.snmp.values import Value, clean

SYS_NAME = "1.3.6.1.2.1.1.5"
IF_NAME = "1.3.6.1.2.1.31.1.1.1.1"
LLDP_LOCAL = "1.0.8802.1.1.2.1.3.7.1"
"""lldpLocPortEntry: 2 subtype, 3 id, 4 description, by port number."""
LLDP_REMOTE = "1.0.8802.1.1.2.1.4.1.1"
"""lldpRemEntry: 6 port's subtype, 7 port's id, 8 port's description, 9 name, by time, port, row."""
CDP_ENTRY = "1.3.6.1.4.1.9.9.23.1.2.1.1"
"""cdpCacheEntry: 4 address, 6 device, 7 port, by ifIndex and row."""

_NAMED = frozenset({1, 5, 7})
"""Subtypes of a port's id that are text: interface alias, interface name, locally assigned."""

Cells = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A neighbour at one port of a device.

    Attributes:
        interface: the device's own port; empty when it does not name it.
        name: what the neighbour calls itself.
        port: the neighbour's port.
        address: the neighbour's management address; empty when it is not known.
    """

    interface: str
    name: str
    port: str
    address: str = ""


def from_lldp(remote: Cells, local: Cells, interfaces: Cells) -> list[Neighbour]:
    """Neighbours in lldpRemTable.

    Args:
        remote: cells of lldpRemEntry by OID.
        local: cells of lldpLocPortEntry.
        interfaces: cells of ifName.
    """
    ports = {row[0]: cells for row, cells in _rows(LLDP_LOCAL, local).items() if len(row) == 1}
    names = _names(interfaces)
    found: list[Neighbour] = []
    for row, cells in _rows(LLDP_REMOTE, remote).items():
        if len(row) == 3 and (name := _text(cells.get(9))):
            own = ports.get(row[1], {})
            interface = _port(own, subtype=2, identifier=3, description=4) or names.get(row[1], "")
            found.append(Neighbour(interface, name, _port(cells, 6, 7, 8)))
    return found


def from_cdp(cache: Cells, interfaces: Cells) -> list[Neighbour]:
    """Neighbours in cdpCacheTable; ``cache`` has the cells of cdpCacheEntry by OID."""
    names = _names(interfaces)
    return [
        Neighbour(names.get(row[0], ""), name, _text(cells.get(7)), _address(cells.get(4)))
        for row, cells in _rows(CDP_ENTRY, cache).items()
        if len(row) == 2 and (name := _text(cells.get(6)))
    ]


def _rows(entry: str, cells: Cells) -> dict[tuple[int, ...], dict[int, Value]]:
    rows: dict[tuple[int, ...], dict[int, Value]] = {}
    for column, row, value in _cells(entry, cells):
        rows.setdefault(row, {})[column] = value
    return rows


def _cells(entry: str, cells: Cells) -> Iterator[tuple[int, tuple[int, ...], Value]]:
    for oid, value in cells.items():
        try:
            column, *row = cell_of(entry, oid)
        except ForeignOidError:
            continue
        yield column, tuple(row), value


def _names(interfaces: Cells) -> dict[int, str]:
    """The ifName of each interface, by ifIndex."""
    entry, _, column = IF_NAME.rpartition(".")
    return {
        row[0]: _text(value)
        for number, row, value in _cells(entry, interfaces)
        if str(number) == column and len(row) == 1
    }


def _port(cells: Mapping[int, Value], subtype: int, identifier: int, description: int) -> str:
    """The name of a port: its id where that is text, else its description."""
    if cells.get(subtype) in _NAMED and (text := _text(cells.get(identifier))):
        return text
    return _text(cells.get(description))


def _text(value: Value) -> str:
    return clean(value) if isinstance(value, bytes) else ""


def _address(value: Value) -> str:
    if isinstance(value, bytes) and len(value) in {4, 16}:
        return str(ip_address(value))
    return ""

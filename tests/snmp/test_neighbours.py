"""Neighbours in the tables of LLDP and CDP."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from netwatch.snmp.neighbours import (
    CDP_ENTRY,
    IF_NAME,
    LLDP_LOCAL,
    LLDP_REMOTE,
    Neighbour,
    from_cdp,
    from_lldp,
)
from netwatch.snmp.values import Value

INTERFACES: dict[str, Value] = {f"{IF_NAME}.10101": b"Gi1/0/1", f"{IF_NAME}.3": b"ge-0/0/3"}


def cells(entry: str, row: str, values: dict[int, Value]) -> dict[str, Value]:
    return {f"{entry}.{column}.{row}": value for column, value in values.items()}


def test_lldp_with_named_ports() -> None:
    remote = cells(LLDP_REMOTE, "0.1.7", {6: 5, 7: b"Te1/1", 8: b"to branch", 9: b"core"})
    local = cells(LLDP_LOCAL, "1", {2: 5, 3: b"Gi0/1", 4: b"WAN"})
    assert from_lldp(remote, local, INTERFACES) == [Neighbour("Gi0/1", "core", "Te1/1")]


def test_lldp_ports_by_address_go_by_their_description() -> None:
    mac = bytes.fromhex("00005e005301")
    remote = cells(LLDP_REMOTE, "0.1.7", {6: 3, 7: mac, 8: b"port 1", 9: b"switch"})
    local = cells(LLDP_LOCAL, "1", {2: 3, 3: mac, 4: b"port 24"})
    assert from_lldp(remote, local, {}) == [Neighbour("port 24", "switch", "port 1")]


def test_lldp_port_numbers_that_are_interfaces() -> None:
    remote = cells(LLDP_REMOTE, "99.3.1", {6: 7, 7: b"2", 9: b"core"})
    assert from_lldp(remote, {}, INTERFACES) == [Neighbour("ge-0/0/3", "core", "2")]


def test_cdp() -> None:
    values: dict[int, Value] = {4: bytes((10, 1, 2, 3)), 6: b"core.example.vn", 7: b"Te1/1"}
    assert from_cdp(cells(CDP_ENTRY, "10101.5", values), INTERFACES) == [
        Neighbour("Gi1/0/1", "core.example.vn", "Te1/1", "10.1.2.3")
    ]


VALUES = st.none() | st.integers() | st.binary(max_size=40) | st.text(max_size=40)


@given(st.dictionaries(st.tuples(st.integers(0, 12), st.integers(0, 3)), VALUES, max_size=30))
def test_nonsense_is_left_out(table: dict[tuple[int, int], Value]) -> None:
    for entry in (LLDP_REMOTE, LLDP_LOCAL, CDP_ENTRY):
        odd = {f"{entry}.{column}.{row}.1.2": value for (column, row), value in table.items()}
        odd |= {f"{entry}.{column}.{row}.1": value for (column, row), value in table.items()}
        for found in (from_lldp(odd, odd, odd), from_cdp(odd, odd)):
            assert all(each.name and each.name.isprintable() for each in found)

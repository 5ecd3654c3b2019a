"""Cells become samples, and a row never changes its identity because a table came in part."""

from __future__ import annotations

import pytest

from netwatch.snmp import load_profile
from netwatch.snmp.rows import MAX_ROWS, Rows, TooManyRowsError, table_samples

TABLE = load_profile("if_mib").tables[0]
IFX, IF = TABLE.entries
NAME, HC_IN, ALIAS = 1, 6, 18
DESCR, TYPE, OPER = 2, 3, 8


def rows_of(entry_number: int, cells: dict[tuple[int, ...], object], *, ended: bool) -> Rows:
    rows = Rows(TABLE.entries[entry_number])
    for arcs, value in sorted(cells.items()):
        rows.add(arcs[0], arcs[1:], value)  # type: ignore[arg-type]  # whatever a test wants
    if ended:
        rows.end(proven=True)
    return rows


def names_of(entries: list[Rows]) -> list[str]:
    return [sample.name for sample in table_samples(TABLE, entries)]


def test_labels_come_from_both_entries() -> None:
    ifx = rows_of(
        0, {(NAME, 7): b"Gi0/7", (HC_IN, 7): 5, (ALIAS, 7): "xã Nam Sách".encode()}, ended=True
    )
    other = rows_of(1, {(DESCR, 7): b"GigabitEthernet0/7", (TYPE, 7): 6, (OPER, 7): 1}, ended=True)
    row = (
        ("ifIndex", "7"),
        ("ifAlias", "xã Nam Sách"),
        ("ifDescr", "GigabitEthernet0/7"),
        ("ifName", "Gi0/7"),
    )
    found = {sample.name: sample for sample in table_samples(TABLE, [ifx, other])}
    assert found["ifHCInOctets"].labels == row
    assert found["ifHCInOctets"].value == 5
    assert found["ifOperStatus"].labels == row
    assert found["ifType_info"].labels == (*row, ("ifType", "ethernetCsmacd"))


def test_nothing_while_a_label_is_missing() -> None:
    whole = rows_of(0, {(NAME, 1): b"a", (HC_IN, 1): 5, (ALIAS, 1): b"x"}, ended=True)
    cut = rows_of(0, {(NAME, 1): b"a", (HC_IN, 1): 5}, ended=False)
    begun = rows_of(1, {(DESCR, 1): b"a"}, ended=False)
    assert not names_of([cut])
    assert not names_of([whole])
    assert not names_of([whole, begun])


def test_what_came_after_the_labels_is_kept() -> None:
    whole = rows_of(0, {(NAME, 1): b"a", (HC_IN, 1): 5, (ALIAS, 1): b"x"}, ended=True)
    cut = rows_of(1, {(DESCR, 1): b"a", (TYPE, 1): 6}, ended=False)
    assert names_of([whole, cut]) == ["ifHCInOctets", "ifType_info"]


def test_a_device_without_the_second_entry() -> None:
    empty = rows_of(0, {}, ended=True)
    old = rows_of(1, {(DESCR, 1): b"a", (OPER, 1): 1}, ended=True)
    (sample,) = table_samples(TABLE, [empty, old])
    assert sample.labels == (("ifIndex", "1"), ("ifAlias", ""), ("ifDescr", "a"), ("ifName", ""))


def test_values_of_a_wrong_type_and_indexes_of_a_wrong_length_are_left_out() -> None:
    ifx = rows_of(
        0, {(NAME, 1): 5, (HC_IN, 1): b"many", (HC_IN, 1, 2): 3, (HC_IN, 3): -1}, ended=True
    )
    assert not names_of([ifx, rows_of(1, {}, ended=True)])


def test_rows_are_bounded() -> None:
    rows = Rows(IF)
    for index in range(MAX_ROWS):
        rows.add(OPER, (index,), 1)
    with pytest.raises(TooManyRowsError):
        rows.add(OPER, (MAX_ROWS,), 1)


def test_an_unproven_end_in_the_middle_of_a_column_is_no_end() -> None:
    rows = Rows(IF)
    for arcs in ((DESCR, 1), (DESCR, 2), (OPER, 1)):
        rows.add(arcs[0], arcs[1:], 1)
    rows.end(proven=False)
    assert not rows.finished
    rows.add(OPER, (2,), 1)
    rows.end(proven=False)
    assert rows.finished

"""Cells become series, and a row never changes its identity because a table came in part."""

from __future__ import annotations

import re

import pytest

from netwatch.process.pace import at_once
from netwatch.snmp import load_profile
from netwatch.snmp.reader import TableReader
from netwatch.snmp.rows import Choice, columns_of
from netwatch.snmp.values import Value
from netwatch.snmp.walked import BadTableError, Cells, Walked
from tests.snmp.walks import Arcs, Device, samples

(TABLE,) = (table for table in load_profile("if_mib").tables if table.name == "interfaces")
NAME, HC_IN, ALIAS = 1, 6, 18
DESCR, TYPE, OPER = 2, 3, 8
IFX: dict[Arcs, Value] = {(NAME, 1): b"a", (HC_IN, 1): 5, (ALIAS, 1): b"x"}


def device() -> Device:
    return Device(TABLE)


def names_of(walked: Device) -> list[str]:
    return [sample.name for sample in samples(walked.read())]


def test_labels_come_from_all_entries() -> None:
    walked = device()
    walked.walk({(NAME, 7): b"Gi0/7", (HC_IN, 7): 5, (ALIAS, 7): "xã Nam Sách".encode()})
    walked.walk({(DESCR, 7): b"GigabitEthernet0/7", (TYPE, 7): 6, (OPER, 7): 1})
    row = (
        ("ifIndex", "7"),
        ("ifAlias", "xã Nam Sách"),
        ("ifDescr", "GigabitEthernet0/7"),
        ("ifName", "Gi0/7"),
    )
    found = {sample.name: sample for sample in samples(walked.read())}
    assert found["ifHCInOctets"].labels == row
    assert found["ifHCInOctets"].value == 5
    assert found["ifOperStatus"].labels == row
    assert found["ifType_info"].labels == (*row, ("ifType", "ethernetCsmacd"))


def test_nothing_while_a_label_is_missing() -> None:
    cut: dict[Arcs, Value] = {(NAME, 1): b"a", (HC_IN, 1): 5}
    assert not names_of(device().walk(cut, ended=False))
    assert not names_of(device().walk(IFX))
    walked = device().walk(IFX | {(NAME, 2): b"b", (HC_IN, 2): 6, (ALIAS, 2): b"y"})
    walked.walk({(DESCR, 1): b"a"}, ended=False)
    assert {dict(labels)["ifIndex"] for _, labels in walked.read().series} == {"1"}


def test_what_came_after_the_labels_is_kept() -> None:
    walked = device().walk(IFX).walk({(DESCR, 1): b"a", (TYPE, 1): 6}, ended=False)
    assert names_of(walked) == ["ifHCInOctets", "ifType_info"]
    assert not walked.read().finished


def test_a_device_without_the_first_entry() -> None:
    (sample,) = samples(device().walk({}).walk({(DESCR, 1): b"a", (OPER, 1): 1}).read())
    assert sample.labels == (("ifIndex", "1"), ("ifAlias", ""), ("ifDescr", "a"), ("ifName", ""))


def test_values_of_a_wrong_type_and_indexes_of_a_wrong_length_are_left_out() -> None:
    cells: dict[Arcs, Value] = {
        (NAME, 1): 5,
        (HC_IN, 1): b"many",
        (HC_IN, 1, 2): 3,
        (HC_IN, 3): -1,
    }
    assert not names_of(device().walk(cells).walk({}))


def test_an_unproven_end_in_the_middle_of_a_column_is_no_end() -> None:
    cut: dict[Arcs, Value] = {(DESCR, 1): b"a", (DESCR, 2): b"b", (OPER, 1): 1}
    walked = device().walk(IFX).walk(cut, proven=False)
    for _ in TABLE.entries[2:]:
        walked.walk({})
    assert not walked.read().finished
    whole = device().walk(IFX).walk(cut | {(OPER, 2): 1}, proven=False)
    for _ in TABLE.entries[2:]:
        whole.walk({})
    assert whole.read().finished


def test_rows_beyond_the_limit_are_left_out_whole() -> None:
    rows: dict[Arcs, Value] = {}
    for index in range(1, 6):
        rows |= {(DESCR, index): b"a", (TYPE, index): 6, (OPER, index): 1}
    walked = device().walk({}).walk(rows)
    assert len(walked.read(limit=10).series) == 10
    assert not walked.read(limit=10).capped
    capped = walked.read(limit=9)
    assert capped.capped
    assert len(capped.series) == 8
    assert {dict(labels)["ifIndex"] for _, labels in capped.series} == {"1", "2", "3", "4"}


def test_an_agent_with_an_order_of_its_own_is_read() -> None:
    ordered, other = device().walk(IFX), device().walk(IFX)
    for each in (ordered, other):
        each.walk({(DESCR, 1): b"a"}).walk({})
    other.cells.names.insert(0, other.cells.names.pop(1))
    other.cells.values.insert(0, other.cells.values.pop(1))
    assert samples(other.read()).series == samples(ordered.read()).series
    assert not other.read().finished, "columns may have been skipped that had more rows"


def test_a_cell_that_comes_twice_is_not_believed() -> None:
    walked = device().walk(IFX)
    walked.cells.names.insert(1, walked.cells.names[0])
    walked.cells.values.insert(1, walked.cells.values[0])
    with pytest.raises(BadTableError, match="repeats itself"):
        walked.read()


def poll(reader: TableReader, octets: int, **changes: Value) -> dict[tuple[str, str], float]:
    """One poll of two interfaces."""
    ifx: dict[Arcs, Value] = {(NAME, 1): changes.get("name", b"a"), (NAME, 2): b"b"}
    ifx |= {(HC_IN, 1): octets, (HC_IN, 2): 7} | {(ALIAS, 1): b"", (ALIAS, 2): b""}
    oper: dict[Arcs, Value] = {(OPER, 1): 1}
    if "second" not in changes:
        oper[OPER, 2] = 2
    walked = device().walk(ifx).walk({(DESCR, 1): b"a", (TYPE, 1): changes.get("type", 6)} | oper)
    reading = walked.read(reader)
    return {(s.name, dict(s.labels)["ifName"]): s.value for s in samples(reading)}


def test_numbers_alone_keep_the_series() -> None:
    reader = TableReader(TABLE)
    first = device().walk(IFX).walk({}).read(reader)
    second = device().walk(IFX | {(HC_IN, 1): 6}).walk({}).read(reader)
    assert second.series is first.series
    assert second.values == [6.0]


def test_a_changed_name_word_or_row_is_seen() -> None:
    reader = TableReader(TABLE)
    before = poll(reader, 1)
    assert before["ifHCInOctets", "a"] == 1
    assert poll(reader, 2, name=b"c")["ifHCInOctets", "c"] == 2
    assert ("ifHCInOctets", "a") not in poll(reader, 3, name=b"c")
    assert ("ifOperStatus", "b") not in poll(reader, 4, second=None)
    assert poll(reader, 5)["ifOperStatus", "b"] == 2
    assert ("ifHCInOctets", "a") not in poll(reader, -1)
    assert poll(reader, 6) == before | {("ifHCInOctets", "a"): 6}


def test_cells_that_nobody_wants_may_come_and_go() -> None:
    reader = TableReader(TABLE)
    first = device().walk(IFX).walk({(DESCR, 1): b"a"}).read(reader)
    again = device().walk(IFX).walk({(1, 1): 1, (DESCR, 1): b"a", (12, 1): 5}).read(reader)
    assert again.series is first.series


def interfaces_of(choice: Choice, limit: int = 1000) -> list[str]:
    """Names of a port, a loopback, a VLAN and a tunnel, as they are shown."""
    names = {1: b"Gi0/1", 2: b"Lo0", 3: b"Vlan10", 4: b"Tunnel7"}
    types = {1: 6, 2: 24, 3: 136, 4: 131}
    ifx: dict[Arcs, Value] = {(NAME, index): name for index, name in names.items()}
    ifx |= {(ALIAS, index): b"" for index in names}
    table: dict[Arcs, Value] = {(DESCR, index): name for index, name in names.items()}
    table |= {(TYPE, index): number for index, number in types.items()}
    walked = device().walk(ifx).walk(table)
    reading = walked.read(TableReader(TABLE, choice), limit)
    return [dict(labels)["ifName"] for _, labels in reading.series]


def test_interfaces_are_chosen_by_rule() -> None:
    uplinks = re.compile("Tunnel|Dialer")
    assert interfaces_of(Choice()) == ["Gi0/1", "Lo0", "Vlan10", "Tunnel7"]
    assert interfaces_of(Choice(lesser=False)) == ["Gi0/1"]
    assert interfaces_of(Choice(lesser=False, kept=uplinks)) == ["Tunnel7", "Gi0/1"]


def test_what_matters_most_is_shown_when_there_is_too_much() -> None:
    assert interfaces_of(Choice(kept=re.compile("Tunnel")), limit=2) == ["Tunnel7", "Gi0/1"]


def test_sensors_are_in_the_unit_that_they_name() -> None:
    (sensors,) = load_profile("entity_sensor").tables
    names: dict[Arcs, Value] = {(7, 1): b"inlet", (7, 2): b"rail", (7, 3): b"odd"}

    def readings(reader: TableReader, *values: int, scale: int = 8) -> list[float]:
        cells: dict[Arcs, Value] = {(1, 1): 8, (1, 2): 4, (1, 3): 8}
        cells |= {(2, 1): 9, (2, 2): scale, (2, 3): 99}
        cells |= {(3, 1): 1, (3, 2): 0, (3, 3): 0}
        cells |= {(4, row): value for row, value in enumerate(values, 1)}
        return Device(sensors).walk(cells).walk(names).read(reader).values

    reader = TableReader(sensors)
    assert readings(reader, 235, 3300, 1) == pytest.approx([23.5, 3.3])
    assert readings(reader, 240, 3310, 1) == pytest.approx([24.0, 3.31])
    assert readings(reader, 240, 3, 1, scale=9) == pytest.approx([24.0, 3.0])


def test_a_value_that_means_none_comes_and_goes() -> None:
    (table, *_) = load_profile("huawei").tables
    reader = TableReader(table)
    none = 2147483647

    def temperatures(*values: int) -> list[float]:
        cells: dict[Arcs, Value] = {(11, row): value for row, value in enumerate(values, 1)}
        return Device(table).walk({(7, 1): b"a", (7, 2): b"b"}).walk(cells).read(reader).values

    assert temperatures(40, none) == [40]
    assert temperatures(41, none) == [41]
    assert temperatures(none, none) == []
    assert temperatures(42, 43) == [42, 43]


def test_a_cell_of_no_entry_is_told() -> None:
    walks = [Walked(entry, Cells()) for entry in TABLE.entries]
    with pytest.raises(BadTableError, match=r"shows 1\.3\.6\.1\.2\.1\.1\.1\.0 as a cell of"):
        at_once(columns_of(walks, ["1.3.6.1.2.1.1.1.0"]))


def whole(name: bytes) -> Device:
    """A device of one interface, all of whose tables were read to their end."""
    walked = device().walk(IFX).walk({(DESCR, 1): name})
    while len(walked.walks) < len(TABLE.entries):
        walked.walk({})
    return walked


def test_a_device_that_changes_its_rows_again_and_again_is_restless() -> None:
    reader = TableReader(TABLE)
    polls = [whole(b"port %d" % poll) for poll in range(8)]
    restless = []
    for walked in (*polls[:2], *[polls[1]] * 9, *polls[2:]):
        walked.read(reader)
        restless.append(reader.is_restless)
    assert not any(restless[:13]), "another layout now and then is nothing strange"
    assert restless[-1]
    for _ in range(6):
        polls[-1].read(reader)
    assert not reader.is_restless


def test_polls_that_are_cut_short_make_no_device_restless() -> None:
    reader = TableReader(TABLE)
    for _ in range(12):
        assert whole(b"a").read(reader).finished
        device().walk({(1, 1): b"a"}, ended=False, proven=False).read(reader)
        assert not reader.is_restless

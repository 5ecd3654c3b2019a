"""What a device is, by ENTITY-MIB or its maker's own objects, in a list that is safe to open."""

from __future__ import annotations

import csv
import io

import pytest

from netwatch.core.result import Readings
from netwatch.snmp import catalogue
from netwatch.snmp.identity import CLASS, MODEL, NAME, OWN, SERIAL, SOFTWARE, Part, as_csv, parts
from netwatch.snmp.values import Value

Cells = dict[tuple[int, int], Value]


def texts(**values: str) -> Readings:
    series = tuple((name, ((name, text),)) for name, text in values.items())
    return Readings(series, (1.0,) * len(series))


def chassis(row: int, model: bytes, serial: bytes) -> Cells:
    return {(CLASS, row): 3, (NAME, row): b"Switch", (MODEL, row): model, (SERIAL, row): serial}


@pytest.mark.parametrize("name", [name for names in OWN.values() for name in names])
def test_each_is_a_series_that_some_profile_gives(name: str) -> None:
    assert catalogue()[name].labels == (name,)


def test_each_chassis_of_a_stack_is_a_part() -> None:
    module: Cells = {(CLASS, 3): 9, (MODEL, 3): b"module", (SERIAL, 3): b"X"}
    cells = chassis(1, b"C9300", b"FOC1") | chassis(2, b"C9300", b"FOC2") | module
    assert parts(Readings(), cells) == [
        Part("Switch", "C9300", "FOC1", ""),
        Part("Switch", "C9300", "FOC2", ""),
    ]


def test_what_the_chassis_does_not_tell_comes_of_the_makers_own() -> None:
    own = texts(fnSysSerial="FG1", fgSysVersion="v7.2", sysDescr="FortiGate")
    assert parts(own, {}) == [Part("", "", "FG1", "v7.2")]
    cells = chassis(1, b"FGT_100E", b"") | {(SOFTWARE, 1): b"v7.4"}
    assert parts(own, cells) == [Part("Switch", "FGT_100E", "FG1", "v7.4")]


def test_a_device_that_tells_nothing_or_nonsense_is_one_empty_part() -> None:
    assert parts(Readings(), {}) == [Part("", "", "", "")]
    assert parts(Readings(), {(CLASS, 1): b"x", (MODEL, 1): 7}) == [Part("", "", "", "")]
    assert parts(Readings(), {(CLASS, 1): 3, (MODEL, 1): 7}) == [Part("", "", "", "")]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "\t=1"])
def test_no_cell_is_a_formula(text: str) -> None:
    ((cell,),) = csv.reader(io.StringIO(as_csv([[text]])))
    assert cell == f"'{text}"


def test_other_cells_stay_as_they_are() -> None:
    rows = [["an-lam", 'C9300 "x", 24', "Đã đo"], ["", "7.2-1", "a=b"]]
    assert list(csv.reader(io.StringIO(as_csv(rows)))) == rows

"""The largest table that a device may show, all of it new, is read in steps that hold nobody up."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator

import pytest

from netwatch.process.pace import Steps
from netwatch.snmp import load_profile
from netwatch.snmp.profile import ValueKind
from netwatch.snmp.reader import TableReader, TableReading
from netwatch.snmp.walked import MAX_CELLS, MAX_ROWS
from tests.snmp.walks import Device

MAX_STEP = 0.05
"""Seconds of CPU, the bound of every reader of foreign octets; a step takes up to 10 ms."""

RUNS = 3
"""Of which the least counts: whatever else runs on the machine only adds to it."""


def largest() -> Device:
    """An interface table of as many rows as a walk takes."""
    table = next(each for each in load_profile("if_mib").tables if each.name == "interfaces")
    device = Device(table)
    for entry in table.entries:
        columns = [(column.column, column.kind is ValueKind.LABEL) for column in entry.columns]
        rows = min(MAX_ROWS, MAX_CELLS // len(columns))
        device.walk(
            {
                (column, row): b"Gi0/%d" % row if is_label else 1
                for column, is_label in columns
                for row in range(1, rows + 1)
            }
        )
    return device


def longest_step(work: Steps[TableReading]) -> tuple[float, TableReading]:
    longest = 0.0
    while True:
        began = time.thread_time()
        try:
            next(work)
        except StopIteration as end:
            return max(longest, time.thread_time() - began), end.value
        longest = max(longest, time.thread_time() - began)


@pytest.fixture
def no_collector() -> Iterator[None]:
    """Without the garbage collector, which looks at everything else that the tests made, too."""
    gc.disable()
    yield
    gc.enable()


@pytest.mark.slow
@pytest.mark.usefixtures("no_collector")
def test_a_new_table_holds_nobody_up() -> None:
    device = largest()
    steps = [
        longest_step(TableReader(device.table).read(device.walks, device.cells, 20_000))
        for _ in range(RUNS)
    ]
    assert all(reading.capped and len(reading.series) > 19_000 for _, reading in steps)
    assert min(longest for longest, _ in steps) < MAX_STEP

"""The largest table that a device may show, all of it new, is read in steps that hold nobody up."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator

import pytest

from netwatch.process.pace import Steps
from netwatch.snmp import load_profile
from netwatch.snmp.profile import Table, ValueKind
from netwatch.snmp.reader import TableReader, TableReading
from netwatch.snmp.walked import MAX_CELLS, MAX_ROWS
from tests.snmp.walks import Device

RUNS = 3
"""Of which the least counts: whatever else runs on the machine only adds to one."""

LIMIT = 20_000
"""Series that are shown."""


def table(profile: str, name: str) -> Table:
    return next(each for each in load_profile(profile).tables if each.name == name)


def largest(of: Table, number: int, *, ended: bool = True) -> Device:
    """A table of as many rows as a walk takes, all of whose numbers are the same."""
    device = Device(of)
    for entry in of.entries:
        columns = [(column.column, column.kind is ValueKind.LABEL) for column in entry.columns]
        rows = min(MAX_ROWS, MAX_CELLS // len(columns))
        arcs = (1,) * (len(of.index) - 1)
        device.walk(
            {
                (column, *arcs, row): b"Gi0/%d" % row if is_label else number
                for column, is_label in columns
                for row in range(1, rows + 1)
            },
            ended=ended,
            proven=ended,
        )
    return device


def longest_step(work: Steps[TableReading]) -> tuple[float, TableReading]:
    """The share of the longest step in all, and what was read."""
    steps: list[float] = []
    while True:
        began = time.thread_time()
        try:
            next(work)
        except StopIteration as end:
            steps.append(time.thread_time() - began)
            return max(steps) / sum(steps), end.value
        steps.append(time.thread_time() - began)


@pytest.fixture
def no_collector() -> Iterator[None]:
    """Without the garbage collector, which looks at everything else that the tests made, too."""
    gc.disable()
    yield
    gc.enable()


INTERFACES, OPTICS = table("if_mib", "interfaces"), table("h3c", "h3c_optics")

NOTHING = 2147483647
"""The number by which OPTICS says that there is none."""


def all_new(of: Table, number: int) -> tuple[float, TableReading]:
    device = largest(of, number)
    return longest_step(TableReader(of).read(device.walks, device.cells, LIMIT))


def cut_short() -> tuple[float, TableReading]:
    """After a poll that was whole: labels are remembered from it."""
    reader = TableReader(INTERFACES)
    largest(INTERFACES, 1).read(reader, LIMIT)
    device = largest(INTERFACES, 2, ended=False)
    return longest_step(reader.read(device.walks, device.cells, LIMIT))


@pytest.mark.slow
@pytest.mark.usefixtures("no_collector")
@pytest.mark.parametrize(
    ("read", "shown", "most"),
    [
        pytest.param(lambda: all_new(INTERFACES, 1), 19_000, 1 / 40, id="new"),
        pytest.param(cut_short, 19_000, 1 / 40, id="cut short"),
        pytest.param(lambda: all_new(OPTICS, 1), 19_000, 1 / 10, id="with factors"),
        pytest.param(lambda: all_new(OPTICS, NOTHING), 0, 1 / 10, id="empty"),
    ],
)
def test_no_step_is_long(
    read: Callable[[], tuple[float, TableReading]], shown: int, most: float
) -> None:
    """Of all CPU, the longest step takes at most that share: both grow alike on a slow machine.

    In all it is 90 to 330 ms. When each of these was found, a step took 1/20, 1/9, 1/5 and 3/5.
    """
    runs = [read() for _ in range(RUNS)]
    assert all(len(reading.series) >= shown for _, reading in runs)
    assert min(share for share, _ in runs) < most, [share for share, _ in runs]

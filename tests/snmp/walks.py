"""Tables as a device would show them, without a device."""

from __future__ import annotations

from netwatch.core.result import Readings
from netwatch.process.pace import at_once
from netwatch.snmp.profile import Table
from netwatch.snmp.reader import TableReader, TableReading
from netwatch.snmp.values import Value
from netwatch.snmp.walked import Cells, Walked

Arcs = tuple[int, ...]
"""Column, then index."""


class Device:
    """The entries of one table, each walked as far as the test says."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.cells = Cells()
        self.walks: list[Walked] = []

    def walk(self, cells: dict[Arcs, Value], *, ended: bool = True, proven: bool = True) -> Device:
        """Walk the next entry."""
        walked = Walked(self.table.entries[len(self.walks)], self.cells)
        self.walks.append(walked)
        shown = [
            (f"{walked.entry.oid}.{'.'.join(map(str, arcs))}", value)
            for arcs, value in sorted(cells.items())
        ]
        if shown:
            walked.add(shown)
        if ended:
            walked.end(proven=proven)
        return self

    def read(self, reader: TableReader | None = None, limit: int = 10_000) -> TableReading:
        return at_once((reader or TableReader(self.table)).read(self.walks, self.cells, limit))


def samples(reading: TableReading) -> Readings:
    return Readings(reading.series, reading.values)

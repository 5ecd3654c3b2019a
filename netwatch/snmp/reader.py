"""Reads one table of one device poll after poll, and works out its rows only when they change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from sys import intern

from netwatch.core.result import SeriesKey
from netwatch.snmp.layout import Layout
from netwatch.snmp.oids import cell_of
from netwatch.snmp.profile import Table
from netwatch.snmp.rows import EVERY_ROW, Cells, Choice, Rows, columns_of, finished
from netwatch.snmp.walked import Walked


@dataclass(frozen=True, slots=True)
class TableReading:
    """What a table gave in one poll.

    Attributes:
        series: see ``netwatch.core.result.Readings``.
        values: one for each series.
        finished: the table was read to its end.
        capped: there were more rows than may be shown.
    """

    series: tuple[SeriesKey, ...]
    values: list[float]
    finished: bool
    capped: bool


class TableReader:
    """Reads one table of one device, and remembers what does not change."""

    def __init__(self, table: Table, choice: Choice = EVERY_ROW) -> None:
        self.table = table
        self._choice = choice
        self._wanted = {e.oid: {c.column for c in e.columns} for e in table.entries}
        self._known: set[str] = set()
        self._layout: Layout | None = None
        self._finished = False
        self._capped = False

    def read(self, walks: Sequence[Walked], cells: Cells, limit: int) -> TableReading:
        """The values of a poll.

        Args:
            walks: the entries of the table, as far as they were walked.
            cells: of all of them.
            limit: how many series there may be; whole rows are left out beyond it.

        Raises:
            BadTableError: the agent does not keep the order of its objects.
        """
        layout, values = self._layout, None
        if layout is not None and len(layout.series) <= limit and not self._has_new_rows(cells):
            values = layout.read(cells)
        if layout is None or values is None:
            layout = self._lay_out(walks, cells, limit)
            values = layout.read(cells)
            assert values is not None  # it was made of these cells
        return TableReading(layout.series, values, self._finished, self._capped)

    def _has_new_rows(self, cells: Cells) -> bool:
        """Whether there are cells in wanted columns that were not there before."""
        if cells.keys() <= self._known:
            return False
        new = cells.keys() - self._known
        for oid in new:
            for entry, columns in self._wanted.items():
                if oid.startswith(f"{entry}.") and cell_of(entry, oid)[0] in columns:
                    return True
        self._known |= new
        return False

    def _lay_out(self, walks: Sequence[Walked], cells: Cells, limit: int) -> Layout:
        # Devices of one kind have the same OIDs; all that is kept of this device shares them.
        cells = {intern(oid): value for oid, value in cells.items()}
        columns = columns_of(walks, cells)
        self._finished = len(walks) == len(self.table.entries) and all(
            finished(walk, columns) for walk in walks
        )
        rows = Rows(self.table, self._choice, walks, columns, cells)
        layout = Layout(cells, rows.places(limit), rows.deciding())
        self._capped = rows.capped
        self._known = set(cells)
        if self._layout is not None and self._layout.series == layout.series:
            layout.series = self._layout.series  # whoever knows the old one need not look again
        self._layout = layout
        return layout

"""Reads one table of one device poll after poll, and works out its rows only when they change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from sys import intern

from netwatch.core.result import SeriesKey
from netwatch.snmp.layout import Layout
from netwatch.snmp.profile import Table
from netwatch.snmp.rows import EVERY_ROW, Choice, Rows, columns_of, finished
from netwatch.snmp.walked import Cells, Walked


@dataclass(frozen=True, slots=True)
class TableReading:
    """The series and values of a table in one poll.

    Attributes:
        series: see ``netwatch.core.result.Readings``.
        values: one for each series.
        finished: whether the table was read to its end.
        capped: whether rows were left out, because there were more than may be shown.
    """

    series: tuple[SeriesKey, ...]
    values: list[float]
    finished: bool
    capped: bool


class TableReader:
    """Reads one table of one device, and remembers the layout of its rows between polls."""

    def __init__(self, table: Table, choice: Choice = EVERY_ROW) -> None:
        self.table = table
        self._choice = choice
        self._names: list[str] = []
        self._how: list[tuple[bool, bool, int]] = []
        self._layout: Layout | None = None
        self._finished = False
        self._capped = False

    def read(self, walks: Sequence[Walked], cells: Cells, limit: int) -> TableReading:
        """The series and values of a poll.

        Args:
            walks: the entries of the table, as far as they were walked.
            cells: what the walks gave.
            limit: how many series there may be; whole rows are left out beyond it.

        Raises:
            BadTableError: the agent does not keep the order of its objects.
        """
        layout, values = self._layout, None
        how = [walk.how for walk in walks]
        if (
            layout is not None
            and len(layout.series) <= limit
            and how == self._how
            and cells.names == self._names
        ):
            values = layout.read(cells.values)
        if layout is None or values is None:
            layout = self._lay_out(walks, cells, limit)
            values = layout.read(cells.values)
            assert values is not None  # it was made of these cells
            self._how = how
        return TableReading(layout.series, values, self._finished, self._capped)

    def _lay_out(self, walks: Sequence[Walked], cells: Cells, limit: int) -> Layout:
        columns = columns_of(walks, cells.names)
        self._finished = len(walks) == len(self.table.entries) and all(
            finished(walk, columns) for walk in walks
        )
        rows = Rows(self.table, self._choice, walks, columns, cells.values)
        layout = Layout(cells.values, rows.places(limit), rows.deciding())
        self._capped = rows.capped
        # Devices of one kind have the same OIDs; all that is kept of them is shared.
        self._names = [intern(name) for name in cells.names]
        if self._layout is not None and self._layout.series == layout.series:
            layout.series = self._layout.series  # whoever knows the old one need not look again
        self._layout = layout
        return layout

"""Puts the cells of a walked table together to rows, and the rows to series."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from netwatch.core.result import SeriesKey
from netwatch.snmp.layout import Labels, Layout, Place
from netwatch.snmp.oids import Arcs, ForeignOidError, cell_of
from netwatch.snmp.profile import HELPERS, Column, Kind, Table
from netwatch.snmp.values import Value, to_factor, to_text
from netwatch.snmp.walked import BadTableError, Walked

Cells = dict[str, Value]


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

    def __init__(self, table: Table) -> None:
        self.table = table
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
        columns = _columns(walks, cells)
        self._finished = len(walks) == len(self.table.entries) and all(
            _finished(walk, columns) for walk in walks
        )
        rows = _Rows(self.table, walks, columns, cells)
        layout = Layout(cells, rows.places(limit), rows.helpers())
        self._capped = rows.capped
        self._known = set(cells)
        if self._layout is not None and self._layout.series == layout.series:
            layout.series = self._layout.series  # whoever knows the old one need not look again
        self._layout = layout
        return layout


ColumnKey = tuple[str, int]
"""OID of the entry and number of the column."""


def _columns(walks: Sequence[Walked], cells: Cells) -> dict[ColumnKey, dict[Arcs, str]]:
    """OIDs by row, of each wanted column, in the order in which the device shows them."""
    columns: dict[ColumnKey, dict[Arcs, str]] = {
        (walk.entry.oid, column.column): {} for walk in walks for column in walk.entry.columns
    }
    entry = ""
    last: Arcs = ()
    for oid in cells:
        if not oid.startswith(f"{entry}.") or not entry:
            entry = next(w.entry.oid for w in walks if oid.startswith(f"{w.entry.oid}."))
            last = ()
        try:
            arcs = cell_of(entry, oid)
        except ForeignOidError as error:
            raise BadTableError(f"the agent shows {error!s:.64} as a cell of {entry}") from None
        if arcs <= last:
            raise BadTableError(f"the agent goes backwards at {oid:.64}")
        last = arcs
        if (column := columns.get((entry, arcs[0]))) is not None:
            column[arcs[1:]] = oid
    return columns


def _finished(walk: Walked, columns: dict[ColumnKey, dict[Arcs, str]]) -> bool:
    """Whether the entry was read to its end.

    Without an object behind it, the end of all that the device has and an error in the middle look
    the same; then a last column that is shorter than others tells the error.
    """
    if walk.proven or not walk.ended:
        return walk.proven
    lengths = [len(columns[walk.entry.oid, c.column]) for c in walk.entry.columns]
    last = columns.get((walk.entry.oid, walk.reached))
    return last is None or len(last) == max(lengths)


class _Rows:
    """The rows of one table in one poll.

    Attributes:
        capped: rows were left out for the limit.
    """

    def __init__(
        self,
        table: Table,
        walks: Sequence[Walked],
        columns: dict[ColumnKey, dict[Arcs, str]],
        cells: Cells,
    ) -> None:
        self.capped = False
        self._table = table
        self._cells = cells
        self._values: list[tuple[Column, dict[Arcs, str]]] = []
        self._helpers: dict[str, tuple[Column, dict[Arcs, str]]] = {}
        self._whole = True
        for walk in walks:
            for column in walk.entry.columns:
                found = columns[walk.entry.oid, column.column]
                if column.kind not in HELPERS:
                    self._values.append((column, found))
                    continue
                self._helpers[column.name] = column, found
                if column.kind is Kind.LABEL and walk.reached <= column.column:
                    self._whole &= _finished(walk, columns)
        self._whole &= self._helpers.keys() >= set(table.labels)

    def helpers(self) -> list[str]:
        """OIDs of the cells that label rows, or say how to read them."""
        return [oid for _, found in self._helpers.values() for oid in found.values()]

    def places(self, limit: int) -> Iterator[Place]:
        """The cells that may become series, row by row.

        None at all while a label column is incomplete: rows would change their identity, and every
        counter would seem to start anew.
        """
        if not self._whole:
            return
        sizes = Counter(index for _, found in self._values for index in found)
        for index, size in sizes.items():
            if len(index) != len(self._table.index):
                continue
            limit -= size
            if limit < 0:
                self.capped = True
                return
            labels = self._labels(index)
            for column, found in self._values:
                factor = self._factor(column, index)
                if index in found and factor is not None:
                    yield Place(found[index], column, labels, factor)

    def _labels(self, index: Arcs) -> Labels:
        parts = zip(self._table.index, index, strict=True)
        return (
            *((name, str(part)) for name, part in parts if not name.startswith("_")),
            *((name, to_text(*self._helper(name, index)) or "") for name in self._table.labels),
        )

    def _factor(self, column: Column, index: Arcs) -> float | None:
        """What the row says its values are to be multiplied by; None where it does not say."""
        whole = 1.0
        for name in column.factors:
            factor = to_factor(*self._helper(name, index)) if name in self._helpers else None
            if factor is None:
                return None
            whole *= factor
        return whole

    def _helper(self, name: str, index: Arcs) -> tuple[Column, Value]:
        column, found = self._helpers[name]
        return column, self._cells[found[index]] if index in found else None

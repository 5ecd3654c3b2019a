"""Makes rows of the cells of a walked table, and series of the rows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from netwatch.snmp.layout import Labels, SeriesPlace
from netwatch.snmp.oids import Arcs, ForeignOidError, cell_of
from netwatch.snmp.profile import HELPERS, Column, Table, ValueKind
from netwatch.snmp.values import Value, to_factor, to_text
from netwatch.snmp.walked import BadTableError, Walked

_KEPT, _ORDINARY, _LESSER = range(3)
"""Ranks of rows; those of a lower rank are shown first."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Which rows of a table are shown, where its profile says that some matter less.

    Attributes:
        lesser: whether those that matter less are shown.
        kept: rows that have a label matching this are shown in any case, and before all others.
    """

    lesser: bool = True
    kept: re.Pattern[str] | None = None


EVERY_ROW = Choice()

Found = dict[Arcs, int]
"""Positions of a column's cells among the values of a poll, by row, in the device's order."""

Columns = dict[tuple[str, int], Found]
"""By OID of the entry and number of the column."""


def columns_of(walks: Sequence[Walked], names: Sequence[str]) -> Columns:
    """Sort the cells of a poll by column.

    Args:
        walks: of the entries of the table.
        names: OIDs of the cells.

    Raises:
        BadTableError: the agent does not keep the order of its objects.
    """
    columns: Columns = {
        (walk.entry.oid, column.column): {} for walk in walks for column in walk.entry.columns
    }
    entry = ""
    last: Arcs = ()
    for at, oid in enumerate(names):
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
            column[arcs[1:]] = at
    return columns


def finished(walk: Walked, columns: Columns) -> bool:
    """Whether the entry was read to its end.

    An agent that ends with an error instead of endOfMibView may have stopped in the middle. Then
    the last column is shorter than others.
    """
    if walk.proven or not walk.ended:
        return walk.proven
    lengths = [len(columns[walk.entry.oid, c.column]) for c in walk.entry.columns]
    last = columns.get((walk.entry.oid, walk.reached))
    return last is None or len(last) == max(lengths)


class Rows:
    """The rows of one table in one poll.

    Attributes:
        capped: rows were left out for the limit.
    """

    def __init__(
        self,
        table: Table,
        choice: Choice,
        walks: Sequence[Walked],
        columns: Columns,
        values: Sequence[Value],
    ) -> None:
        self.capped = False
        self._table = table
        self._choice = choice
        self._values = values
        self._shown: list[tuple[Column, Found]] = []
        self._helpers: dict[str, tuple[Column, Found]] = {}
        self._whole = True
        for walk in walks:
            for column in walk.entry.columns:
                found = columns[walk.entry.oid, column.column]
                if column.kind not in HELPERS:
                    self._shown.append((column, found))
                    continue
                self._helpers[column.name] = column, found
                if column.kind is ValueKind.LABEL and walk.reached <= column.column:
                    self._whole &= finished(walk, columns)
        self._whole &= self._helpers.keys() >= set(table.labels)

    def deciding(self) -> list[int]:
        """Positions of the cells that decide about rows: labels, factors, and what is lesser."""
        lesser = self._table.lesser
        chosen = (found for column, found in self._shown if lesser and column.name == lesser.column)
        helping = (found for _, found in self._helpers.values())
        return [at for found in (*helping, *chosen) for at in found.values()]

    def places(self, limit: int) -> Iterator[SeriesPlace]:
        """The cells that may become series, row by row.

        There are none while a label column is incomplete: rows would change their labels, and every
        counter would seem to start anew.

        Args:
            limit: series that there may be; whole rows are left out beyond it.
        """
        if not self._whole:
            return
        sizes = Counter(index for _, found in self._shown for index in found)
        rows = [(index, self._labels(index)) for index in sizes if self._fits(index)]
        for index, labels in self._chosen(rows):
            limit -= sizes[index]
            if limit < 0:
                self.capped = True
                return
            for column, found in self._shown:
                factor = self._factor(column, index)
                if index in found and factor is not None:
                    yield SeriesPlace(found[index], column, labels, factor)

    def _fits(self, index: Arcs) -> bool:
        return len(index) == len(self._table.index)

    def _chosen(self, rows: list[tuple[Arcs, Labels]]) -> list[tuple[Arcs, Labels]]:
        """Those of the rows that are shown, kept ones first and lesser ones last."""
        if self._table.lesser is None:
            return rows
        ranked = [(self._rank(index, labels), index, labels) for index, labels in rows]
        ranked.sort(key=lambda row: row[0])
        last = _LESSER if self._choice.lesser else _ORDINARY
        return [(index, labels) for rank, index, labels in ranked if rank <= last]

    def _rank(self, index: Arcs, labels: Labels) -> int:
        kept, lesser = self._choice.kept, self._table.lesser
        if kept is not None and any(
            kept.search(value) for name, value in labels if name in self._table.labels
        ):
            return _KEPT
        assert lesser is not None
        for column, found in self._shown:
            if column.name == lesser.column:
                value = self._values[found[index]] if index in found else None
                return _LESSER if value in lesser.values else _ORDINARY
        return _ORDINARY

    def _labels(self, index: Arcs) -> Labels:
        parts = zip(self._table.index, index, strict=True)
        return (
            *((name, str(part)) for name, part in parts if not name.startswith("_")),
            *((name, to_text(*self._helper(name, index)) or "") for name in self._table.labels),
        )

    def _factor(self, column: Column, index: Arcs) -> float | None:
        """The factor of a column's value in this row; None when the row lacks a part of it."""
        whole = 1.0
        for name in column.factors:
            factor = to_factor(*self._helper(name, index)) if name in self._helpers else None
            if factor is None:
                return None
            whole *= factor
        return whole

    def _helper(self, name: str, index: Arcs) -> tuple[Column, Value]:
        column, found = self._helpers[name]
        return column, self._values[found[index]] if index in found else None

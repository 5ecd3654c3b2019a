"""Puts the cells of one walked table together to samples."""

from __future__ import annotations

from collections.abc import Iterator

from netwatch.core.result import Sample
from netwatch.snmp.profile import Column, Entry, Kind, Scalar, Table
from netwatch.snmp.values import Value, to_number, to_text

Index = tuple[int, ...]
Labels = tuple[tuple[str, str], ...]

MAX_ROWS = 4096
"""Of one table; the largest chassis have fewer interfaces, subinterfaces included."""


class TooManyRowsError(Exception):
    """The device shows more rows than any table that is worth reading."""


class Rows:
    """The cells of one entry, column by column, in the order in which the device shows them."""

    def __init__(self, entry: Entry) -> None:
        self.entry = entry
        self.clear()

    def clear(self) -> None:
        """Forget everything, for a walk that begins anew."""
        self._cells: dict[int, dict[Index, Value]] = {c.column: {} for c in self.entry.columns}
        self._last = 0
        self.finished = False

    def add(self, column: int, index: Index, value: Value) -> None:
        """Keep a cell if its column is wanted.

        Raises:
            TooManyRowsError: the column has more than MAX_ROWS.
        """
        self._last = column
        cells = self._cells.get(column)
        if cells is None:
            return
        cells[index] = value
        if len(cells) > MAX_ROWS:
            raise TooManyRowsError

    def column(self, column: Column) -> dict[Index, Value]:
        """The cells of a column, by index."""
        return self._cells[column.column]

    def end(self, *, proven: bool) -> None:
        """The device shows no more.

        Args:
            proven: an object behind the entry was seen. Without it, the end of all that the
                device has and an error in the middle look the same; then a last column that is
                shorter than others tells the error.
        """
        wanted = self._cells.get(self._last)
        self.finished = (
            proven or wanted is None or len(wanted) == max(map(len, self._cells.values()))
        )

    def whole(self, column: Column) -> bool:
        """Whether the column was read to its end."""
        return self.finished or self._last > column.column


def to_sample(scalar: Scalar, labels: Labels, value: Value) -> Sample | None:
    """The sample of one value; None when the device sent a value that its type does not allow."""
    if scalar.kind in {Kind.GAUGE, Kind.COUNTER}:
        number = to_number(scalar, value)
        return None if number is None else Sample(scalar.metric, labels, number)
    text = to_text(scalar, value)
    return None if text is None else Sample(scalar.metric, (*labels, (scalar.name, text)), 1.0)


def table_samples(table: Table, entries: list[Rows]) -> Iterator[Sample]:
    """The samples of a table.

    None at all while a label column is incomplete: rows would change their identity, and every
    counter would seem to start anew.
    """
    columns = [(rows, column) for rows in entries for column in rows.entry.columns]
    names = {column.name: (rows, column) for rows, column in columns if column.kind is Kind.LABEL}
    if len(names) < len(table.labels) or not all(
        rows.whole(column) for rows, column in names.values()
    ):
        return
    known: dict[Index, Labels | None] = {}
    for rows, column in columns:
        if column.kind is Kind.LABEL:
            continue
        for index, value in rows.column(column).items():
            if index not in known:
                known[index] = _row_labels(table, names, index)
            labels = known[index]
            if labels is not None and (sample := to_sample(column, labels, value)):
                yield sample


def _row_labels(table: Table, names: dict[str, tuple[Rows, Column]], index: Index) -> Labels | None:
    """The labels of a row; None when the index does not have the parts that the table has."""
    if len(index) != len(table.index):
        return None
    labels = [(name, str(part)) for name, part in zip(table.index, index, strict=True)]
    for name in table.labels:
        rows, column = names[name]
        value = rows.column(column).get(index)
        labels.append((name, to_text(column, value) or ""))
    return tuple(labels)

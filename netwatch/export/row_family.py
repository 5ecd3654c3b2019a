"""Metric families whose series are rows of arrays: no object and no text is kept for a series."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netwatch.metrics import Cell, Family, Kind, header, number
from netwatch.metrics.text import EXPONENT_FROM

_STEP = 256
"""Rows that are written in one step."""

Column = NDArray[Any]
"""One value a row; NaN where it is not known."""

Columns = Mapping[str, Callable[[], Column]]
"""Where the values come from, by head: the brace behind the name, and labels of all rows."""

Labels = Callable[[], list[str]]
"""Each row's own labels, as text without braces."""


class RowFamily:
    """All series of one name: one a row and head, and those of ``cells``.

    It is a ``netwatch.metrics.BulkFamily``.
    """

    def __init__(  # noqa: PLR0913, PLR0917 (what a family is made of)
        self,
        kind: Kind,
        name: str,
        help_text: str,
        labels: Labels,
        columns: Columns,
        cells: Family[Cell] | None = None,
    ) -> None:
        self.name = name
        self.kind = kind
        self.header = header(kind, name, help_text)
        self._labels = labels
        self._columns = {f"{name}{head}": column for head, column in columns.items()}
        self._cells = cells

    def steps(self) -> Iterator[str]:
        """The lines in pieces; all values are of the moment at which the first is asked for."""
        if self._cells is not None:
            yield from self._cells.steps()
        labels = self._labels()
        columns = {head: column() for head, column in self._columns.items()}
        for start in range(0, len(labels), _STEP):
            part = slice(start, start + _STEP)
            yield self._lines(labels[part], {head: c[part] for head, c in columns.items()})

    def _lines(self, labels: list[str], columns: dict[str, Column]) -> str:
        return "".join([_lines(head, labels, column) for head, column in columns.items()])


class HistogramFamily(RowFamily):
    """Histograms: their columns are the buckets, added up, then the count, then the sum."""

    def _lines(self, labels: list[str], columns: dict[str, Column]) -> str:
        *counted, sums = columns.values()
        counts = np.array(counted)
        is_short = counts.max(initial=0) < EXPONENT_FROM
        value = "%d.0" if is_short else "%s"
        *heads, last = columns
        form = "".join([f"{head}\0}} {value}\n" for head in heads]) + f"{last}\0}} %s\n"
        rows: Iterable[list[Any]] = counts.T.tolist()
        if not is_short:
            rows = [[number(float(count)) for count in row] for row in rows]
        lines = [
            form.replace("\0", own.replace("%", "%%")) % (*row, number(total))
            for own, row, total in zip(labels, rows, sums.tolist(), strict=True)
        ]
        return "".join(lines)


def _lines(head: str, labels: list[str], column: Column) -> str:
    """One line for each row whose value is known."""
    if column.dtype.kind == "i" and column.max(initial=0) < EXPONENT_FROM:
        values = column.tolist()
        return "".join([f"{head}{own}}} {v}.0\n" for own, v in zip(labels, values, strict=True)])
    lines = [
        f"{head}{labels[place]}}} {number(float(column[place]))}\n"
        for place in np.flatnonzero(~np.isnan(column)).tolist()
    ]
    return "".join(lines)

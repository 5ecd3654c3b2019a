"""Metric families whose series are rows of arrays: no object and no text is kept for a series."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import compress
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from netwatch.inventory.model import Inventory
from netwatch.metrics import Cell, Family, Kind, header, number, series
from netwatch.metrics.parts import is_in_share
from netwatch.metrics.text import MIN_EXPONENT

_MAX_ROWS = 256
"""Rows that are written in one step, which takes some tens of microseconds."""

Column = NDArray[Any]
"""One value a row, none of them below 0; -1 or NaN where it is not known."""

Columns = Mapping[str, Callable[[], Column]]
"""Functions that give the values of all rows, by head: the opening brace, and the labels that all
rows have in common."""


TargetLabels: TypeAlias = Mapping[tuple[str, str], str]
"""The labels ``site`` and ``target`` as text, by site and target."""


class Labels(Protocol):
    """Each row's own labels, as they stand between the head and the value: the end of the braces.

    A list, or something that makes them when they are asked for.
    """

    def __len__(self) -> int:
        """How many rows there are."""

    def __getitem__(self, rows: slice, /) -> list[str]:
        """Those of some rows."""


def own_labels(**labels: str) -> str:
    """The labels of a row, as they stand behind those that all rows have in common."""
    return series("", labels.items()).removeprefix("{")


def target_labels(inventory: Inventory) -> TargetLabels:
    """The labels of an inventory's targets, in its order: made once for all families."""
    return inventory.once(_target_labels)


def _target_labels(inventory: Inventory) -> TargetLabels:
    return {
        (site_id, target_id): own_labels(site=site_id, target=target_id)
        for site_id, _, target_id, _ in inventory.targets()
    }


class RowFamily:
    """All series of one name: one a row and head, and those of ``cells``.

    It is a ``netwatch.metrics.BulkFamily``.
    """

    def __init__(  # noqa: PLR0913, PLR0917 (what a family is made of)
        self,
        kind: Kind,
        name: str,
        help_text: str,
        labels: Callable[[], Labels],
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
        return self.steps_of(1, 1)

    def steps_of(self, share: int, shares: int) -> Iterator[str]:
        """The same of a share: see ``netwatch.metrics.parts.DividedFamily``."""
        if self._cells is not None and is_in_share(self.name, share, shares):
            yield from self._cells.steps()
        labels = self._labels()
        columns = {head: column() for head, column in self._columns.items()}
        for start in range((share - 1) * _MAX_ROWS, len(labels), shares * _MAX_ROWS):
            part = slice(start, start + _MAX_ROWS)
            yield self._lines(labels[part], {head: c[part] for head, c in columns.items()})

    def _lines(self, labels: list[str], columns: dict[str, Column]) -> str:
        return "".join([_lines(head, labels, column) for head, column in columns.items()])


class HistogramFamily(RowFamily):
    """Histograms: their columns are the buckets, added up, then the count, then the sum."""

    def _lines(self, labels: list[str], columns: dict[str, Column]) -> str:
        # Head, labels and value in turn, for every line: one join is the fastest way to write.
        count = len(columns)
        parts = [""] * (3 * count * len(labels))
        parts[0::3] = list(columns) * len(labels)
        parts[1::3] = [own for own in labels for _ in range(count)]
        written: Column | None = None
        for place, column in enumerate(columns.values()):
            # Most buckets add nothing to the one before.
            if written is None or not np.array_equal(column, written):
                written, texts = column, _texts(column)
            parts[3 * place + 2 :: 3 * count] = texts
        return "".join(parts)


def _lines(head: str, labels: list[str], column: Column) -> str:
    """One line for each row whose value is known."""
    is_known = column >= 0
    if not is_known.any():
        return ""
    if not is_known.all():
        labels = list(compress(labels, is_known))
        column = column[is_known]
    if _is_uniform(column):
        [end] = _texts(column[:1])
        return f"{head}{(end + head).join(labels)}{end}"
    return head + head.join(map(str.__add__, labels, _texts(column)))


def _texts(column: Column) -> list[str]:
    """Each value as it stands behind the labels, and the end of the line."""
    if len(column) > 1 and _is_uniform(column):
        return _texts(column[:1]) * len(column)
    if not column.max(initial=0) < MIN_EXPONENT:
        return [f"{number(float(value))}\n" for value in column.tolist()]
    # Without a call for the common case, as in ``netwatch.metrics.cells``.
    if column.dtype.kind == "f":
        return [f"{value!r}\n" for value in column.tolist()]
    return [f"{value}.0\n" for value in column.tolist()]


def _is_uniform(column: Column) -> bool:
    """Whether all rows have the same value; counters of rare events are 0 in nearly all rows."""
    return bool((column == column[0]).all())

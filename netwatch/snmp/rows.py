"""Makes rows of the cells of a walked table, and series of the rows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from netwatch.process.pace import Steps
from netwatch.snmp.layout import Labels, SeriesPlace
from netwatch.snmp.oids import Arcs, ForeignOidError, cell_of
from netwatch.snmp.profile import HELPERS, Column, Table, ValueKind
from netwatch.snmp.values import Value, to_factor, to_text
from netwatch.snmp.walked import BadTableError, Walked

STEP = 256
"""Cells that are looked at in one step, which takes less than a millisecond."""

_ROWS_OF_STEP = 16
"""Rows that are; each may have dozens of cells."""

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


def columns_of(walks: Sequence[Walked], names: Sequence[str]) -> Steps[tuple[Columns, bool]]:
    """Sort the cells of a poll by column, some at each step.

    Args:
        walks: of the entries of the table.
        names: OIDs of the cells.

    Returns:
        The cells, and whether the agent kept the order of its objects.

    Raises:
        BadTableError: the agent repeats itself, or shows a cell that is none.
    """
    columns: Columns = {
        (walk.entry.oid, column.column): {} for walk in walks for column in walk.entry.columns
    }
    entry = ""
    last: Arcs = ()
    ordered = True
    for at, oid in enumerate(names):
        if at % STEP == 0:
            yield
        if not oid.startswith(f"{entry}.") or not entry:
            entry, last = _entry_of(oid, walks), ()
        try:
            arcs = cell_of(entry, oid)
        except ForeignOidError as error:
            raise BadTableError(f"the agent shows {error!s:.64} as a cell of {entry}") from None
        ordered &= arcs > last
        last = arcs
        # Some agents show a column as if it were a single object; that is no row of it.
        if len(arcs) > 1 and (column := columns.get((entry, arcs[0]))) is not None:
            if arcs[1:] in column:
                raise BadTableError(f"the agent repeats itself at {oid:.64}")
            column[arcs[1:]] = at
    return columns, ordered


def _entry_of(oid: str, walks: Sequence[Walked]) -> str:
    """OID of the entry that a cell belongs to.

    Raises:
        BadTableError: it belongs to none. Only the last cell of an answer was looked at before.
    """
    for walk in walks:
        if oid.startswith(f"{walk.entry.oid}."):
            return walk.entry.oid
    raise BadTableError(f"the agent shows {oid:.64} as a cell of {walks[0].entry.oid}")


def finished(walk: Walked, columns: Columns) -> bool:
    """Whether the entry was read to its end.

    An agent that ends with an error instead of endOfMibView may have stopped in the middle. Then
    the last column is shorter than others.
    """
    if walk.damaged or walk.lost:
        return False
    if walk.proven or not walk.ended:
        return walk.proven
    lengths = [len(columns[walk.entry.oid, c.column]) for c in walk.entry.columns]
    last = columns.get((walk.entry.oid, walk.reached))
    return last is None or len(last) == max(lengths)


Remembered = dict[tuple[str, int], dict[Arcs, Value]]
"""Cells of label columns in the last poll that had them all; by entry, column and row."""


@dataclass(frozen=True, slots=True)
class _Helper:
    """A column that says something of its rows.

    Attributes:
        column: what it is.
        found: its cells in this poll.
        remembered: its cells in the last poll that had them all.
        complete: the device has no more cells of it than were found.
        reliable: cells that are missing are missing on the device, too.
    """

    column: Column
    found: Found
    remembered: dict[Arcs, Value]
    complete: bool
    reliable: bool


def _is_complete(walk: Walked, column: Column, columns: Columns) -> bool:
    """Whether all cells of a column were read that the agent can tell."""
    if walk.lost:
        return False
    passed = walk.reached > column.column and not walk.unordered
    return passed or walk.proven or finished(walk, columns)


class Rows:
    """The rows of one table in one poll.

    Attributes:
        capped: rows were left out for the limit.
        named: every label was read, so that these cells may be remembered.
    """

    def __init__(  # noqa: PLR0913 (what is known of a table)
        self,
        table: Table,
        choice: Choice,
        *,
        walks: Sequence[Walked],
        columns: Columns,
        values: Sequence[Value],
        remembered: Remembered,
    ) -> None:
        self.capped = False
        self.named = True
        self._table = table
        self._choice = choice
        self._values = values
        self._shown: list[tuple[Column, Found]] = []
        self._helpers: dict[str, _Helper] = {}
        self._empty: list[int] = []
        by_entry = {walk.entry.oid: walk for walk in walks}
        for entry in table.entries:
            for column in entry.columns:
                place = entry.oid, column.column
                found = columns.get(place, {})
                if column.kind not in HELPERS:
                    self._shown.append((column, found))
                    continue
                walk = by_entry.get(entry.oid)
                complete = walk is not None and _is_complete(walk, column, columns)
                reliable = complete and walk is not None and not walk.damaged
                self._helpers[column.name] = _Helper(
                    column, found, remembered.get(place, {}), complete, reliable
                )
                self.named &= reliable or column.kind is not ValueKind.LABEL

    def deciding(self) -> list[int]:
        """Positions of the cells that decide about rows: labels, factors, lesser and empty rows.

        Call it after ``places``, which finds the empty ones.
        """
        lesser = self._table.lesser
        chosen = (found for column, found in self._shown if lesser and column.name == lesser.column)
        helping = (helper.found for helper in self._helpers.values())
        return [
            *chain.from_iterable(found.values() for found in (*helping, *chosen)),
            *self._empty,
        ]

    def places(self, limit: int) -> Steps[list[SeriesPlace]]:
        """The cells that may become series, row by row, some rows at each step.

        A row whose labels were not all read has those that it had before, or is left out: else it
        would change its labels, and every counter would seem to start anew.

        Args:
            limit: series that there may be; whole rows are left out beyond it.
        """
        sizes = Counter[Arcs]()
        for _, found in self._shown:
            yield
            sizes.update(found.keys())
        ranked = yield from self._ranked(sizes)
        shown = ranked if self._choice.lesser else ranked[:_LESSER]
        places: list[SeriesPlace] = []
        for at, (index, labels) in enumerate(chain.from_iterable(shown)):
            if at % _ROWS_OF_STEP == 0:
                yield
            limit -= sizes[index]
            if limit < 0:
                self.capped = True
                break
            places += self._places_of(index, labels)
        return places

    def _ranked(self, indexes: Iterable[Arcs]) -> Steps[list[list[tuple[Arcs, Labels]]]]:
        """The rows that may be shown, and their labels, by rank."""
        ranked: list[list[tuple[Arcs, Labels]]] = [[] for _ in (_KEPT, _ORDINARY, _LESSER)]
        for at, index in enumerate(indexes):
            if at % _ROWS_OF_STEP == 0:
                yield
            if self._says_nothing(index):
                self._empty += [found[index] for _, found in self._shown if index in found]
            elif len(index) == len(self._table.index):
                labels = self._labels(index)
                if labels is not None:
                    ranked[self._rank(index, labels)].append((index, labels))
        return ranked

    def _places_of(self, index: Arcs, labels: Labels) -> Iterator[SeriesPlace]:
        """The cells of a row that may become series."""
        for column, found in self._shown:
            factor = self._factor(column, index)
            if index in found and factor is not None:
                yield SeriesPlace(found[index], column, labels, factor)

    def _says_nothing(self, index: Arcs) -> bool:
        """Whether the numbers of a row are only those by which a device says nothing."""
        nothing = self._table.nothing
        return bool(nothing) and all(
            (value := self._values[found[index]]) in nothing or value in column.none
            for column, found in self._shown
            if index in found
        )

    def _rank(self, index: Arcs, labels: Labels) -> int:
        kept, lesser = self._choice.kept, self._table.lesser
        if lesser is None:
            return _ORDINARY
        if kept is not None and any(
            kept.search(value) for name, value in labels if name in self._table.labels
        ):
            return _KEPT
        for column, found in self._shown:
            if column.name == lesser.column:
                value = self._values[found[index]] if index in found else None
                return _LESSER if value in lesser.values else _ORDINARY
        return _ORDINARY

    def _labels(self, index: Arcs) -> Labels | None:
        """The labels of a row; None while they are not known."""
        parts = zip(self._table.index, index, strict=True)
        texts: list[tuple[str, str]] = []
        for name in self._table.labels:
            helper = self._helpers[name]
            value: Value = None
            if (at := helper.found.get(index)) is not None:
                value = self._values[at]
            elif not helper.reliable:
                if index in helper.remembered and self._is_same_row(index):
                    value = helper.remembered[index]
                elif not helper.complete:
                    return None
            texts.append((name, to_text(helper.column, value) or ""))
        return (
            *((name, str(part)) for name, part in parts if not name.startswith("_")),
            *texts,
        )

    def _is_same_row(self, index: Arcs) -> bool:
        """Whether what was read of the row's labels is what it was before.

        After a restart a number may belong to another interface.
        """
        helpers = (self._helpers[name] for name in self._table.labels)
        return all(
            self._values[helper.found[index]] == helper.remembered[index]
            for helper in helpers
            if index in helper.found and index in helper.remembered
        )

    def _factor(self, column: Column, index: Arcs) -> float | None:
        """The factor of a column's value in this row; None when the row lacks a part of it."""
        whole = 1.0
        for name in column.factors:
            helper = self._helpers[name]
            at = helper.found.get(index)
            factor = None if at is None else to_factor(helper.column, self._values[at])
            if factor is None:
                return None
            whole *= factor
        return whole

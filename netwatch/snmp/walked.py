"""What a walk of one table entry collects, and the bounds that keep it finite."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from netwatch.snmp.oids import Arcs, ForeignOidError, cell_of
from netwatch.snmp.profile import TableEntry
from netwatch.snmp.values import Value

MAX_ROWS = 4096
"""Rows of one column; the largest chassis have fewer interfaces, subinterfaces included."""

MAX_CELLS = 131_072
"""Cells of one entry, those of columns that are not wanted included: 4 096 rows of 32 columns."""


MAX_ERRORS = 32
"""Cells and columns of an entry that are stepped over because the agent can't tell them."""

_MAX_ERRORS_OF_COLUMN = 2
"""Cells in a row that are stepped over before the rest of the column is."""


class BadTableError(Exception):
    """The agent repeats itself or never ends. Its text is shown to people."""


@dataclass(slots=True)
class Cells:
    """The cells of the wanted columns of a table, in the order in which the device sent them.

    Attributes:
        names: OIDs.
        values: one for each name.
    """

    names: list[str] = field(default_factory=list)
    values: list[Value] = field(default_factory=list)


class Walked:
    """One walk of a table entry: how far it came, and how it ended.

    Attributes:
        entry: what is walked.
        ended: the device has no more of it.
        proven: something behind it was seen, so the end can't be an error in the middle.
        reached: number of the column that the last cell belongs to; 0 before the first.
        damaged: cells were stepped over that could not be read.
        lost: it has no cells, though it had some before, or the agent answered with an error.
        unordered: the agent's cells are not in the order of their identifiers.
    """

    def __init__(self, entry: TableEntry, cells: Cells, *, unordered: bool = False) -> None:
        """Begin a walk.

        Args:
            entry: what is walked.
            cells: where the cells of wanted columns go; shared by the entries of a table.
            unordered: the agent is known to keep no order in this table.
        """
        self.entry = entry
        self.ended = self.proven = self.damaged = self.lost = False
        self.unordered = unordered
        self.reached = 0
        self._cells = cells
        self._begin = len(cells.names)
        self._columns = sorted(column.column for column in entry.columns)
        self._wanted = tuple(f"{entry.oid}.{column}." for column in self._columns)
        self._last: Arcs = ()
        self._count = 0
        self._run = 0
        self._errors = self._errors_in_a_row = 0
        self._behind: Arcs = ()
        self._seen: set[str] | None = set() if unordered else None

    @property
    def how(self) -> tuple[object, ...]:
        """What decides about the rows besides the cells' names."""
        reached = 0 if self.proven else self.reached
        return self.ended, self.proven, reached, self.damaged, self.lost, self.unordered

    def add(self, answer: Sequence[tuple[str, Value]]) -> None:
        """Store the cells of one answer, which must not be empty.

        The last cell and the count are enough to notice an agent that goes backwards or never ends;
        the order within an answer is looked at when cells become rows.

        Raises:
            BadTableError: the agent repeats itself, shows a foreign cell or has no end.
        """
        name = answer[-1][0]
        try:
            last = cell_of(self.entry.oid, name)
        except ForeignOidError as error:
            raise BadTableError(
                f"the agent shows {error!s:.64} as a cell of {self.entry.oid}"
            ) from None
        if last <= self._last or self._seen is not None:
            self._expect_new(answer)
        first, before = self.next_column(), self.reached
        self.reached, self._last = last[0], last
        self._errors_in_a_row = 0
        self.damaged |= self._errors > 0
        self._count += len(answer)
        self._run = self._run + len(answer) if self.reached == before else 0
        if self._run > MAX_ROWS or self._count > MAX_CELLS:
            raise BadTableError(f"the table at {self.entry.oid} has no end")
        if first is None or self.unordered or not self._all_wanted(first):
            # Cells of other columns. How many of them an answer has depends on the lengths of its
            # values; they are left out at once, so that a poll is like the one before.
            answer = [cell for cell in answer if cell[0].startswith(self._wanted)]
        names, values = zip(*answer, strict=True) if answer else ((), ())
        self._cells.names += names
        self._cells.values += values

    def _expect_new(self, answer: Sequence[tuple[str, Value]]) -> None:
        """Some agents keep an order of their own; as long as no cell comes twice, they end.

        Raises:
            BadTableError: a cell came before.
        """
        self.unordered = True
        if self._seen is None:
            self._seen = set(self._cells.names[self._begin :])
        for name, _ in answer:
            if name in self._seen:
                raise BadTableError(f"the agent repeats itself at {name:.64}")
            self._seen.add(name)

    def end(self, *, proven: bool) -> None:
        """End the walk: the device has no more of the entry, or no more that is wanted."""
        self.ended = True
        self.proven = proven

    def next_column(self) -> int | None:
        """The first wanted column that is not complete: the one that was reached, or a later one.

        None when there is no such column; without an order, any column may still come.
        """
        if self.unordered:
            return max(self.reached, self._columns[0])
        at = bisect_left(self._columns, self.reached)
        return self._columns[at] if at < len(self._columns) else None

    def behind_error(self) -> str | None:
        """Where to go on when the agent answers with an error; None when that is taken for the end.

        That is the next row that another column has, else the next column: what the agent can't
        tell of one cell must not cost the others.
        """
        if not self.reached or self.unordered or self._errors >= MAX_ERRORS:
            return None
        self._errors += 1
        column, *row = max(self._last, self._behind)
        following = self._next_row(column, tuple(row))
        if following is not None and self._errors_in_a_row < _MAX_ERRORS_OF_COLUMN:
            self.damaged = True
            self._behind = (column, *following)
        else:
            at = bisect_right(self._columns, column)
            if at == len(self._columns):
                return None
            self._errors_in_a_row = -1
            self._behind = (self._columns[at],)
        self._errors_in_a_row += 1
        return ".".join(map(str, (self.entry.oid, *self._behind)))

    def _next_row(self, column: int, row: Arcs) -> Arcs | None:
        """The first row behind ``row`` that another column has."""
        own, before = f"{self.entry.oid}.{column}.", self._cells.names[self._begin :]
        rows = {cell_of(self.entry.oid, oid)[1:] for oid in before if not oid.startswith(own)}
        return min((known for known in rows if known > row), default=None)

    def _all_wanted(self, first: int) -> bool:
        """Whether every column from ``first`` to the one that was reached is wanted."""
        wanted = bisect_right(self._columns, self.reached) - bisect_left(self._columns, first)
        return wanted == self.reached - first + 1

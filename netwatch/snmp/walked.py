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


class BadTableError(Exception):
    """The agent goes backwards, repeats itself or never ends. Its text is shown to people."""


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
    """

    def __init__(self, entry: TableEntry, cells: Cells) -> None:
        """Begin a walk.

        Args:
            entry: what is walked.
            cells: where the cells of wanted columns go; shared by the entries of a table.
        """
        self.entry = entry
        self.ended = False
        self.proven = False
        self.reached = 0
        self._cells = cells
        self._columns = sorted(column.column for column in entry.columns)
        self._wanted = tuple(f"{entry.oid}.{column}." for column in self._columns)
        self._last: Arcs = ()
        self._count = 0
        self._run = 0

    @property
    def how(self) -> tuple[bool, bool, int]:
        """How the walk ended: ``ended``, ``proven``, and the last column unless proven."""
        return self.ended, self.proven, 0 if self.proven else self.reached

    def add(self, answer: Sequence[tuple[str, Value]]) -> None:
        """Store the cells of one answer, which must not be empty.

        The last cell and the count are enough to notice an agent that goes backwards or never ends;
        the order within an answer is checked when cells become rows.

        Raises:
            BadTableError: the agent goes backwards, shows a foreign cell or has no end.
        """
        name = answer[-1][0]
        try:
            last = cell_of(self.entry.oid, name)
        except ForeignOidError as error:
            raise BadTableError(
                f"the agent shows {error!s:.64} as a cell of {self.entry.oid}"
            ) from None
        if last <= self._last:
            raise BadTableError(f"the agent goes backwards at {name:.64}")
        first, before = self.next_column(), self.reached
        self.reached, self._last = last[0], last
        self._count += len(answer)
        self._run = self._run + len(answer) if self.reached == before else 0
        if self._run > MAX_ROWS or self._count > MAX_CELLS:
            raise BadTableError(f"the table at {self.entry.oid} has no end")
        if first is None or not self._all_wanted(first):
            # Cells of other columns. How many of them an answer has depends on the lengths of its
            # values; they are left out at once, so that a poll is like the one before.
            answer = [cell for cell in answer if cell[0].startswith(self._wanted)]
        names, values = zip(*answer, strict=True) if answer else ((), ())
        self._cells.names += names
        self._cells.values += values

    def end(self, *, proven: bool) -> None:
        """End the walk: the device has no more of the entry, or no more that is wanted."""
        self.ended = True
        self.proven = proven

    def next_column(self) -> int | None:
        """The first wanted column that is not complete: the one that was reached, or a later one.

        None when there is no such column.
        """
        at = bisect_left(self._columns, self.reached)
        return self._columns[at] if at < len(self._columns) else None

    def _all_wanted(self, first: int) -> bool:
        """Whether every column from ``first`` to the one that was reached is wanted."""
        wanted = bisect_right(self._columns, self.reached) - bisect_left(self._columns, first)
        return wanted == self.reached - first + 1

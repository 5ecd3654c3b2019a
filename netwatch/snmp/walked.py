"""The cells of one entry as they come in during a walk, and the bounds that they must keep."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from netwatch.snmp.oids import Arcs, ForeignOidError, cell_of
from netwatch.snmp.profile import TableEntry
from netwatch.snmp.values import Value

MAX_ROWS = 4096
"""Of one column; the largest chassis have fewer interfaces, subinterfaces included."""

MAX_CELLS = 131_072
"""Of one entry, the columns that nobody wants included: 4 096 rows of 32 columns."""


class BadTableError(Exception):
    """The agent goes backwards, repeats itself or never ends. Its text is shown to people."""


@dataclass(slots=True)
class Cells:
    """What a device showed of the wanted columns of a table, in its order.

    Attributes:
        names: OIDs.
        values: one for each name.
    """

    names: list[str] = field(default_factory=list)
    values: list[Value] = field(default_factory=list)


class Walked:
    """What a walk of one entry gave, in the order in which the device shows it.

    Attributes:
        entry: what is walked.
        ended: the device shows no more of it.
        proven: what is behind it was seen, so that the end is no error in the middle.
        reached: the column that the last cell belongs to; 0 before the first.
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
        """How the walk came out, apart from the cells."""
        return self.ended, self.proven, 0 if self.proven else self.reached

    def add(self, answer: Sequence[tuple[str, Value]]) -> None:
        """Keep the cells of one answer, which is not empty.

        What an honest device can't send is found by the last cell and by the count alone; the order
        within an answer is looked at when cells become rows.

        Raises:
            BadTableError: the walk can't go on.
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
            # How many of them an answer has hangs on the lengths of its values; so that a poll is
            # like the one before, they are left out at once.
            answer = [cell for cell in answer if cell[0].startswith(self._wanted)]
        names, values = zip(*answer, strict=True) if answer else ((), ())
        self._cells.names += names
        self._cells.values += values

    def end(self, *, proven: bool) -> None:
        """The device shows no more of the entry, or no more that is wanted."""
        self.ended = True
        self.proven = proven

    def next_column(self) -> int | None:
        """The wanted column that comes next: the one that was reached, unless nobody wants it.

        None when there is no further one.
        """
        at = bisect_left(self._columns, self.reached)
        return self._columns[at] if at < len(self._columns) else None

    def _all_wanted(self, first: int) -> bool:
        """Whether every column from ``first`` to the one that was reached is wanted."""
        wanted = bisect_right(self._columns, self.reached) - bisect_left(self._columns, first)
        return wanted == self.reached - first + 1

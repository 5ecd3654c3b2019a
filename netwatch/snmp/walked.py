"""The cells of one entry as they come in during a walk, and the bounds that they must keep."""

from __future__ import annotations

from collections.abc import Sequence

from netwatch.snmp.oids import Arcs, ForeignOidError, cell_of
from netwatch.snmp.profile import Entry
from netwatch.snmp.values import Value

MAX_ROWS = 4096
"""Of one column; the largest chassis have fewer interfaces, subinterfaces included."""

MAX_CELLS = 131_072
"""Of one entry, the columns that nobody wants included: 4 096 rows of 32 columns."""


class BadTableError(Exception):
    """The agent goes backwards, repeats itself or never ends. Its text is shown to people."""


class Walked:
    """What a walk of one entry gave, in the order in which the device shows it.

    Attributes:
        entry: what is walked.
        ended: the device shows no more of it.
        proven: an object behind it was seen, so that the end is no error in the middle.
    """

    def __init__(self, entry: Entry, cells: dict[str, Value]) -> None:
        """Begin a walk.

        Args:
            entry: what is walked.
            cells: where values go by OID, the columns included that nobody wants but that lie
                between; shared by the entries of a table.
        """
        self.entry = entry
        self.ended = False
        self.proven = False
        self._cells = cells
        self._first = len(cells)
        self._columns = sorted(column.column for column in entry.columns)
        self._last: Arcs = ()
        self._run = 0

    @property
    def reached(self) -> int:
        """The column that the last cell belongs to; 0 before the first."""
        return self._last[0] if self._last else 0

    def add(self, answer: Sequence[tuple[str, Value]]) -> None:
        """Keep the cells of one answer, which is not empty.

        What an honest device can't send is found by the last cell and by the count alone; the order
        within an answer is looked at when cells become rows.

        Raises:
            BadTableError: the walk can't go on.
        """
        before = len(self._cells)
        self._cells.update(answer)
        try:
            last = cell_of(self.entry.oid, answer[-1][0])
        except ForeignOidError as error:
            raise BadTableError(
                f"the agent shows {error!s:.64} as a cell of {self.entry.oid}"
            ) from None
        if last <= self._last or len(self._cells) < before + len(answer):
            raise BadTableError(f"the agent goes backwards at {answer[-1][0]:.64}")
        self._run = self._run + len(answer) if last[0] == self.reached else 0
        self._last = last
        if self._run > MAX_ROWS or len(self._cells) - self._first > MAX_CELLS:
            raise BadTableError(f"the table at {self.entry.oid} has no end")

    def end(self, *, proven: bool) -> None:
        """The device shows no more of the entry, or no more that is wanted."""
        self.ended = True
        self.proven = proven

    def next_column(self) -> int | None:
        """The wanted column that comes next: the one that was reached, unless nobody wants it.

        None when there is no further one.
        """
        return next((column for column in self._columns if column >= self.reached), None)

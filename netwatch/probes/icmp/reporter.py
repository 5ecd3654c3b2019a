"""Reports what became of echoes: streams as columns, single echoes as one result each."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from netwatch.core.check import Check
from netwatch.core.echo import Discard, EchoResults, EchoSink
from netwatch.core.result import Sink, Stray, StrayKind
from netwatch.core.streams import Rows


class Reporter:
    """Hands the echoes of streams to one sink, and those of other checks to another.

    A check that is no stream, such as one of a flow, has a negative row here: its echoes are
    *single* echoes.

    Args:
        sink: gets the results of single echoes.

    Attributes:
        echo_sink: gets what becomes of streams; None while there are none.
    """

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._singles: dict[int, Check] = {}
        self._rows: dict[Check, int] = {}
        self._free: list[int] = []
        self.echo_sink: EchoSink | None = None

    def single_row(self, check: Check) -> int:
        """The row, a negative number, of a check whose echoes are single."""
        row = self._rows.get(check)
        if row is None:
            row = self._rows[check] = self._free.pop() if self._free else -1 - len(self._singles)
            self._singles[row] = check
        return row

    def free_single_rows(self, used: Rows) -> None:
        """Give the rows of single echoes that no echo has any more to other checks.

        Called at a reload, which may take checks out. A check that stays gets a row again with its
        next echo.

        Args:
            used: the rows of all echoes that may still be reported.
        """
        for row in self._singles.keys() - set(used.tolist()):
            del self._rows[self._singles.pop(row)]
            self._free.append(row)

    def sent(self, rows: Rows) -> None:
        """Report that an echo of each of these rows was sent."""
        rows = self._streams_of(rows)
        if self.echo_sink is not None and len(rows):
            self.echo_sink.sent(rows)

    def late(self, rows: Rows) -> None:
        """Report that the echoes of these streams are late."""
        if self.echo_sink is not None and len(rows):
            self.echo_sink.late(rows)

    def settled(self, results: EchoResults) -> None:
        """Report what became of echoes; a stream may occur several times."""
        if self._singles:
            for place in np.flatnonzero(results.rows < 0).tolist():
                check = self._singles[int(results.rows[place])]
                self._sink(results.one(place, check))
            results = results.at(np.flatnonzero(results.rows >= 0))
        if self.echo_sink is not None:
            for once in _once_each(results):
                self.echo_sink.settled(once)

    def stray(self, rows: Rows, kind: StrayKind) -> None:
        """Report replies that came late, or once more."""
        for row in rows[rows < 0].tolist():
            self._sink(Stray(self._singles[row], kind))
        rows = self._streams_of(rows)
        if self.echo_sink is not None and len(rows):
            self.echo_sink.stray(rows, kind)

    def path_mtu(self, row: int, octets: int) -> None:
        """Report the longest packet, in octets, that a router says the path of a stream takes."""
        if self.echo_sink is not None and row >= 0:
            self.echo_sink.path_mtu(row, octets)

    def discarded(self, kind: Discard, messages: int) -> None:
        """Report how many messages, or their time stamps, could not be used."""
        if self.echo_sink is not None:
            self.echo_sink.discarded(kind, messages)

    def _streams_of(self, rows: Rows) -> Rows:
        return rows[rows >= 0] if self._singles else rows


def _once_each(results: EchoResults) -> Iterator[EchoResults]:
    """The same results in groups in which no stream occurs twice, earlier occurrences first."""
    while len(set(results.rows.tolist())) < len(results.rows):
        first = np.sort(np.unique(results.rows, return_index=True)[1])
        yield results.at(first)
        results = results.at(np.delete(np.arange(len(results.rows)), first))
    if len(results.rows):
        yield results

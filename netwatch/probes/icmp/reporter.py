"""Who is told of an echo: streams as columns, and guests, which are single echoes, one by one."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from netwatch.core.check import Check
from netwatch.core.echo import Discard, EchoResults, EchoSink
from netwatch.core.result import Sink, Stray, StrayKind
from netwatch.core.streams import Rows


class Reporter:
    """Turns what became of echoes into reports.

    Attributes:
        echo_sink: where streams are reported to; None while there are none.
    """

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._guests: list[Check] = []
        self._rows: dict[Check, int] = {}
        self.echo_sink: EchoSink | None = None

    def guest(self, check: Check) -> int:
        """The row, a negative number, of a check whose echoes are reported one by one."""
        row = self._rows.get(check)
        if row is None:
            self._guests.append(check)
            row = self._rows[check] = -len(self._guests)
        return row

    def sent(self, rows: Rows) -> None:
        """Echoes went out."""
        rows = self._streams_of(rows)
        if self.echo_sink is not None and len(rows):
            self.echo_sink.sent(rows)

    def settled(self, results: EchoResults) -> None:
        """It is known what became of echoes; a stream may be named several times."""
        if self._guests:
            for place in np.flatnonzero(results.rows < 0).tolist():
                check = self._guests[-1 - int(results.rows[place])]
                self._sink(results.one(place, check))
            results = results.at(np.flatnonzero(results.rows >= 0))
        if self.echo_sink is not None:
            for once in _once_each(results):
                self.echo_sink.settled(once)

    def stray(self, rows: Rows, kind: StrayKind) -> None:
        """Replies came late, or once more."""
        for row in rows[rows < 0].tolist():
            self._sink(Stray(self._guests[-1 - row], kind))
        rows = self._streams_of(rows)
        if self.echo_sink is not None and len(rows):
            self.echo_sink.stray(rows, kind)

    def path_mtu(self, row: int, octets: int) -> None:
        """A router named the longest packet that the path takes."""
        if self.echo_sink is not None and row >= 0:
            self.echo_sink.path_mtu(row, octets)

    def discarded(self, kind: Discard, messages: int) -> None:
        """Messages, or their time stamps, were of no use."""
        if self.echo_sink is not None:
            self.echo_sink.discarded(kind, messages)

    def _streams_of(self, rows: Rows) -> Rows:
        return rows[rows >= 0] if self._guests else rows


def _once_each(results: EchoResults) -> Iterator[EchoResults]:
    """The results in groups in which no stream occurs twice, the earlier occurrence first."""
    while len(set(results.rows.tolist())) < len(results.rows):
        first = np.sort(np.unique(results.rows, return_index=True)[1])
        yield results.at(first)
        results = results.at(np.delete(np.arange(len(results.rows)), first))
    if len(results.rows):
        yield results

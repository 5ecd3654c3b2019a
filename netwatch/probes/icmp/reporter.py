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
        rows = rows[rows >= 0]
        if self.echo_sink is not None and len(rows):
            self.echo_sink.sent(rows)

    def settled(self, results: EchoResults) -> None:
        """It is known what became of echoes; a stream may be named several times."""
        for place in np.flatnonzero(results.rows < 0).tolist():
            check = self._guests[-1 - int(results.rows[place])]
            self._sink(results.one(place, check))
        streams = np.flatnonzero(results.rows >= 0)
        if self.echo_sink is not None:
            for places in _once_each(results.rows, streams):
                whole = len(places) == len(results.rows)
                self.echo_sink.settled(results if whole else results.at(places))

    def stray(self, rows: Rows, kind: StrayKind) -> None:
        """Replies came late, or once more."""
        for row in rows[rows < 0].tolist():
            self._sink(Stray(self._guests[-1 - row], kind))
        rows = rows[rows >= 0]
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


def _once_each(rows: Rows, places: Rows) -> Iterator[Rows]:
    """The places in groups in which no row occurs twice, the earlier occurrence first."""
    while len(places):
        first = np.unique(rows[places], return_index=True)[1]
        if len(first) == len(places):
            yield places
            return
        yield places[np.sort(first)]
        places = np.delete(places, first)

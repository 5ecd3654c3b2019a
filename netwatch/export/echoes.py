"""Echo streams as series: every echo is counted, and all series are of one moment."""

from __future__ import annotations

from functools import partial

import numpy as np

from netwatch.core.echo import Discard, EchoResults
from netwatch.core.result import StrayKind
from netwatch.core.streams import Rows, Streams
from netwatch.export.echo_counts import EchoCounts
from netwatch.export.echo_series import COUNTERS, DISCARDS, GAUGES, ROUND_TRIP, Show
from netwatch.export.path_lengths import PathLengths
from netwatch.export.row_family import (
    Column,
    Columns,
    HistogramFamily,
    RowFamily,
    TargetLabels,
    own_labels,
)
from netwatch.metrics import Cell, Family, Kind, Registry
from netwatch.state.quality import Qualities


class EchoMetrics:
    """Counts what happens to echo streams. It is an ``EchoAccount``.

    Attributes:
        paths: how long the paths of the replies are.
    """

    def __init__(self, registry: Registry, streams: Streams, qualities: Qualities) -> None:
        self._streams = streams
        self._counts = EchoCounts()
        self.paths = PathLengths()
        self._rows: Rows = np.zeros(0, np.int64)
        self._labels: list[str] = []
        self._shown: list[str] = []
        self._qualities = qualities
        self._now = self._counts.snapshot(self._rows, qualities)
        self._registry = registry
        for name, (help_text, show) in COUNTERS.items():
            self.add("counter", name, help_text, {"{": show})
        for name, (help_text, show) in GAUGES.items():
            self.add("gauge", name, help_text, {"{": show})
        registry.add(
            HistogramFamily(
                "histogram",
                "netwatch_icmp_rtt_seconds",
                "Round trip of echoes.",
                lambda: self._shown,
                self._columns(ROUND_TRIP),
            )
        )
        self._discards = {
            kind: registry.counter(name, help_text).cell()
            for kind, (name, help_text) in DISCARDS.items()
        }

    def add(
        self,
        kind: Kind,
        name: str,
        help_text: str,
        shown: dict[str, Show],
        cells: Family[Cell] | None = None,
    ) -> None:
        """Put a family of the streams on the page, beside ``cells`` of the same name."""
        family = RowFamily(kind, name, help_text, lambda: self._shown, self._columns(shown), cells)
        self._registry.add(family)

    def watch(self, labels: TargetLabels) -> None:
        """Show the streams that are there now, each counter from 0 on.

        Args:
            labels: those of the targets that the inventory has.
        """
        self._counts.watch(len(self._streams), self._streams.changed)
        self.paths.watch(len(self._streams), self._streams.changed)
        checks = [check for check in self._streams.checks if check is not None]
        self._rows = self._streams.rows(checks)
        self._labels = [
            labels.get((check.site, check.target))
            or own_labels(site=check.site, target=check.target)
            for check in checks
        ]
        self.refresh()

    def refresh(self) -> None:
        """Show from now on what is counted at this moment.

        All series are of this moment, however long it takes to write the page.
        """
        self._now = self._counts.snapshot(self._rows, self._qualities)
        self._shown = self._labels

    def release(self) -> None:
        """The page is made: let go of that moment's figures, and show none until the next."""
        self._now = self._counts.snapshot(self._rows[:0], self._qualities)
        self._shown = []

    def look_at_paths(self, now: float) -> None:
        """Take the paths of the last replies for those of monotonic time ``now``."""
        self.paths.look(self._counts.reply_ttls, now)

    def sent(self, rows: Rows) -> None:
        """Each of these streams sent an echo."""
        self._counts.sent(rows)

    def settled(self, results: EchoResults) -> None:
        """It is known what became of echoes."""
        self._counts.settled(results)

    def stray(self, rows: Rows, kind: StrayKind) -> None:
        """Replies came late, or once more."""
        self._counts.stray(rows, kind)

    def path_mtu(self, row: int, octets: int) -> None:
        """A router named the longest packet that the path takes."""
        self._counts.path_mtu(row, octets)

    def discarded(self, kind: Discard, messages: int) -> None:
        """Messages, or their time stamps, were of no use."""
        self._discards[kind].inc(messages)

    def forget_last(self, row: int) -> None:
        """Take off what the last result said, because it is too old to be true."""
        self._counts.forget_last(row)

    def _columns(self, shown: dict[str, Show]) -> Columns:
        return {head: partial(self._column, show) for head, show in shown.items()}

    def _column(self, show: Show) -> Column:
        return show(self._now)

"""What the meetings of this month came to, as series."""

from __future__ import annotations

from collections.abc import Iterator

from netwatch.export.exporter import Exporter
from netwatch.meetings.monitor.monitor import MeetingMonitor
from netwatch.meetings.records.record import MeetingVerdict
from netwatch.metrics import Registry


class MeetingMonthMetrics(Exporter):
    """How many meetings of each level were held online, were not, or are unknown."""

    def __init__(self, registry: Registry, monitor: MeetingMonitor) -> None:
        self._monitor = monitor
        self._month = registry.gauge(
            "netwatch_meeting_month_meetings",
            "Meetings of this calendar month that are over, by whether they were held online.",
            ("level", "verdict"),
        )

    def refresh(self) -> Iterator[None]:
        """Count the meetings of this month that are over."""
        self._month.clear()
        counts = self._monitor.month.counts()
        for level in {level for level, _ in counts}:
            for verdict in MeetingVerdict:
                self._month.cell(level, verdict).set(counts.get((level, verdict), 0))
        yield

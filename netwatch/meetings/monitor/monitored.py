"""What is known of a meeting that is near, for those who show it."""

from __future__ import annotations

from dataclasses import dataclass, field

from netwatch.meetings.capacity import LineDemand
from netwatch.meetings.meeting import Meeting
from netwatch.meetings.phases import Phase
from netwatch.meetings.readiness import Readiness
from netwatch.meetings.records.record import MeetingRecord
from netwatch.meetings.rooms import Room


@dataclass(slots=True)
class MonitoredMeeting:
    """A meeting, and how it stands.

    Attributes:
        rooms: every room; empty before the first preflight began.
        lines: that its calls go over, as long as it has not begun.
        preflight: unix time at which the last preflight was complete; None: none was.
        took: seconds that it took.
        flown: how many seconds before the start it was due.
        shared: rooms that another meeting wants at the same time.
        record: while it goes on, and after it.
    """

    meeting: Meeting
    phase: Phase
    rooms: dict[str, Room] = field(default_factory=dict)
    lines: dict[str, LineDemand] = field(default_factory=dict)
    preflight: float | None = None
    took: float | None = None
    flown: float | None = None
    shared: int = 0
    record: MeetingRecord | None = None

    def counts(self) -> dict[Readiness, int]:
        """How many rooms are how ready."""
        found = dict.fromkeys(Readiness, 0)
        for room in self.rooms.values():
            found[room.state.readiness] += 1
        return found

    @property
    def ready_ratio(self) -> float | None:
        """Share of the rooms that are ready; one that is not known is not. None: not looked at."""
        return self.counts()[Readiness.READY] / len(self.rooms) if self.rooms else None

    def lines_by_capacity(self) -> dict[str, int]:
        """How many lines are short, have enough, or are unmeasured: only the contract is known."""
        found = {"enough": 0, "short": 0, "unmeasured": 0}
        for line in self.lines.values():
            unsure = "unmeasured" if line.load is None else "enough"
            found["short" if line.is_short else unsure] += 1
        return found

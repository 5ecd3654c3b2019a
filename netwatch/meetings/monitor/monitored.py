"""A meeting that is near, and how it stands, for those who show it."""

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
        rooms: by ``site/target``; empty until its first preflight is due.
        lines: by id, the lines that its calls go over, as they were before it began.
        preflight_began: which preflight was begun last, in seconds before the start; None: none
            was, or it has gaps.
        preflight_ended: Unix time at which the last complete preflight ended; None: none was.
        preflight_seconds: how long that one took.
        shared_rooms: how many of its rooms another meeting wants at the same time.
        record: from its first round under way on; None before.
    """

    meeting: Meeting
    phase: Phase
    rooms: dict[str, Room] = field(default_factory=dict)
    lines: dict[str, LineDemand] = field(default_factory=dict)
    preflight_began: float | None = None
    preflight_ended: float | None = None
    preflight_seconds: float | None = None
    shared_rooms: int = 0
    record: MeetingRecord | None = None

    def counts(self) -> dict[Readiness, int]:
        """How many rooms are ready, unknown, at risk and not ready."""
        found = dict.fromkeys(Readiness, 0)
        for room in self.rooms.values():
            found[room.state.readiness] += 1
        return found

    @property
    def ready_ratio(self) -> float | None:
        """Share of the rooms that are known to be ready, 0 to 1; None without rooms."""
        return self.counts()[Readiness.READY] / len(self.rooms) if self.rooms else None

    def lines_by_capacity(self) -> dict[str, int]:
        """How many lines have ``enough`` for the calls, are ``short``, or are ``unmeasured``.

        Of an unmeasured line only the contract is known, and that is enough.
        """
        found = {"enough": 0, "short": 0, "unmeasured": 0}
        for line in self.lines.values():
            unsure = "unmeasured" if line.load is None else "enough"
            found["short" if line.is_short else unsure] += 1
        return found

    def rooms_to_measure(self) -> list[str]:
        """The rooms that are measured again and again.

        All rooms while the meeting goes on. Before that, those that the last preflight found not
        ready, so that whoever mends one sees it at once.
        """
        if self.phase is Phase.UNDER_WAY:
            return list(self.meeting.rooms)
        if self.preflight_ended is None:
            return []
        return [
            name for name, room in self.rooms.items() if room.state.readiness is Readiness.NOT_READY
        ]

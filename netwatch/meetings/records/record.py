"""The record of a meeting: what was seen of each room, and whether it was held online."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any, Self

from netwatch.meetings.meeting import Meeting
from netwatch.meetings.readiness import Readiness
from netwatch.meetings.rooms import Room

MIN_ROOMS_IN_CALL = 2
"""Rooms, the MCU among them, that must be in a call at the same time to be a meeting."""


class MeetingVerdict(StrEnum):
    """Whether a meeting was held online."""

    HELD = "held"
    NOT_HELD = "not-held"
    UNKNOWN = "unknown"


@dataclass(slots=True)
class RoomTally:
    """What was seen of one room during a meeting.

    Attributes:
        ready: its readiness when the meeting began; None when that was not seen.
        measured: rounds in which it was known whether it can be reached.
        reached: of them, those in which it could.
        asked: rounds in which it said whether it was in a call.
        calls: of them, those in which it was.
        interruptions: times that it could no longer be reached.
        loss: worst share of packets lost.
        mos: worst mean opinion score.
    """

    ready: int | None = None
    measured: int = 0
    reached: int = 0
    asked: int = 0
    calls: int = 0
    interruptions: int = 0
    loss: float | None = None
    mos: float | None = None
    _was_reachable: bool | None = field(default=None, repr=False)

    def add(self, room: Room) -> None:
        """Count one round of checks."""
        if room.reachable is not None:
            self.measured += 1
            self.reached += room.reachable
            self.interruptions += self._was_reachable is True and not room.reachable
            self._was_reachable = room.reachable
        if room.in_call is not None:
            self.asked += 1
            self.calls += room.in_call
        if room.loss is not None:
            self.loss = max(room.loss, self.loss or 0.0)
        if room.mos is not None:
            self.mos = room.mos if self.mos is None else min(room.mos, self.mos)

    def as_json(self) -> dict[str, Any]:
        """All figures by name, as the journal keeps them."""
        return {name: getattr(self, name) for name in _FIGURES}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """A tally from the figures that the journal kept.

        Raises:
            TypeError, ValueError: these are not the figures of a tally.
        """
        if not kept.keys() <= _FIGURES or any(
            not isinstance(value, int | float | None) for value in kept.values()
        ):
            raise ValueError("is no tally of a room")
        return cls(**kept)


_FIGURES = {each.name for each in fields(RoomTally)} - {"_was_reachable"}


@dataclass(slots=True)
class MeetingRecord:
    """One meeting, on one day. Times are unix seconds.

    Attributes:
        key: as in ``Meeting``; so are series, title and level.
        rooms: what was seen of each room, by ``site/target``; empty when nothing was.
        together: most rooms that were in a call at one time.
        declared: what somebody declared, which counts more than what was seen; None: nobody did.
        is_over: the meeting ended, so the record is complete.
    """

    key: str
    series: str
    title: str
    level: str
    start: float
    end: float
    rooms: dict[str, RoomTally] = field(default_factory=dict)
    together: int = 0
    declared: MeetingVerdict | None = None
    is_over: bool = False

    @classmethod
    def of(cls, meeting: Meeting) -> Self:
        """A record in which nothing is written yet."""
        return cls(
            key=meeting.key,
            series=meeting.series,
            title=meeting.title,
            level=meeting.level,
            start=meeting.start.timestamp(),
            end=meeting.end.timestamp(),
        )

    @property
    def observed(self) -> MeetingVerdict:
        """Whether it was held, by the calls that its rooms reported.

        It was not held only if more than half of the rooms told whether they were in a call.
        """
        if self.together >= MIN_ROOMS_IN_CALL:
            return MeetingVerdict.HELD
        asked = sum(tally.asked > 0 for tally in self.rooms.values())
        return MeetingVerdict.NOT_HELD if asked * 2 > len(self.rooms) else MeetingVerdict.UNKNOWN

    @property
    def verdict(self) -> MeetingVerdict:
        """Whether it was held online: as declared, else as observed."""
        return self.declared or self.observed

    def begin(self, rooms: Mapping[str, Room]) -> None:
        """Note how ready each room is as the meeting begins, unless that is noted already."""
        for name, room in rooms.items():
            tally = self.rooms.setdefault(name, RoomTally())
            if tally.ready is None:
                tally.ready = int(room.state.readiness)

    def add(self, rooms: Mapping[str, Room]) -> None:
        """Count one round of checks while the meeting goes on."""
        for name, room in rooms.items():
            self.rooms.setdefault(name, RoomTally()).add(room)
        self.together = max(self.together, sum(room.in_call is True for room in rooms.values()))

    @property
    def ready(self) -> int:
        """How many rooms were ready at the start."""
        return sum(tally.ready == Readiness.READY for tally in self.rooms.values())


def read_tallies(rooms: Mapping[str, Any]) -> dict[str, RoomTally]:
    """What was seen of each room, from what the journal kept.

    Raises:
        TypeError, ValueError, AttributeError: these are not the tallies of rooms.
    """
    return {str(name): RoomTally.from_json(kept) for name, kept in rooms.items()}

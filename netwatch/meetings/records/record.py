"""What is kept of a meeting: who was there, how well it went, and whether it was held online."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any, Self

from netwatch.meetings.meeting import Meeting
from netwatch.meetings.readiness import Readiness
from netwatch.meetings.rooms import Room

TOGETHER = 2
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
        """Count one round."""
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
        """As the journal keeps it."""
        return {name: getattr(self, name) for name in _KEPT}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """Out of the journal.

        Raises:
            TypeError, ValueError: this is none.
        """
        if not kept.keys() <= _KEPT or any(
            not isinstance(value, int | float | None) for value in kept.values()
        ):
            raise ValueError("is no tally of a room")
        return cls(**kept)


_KEPT = {each.name for each in fields(RoomTally)} - {"_was_reachable"}


@dataclass(slots=True)
class MeetingRecord:
    """One meeting, on one day. Times are unix seconds.

    Attributes:
        key: as of ``Meeting``, as the next three.
        rooms: what was seen of each; empty while, and when, nothing was.
        together: most rooms that were in a call at one time.
        declared: what somebody said, which goes before it; None: nobody did.
        is_over: it is complete.
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
        """An empty one."""
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
        """By the calls that rooms reported.

        That none was in a call is only known when most of them said so.
        """
        if self.together >= TOGETHER:
            return MeetingVerdict.HELD
        asked = sum(tally.asked > 0 for tally in self.rooms.values())
        return MeetingVerdict.NOT_HELD if asked * 2 > len(self.rooms) else MeetingVerdict.UNKNOWN

    @property
    def verdict(self) -> MeetingVerdict:
        """Whether it was held online."""
        return self.declared or self.observed

    def begin(self, rooms: Mapping[str, Room]) -> None:
        """Note how ready the rooms are as it begins; what is known already stays."""
        for name, room in rooms.items():
            tally = self.rooms.setdefault(name, RoomTally())
            if tally.ready is None:
                tally.ready = int(room.state.readiness)

    def add(self, rooms: Mapping[str, Room]) -> None:
        """Count one round while it goes on."""
        for name, room in rooms.items():
            self.rooms.setdefault(name, RoomTally()).add(room)
        self.together = max(self.together, sum(room.in_call is True for room in rooms.values()))

    @property
    def ready(self) -> int:
        """Rooms that were ready at the start."""
        return sum(tally.ready == Readiness.READY for tally in self.rooms.values())


def tallied(rooms: Mapping[str, Any]) -> dict[str, RoomTally]:
    """Rooms out of the journal.

    Raises:
        TypeError, ValueError, AttributeError: these are none.
    """
    return {str(name): RoomTally.from_json(kept) for name, kept in rooms.items()}


@dataclass(frozen=True, slots=True)
class MeetingMonth:
    """The meetings of one calendar month that are over.

    Attributes:
        records: of those that were seen or declared.
        missed: levels of those that nothing is known of.
    """

    records: tuple[MeetingRecord, ...] = ()
    missed: tuple[str, ...] = ()

    def counts(self) -> dict[tuple[str, MeetingVerdict], int]:
        """How many of each level were held online, were not, or are unknown."""
        found: dict[tuple[str, MeetingVerdict], int] = {}
        verdicts = [(record.level, record.verdict) for record in self.records]
        for each in [*verdicts, *((level, MeetingVerdict.UNKNOWN) for level in self.missed)]:
            found[each] = found.get(each, 0) + 1
        return found

    def held(self, level: str | None) -> float | None:
        """Share held online, 0 to 1; those of which that is unknown count neither way."""
        known = [
            record.verdict is MeetingVerdict.HELD for record in self._of(level) if _known(record)
        ]
        return sum(known) / len(known) if known else None

    def ready(self, level: str | None) -> float | None:
        """Share of the rooms that were ready as their meeting began; one not measured was not."""
        tallies = [tally for record in self._of(level) for tally in record.rooms.values()]
        seen = [tally.ready == Readiness.READY for tally in tallies if tally.ready is not None]
        return sum(seen) / len(seen) if seen else None

    def _of(self, level: str | None) -> Iterable[MeetingRecord]:
        return (record for record in self.records if level in {None, record.level})


def _known(record: MeetingRecord) -> bool:
    return record.verdict is not MeetingVerdict.UNKNOWN

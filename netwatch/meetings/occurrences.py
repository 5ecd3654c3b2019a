"""When meetings are held, and with which rooms, by the inventory and its calendars."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from netwatch.inventory.meetings import CalendarSpec, MeetingSpec
from netwatch.inventory.model import Inventory
from netwatch.meetings.calendars.ical import CalendarReading
from netwatch.meetings.calendars.lines import Property
from netwatch.meetings.calendars.rules import SeriesBudget, Span, starts_of
from netwatch.meetings.calendars.series import CalendarEvent
from netwatch.meetings.calendars.sources import KnownCalendar
from netwatch.meetings.calendars.values import UnreadError
from netwatch.meetings.calendars.zones import Zones
from netwatch.meetings.meeting import Meeting, overlaps
from netwatch.meetings.participants import RoomDirectory, endpoints

ReadCalendar = Callable[[str, datetime], KnownCalendar]
"""Gives what is known of a calendar, by its id, at a moment."""


class UnreadEvents(NamedTuple):
    """What can't be told of the meetings of one calendar or meeting of the inventory.

    Attributes:
        uids: of events that may be held otherwise than is known.
        all: any of its events may.
    """

    uids: frozenset[str] = frozenset()
    all: bool = False

    def may_be(self, uid: str) -> bool:
        """Whether an event of this UID may be held, though it is not found."""
        return self.all or uid in self.uids


class FoundMeetings(NamedTuple):
    """The meetings of some time, and what could not be found out.

    Attributes:
        meetings: the earliest first.
        warnings: what had to be left out and why, a line each.
        unread: by id of the meeting or calendar, what of it can't be read or worked out now.
    """

    meetings: list[Meeting]
    warnings: list[str]
    unread: dict[str, UnreadEvents]


def find_meetings(
    inventory: Inventory, begin: datetime, end: datetime, read: ReadCalendar
) -> FoundMeetings:
    """As ``MeetingFinder.find``, for those who ask once."""
    return MeetingFinder(inventory).find(begin, end, read)


class MeetingFinder:
    """Finds the meetings of an inventory; those of a calendar are made once for each reading.

    Args:
        inventory: names meetings, calendars and rooms.
    """

    def __init__(self, inventory: Inventory) -> None:
        self._inventory = inventory
        self._rooms = RoomDirectory(inventory)
        self._zone = ZoneInfo(inventory.province.timezone)
        self._made: dict[str, tuple[CalendarReading, list[Meeting]]] = {}

    def find(self, begin: datetime, end: datetime, read: ReadCalendar) -> FoundMeetings:
        """Meetings that touch the time from ``begin`` to ``end``.

        Warns of calendars that can't be used, of rooms that the inventory lacks, and of endpoints
        that two meetings want at the same time; none of them keeps other meetings back.

        Args:
            begin: with time zone.
            end: with time zone.
            read: gives what is known of a calendar.
        """
        sources = [*self._of_inventory(begin, end), *self._of_calendars(begin, end, read)]
        meetings = [meeting for each in sources for meeting in each.meetings]
        meetings.sort(key=lambda meeting: (meeting.start, meeting.id, meeting.title))
        warnings = [warning for each in sources for warning in each.warnings]
        warnings += [warning for meeting in meetings for warning in _unknown(meeting)]
        warnings += [_wanted_twice(*each) for each in overlaps(meetings)]
        unread = {id_: what for each in sources for id_, what in each.unread.items()}
        return FoundMeetings(meetings, warnings, unread)

    def _of_inventory(self, begin: datetime, end: datetime) -> Iterator[FoundMeetings]:
        """What each meeting of the inventory comes to."""
        for id_, spec in self._inventory.meetings.items():
            try:
                starts = _starts(spec, begin, end, self._zone)
            except UnreadError as error:
                unread = {id_: UnreadEvents(all=True)}
                yield FoundMeetings([], [f"meeting {id_}: {error}"], unread)
            else:
                yield FoundMeetings(_held(self._inventory, id_, spec, starts), [], {})

    def _of_calendars(
        self, begin: datetime, end: datetime, read: ReadCalendar
    ) -> Iterator[FoundMeetings]:
        """What each calendar comes to."""
        for id_ in self._inventory.calendars:
            known = read(id_, begin)
            if known.reading is None:
                yield FoundMeetings([], [*known.warnings], {id_: UnreadEvents(all=True)})
                continue
            found = [
                meeting if known.is_current else replace(meeting, unsure=True)
                for meeting in self._of_reading(id_, known.reading)
                if meeting.start < end and meeting.end > begin
            ]
            covers = known.reading.begin <= begin and end <= known.reading.end
            unread = UnreadEvents(known.reading.unread, not (known.reading.is_whole and covers))
            yield FoundMeetings(found, [*known.warnings], {id_: unread})

    def _of_reading(self, id_: str, reading: CalendarReading) -> list[Meeting]:
        """The meetings of a reading, which is made only once."""
        if id_ not in self._made or self._made[id_][0] is not reading:
            spec = self._inventory.calendars[id_]
            made = [self._of_event(id_, spec, event) for event in reading.events]
            self._made[id_] = reading, made
        return self._made[id_][1]

    def _of_event(self, id_: str, calendar: CalendarSpec, event: CalendarEvent) -> Meeting:
        invited, unknown = self._rooms.find(event.rooms, calendar.participants.roles)
        if not invited:
            invited = endpoints(self._inventory, calendar.participants)
        return Meeting(
            id=id_,
            title=event.title or calendar.name_vi,
            level=calendar.level,
            start=event.start.astimezone(self._zone),
            end=event.end.astimezone(self._zone),
            endpoints=invited,
            unknown=unknown,
            mcu=calendar.mcu,
            bandwidth=calendar.bandwidth,
            uid=event.uid,
        )


def _starts(spec: MeetingSpec, begin: datetime, end: datetime, zone: ZoneInfo) -> list[datetime]:
    """The begins of a meeting of the inventory that touches the time from begin to end."""
    start, lasts = spec.start.replace(tzinfo=zone), timedelta(seconds=spec.duration)
    starts = [start]
    if spec.repeat is not None:
        rule, span = Property(spec.repeat), Span(begin - lasts, end)
        starts = starts_of(rule, start, span, Zones((), zone), SeriesBudget())
    return [each for each in starts if each < end and each + lasts > begin]


def _held(
    inventory: Inventory, id_: str, spec: MeetingSpec, starts: list[datetime]
) -> list[Meeting]:
    """Each time that a meeting of the inventory is held."""
    invited = endpoints(inventory, spec.participants) if starts else ()
    return [
        Meeting(
            id=id_,
            title=spec.name_vi,
            level=spec.level,
            start=start,
            end=start + timedelta(seconds=spec.duration),
            endpoints=invited,
            mcu=spec.mcu,
            bandwidth=spec.bandwidth,
            online=spec.online,
        )
        for start in starts
    ]


def _unknown(meeting: Meeting) -> list[str]:
    when = f"{meeting.title} {meeting.start:%d/%m/%Y %H:%M}"
    said = [f"{when}: no room is called {room!r}, or several are" for room in meeting.unknown]
    if not meeting.rooms:
        said.append(f"{when}: has no room; name them under LOCATION, or give participants")
    return said


def _wanted_twice(endpoint: str, first: Meeting, second: Meeting) -> str:
    times = f"{first.title} {first.start:%d/%m/%Y %H:%M}", f"{second.title} {second.start:%H:%M}"
    return f"{endpoint} is wanted by {times[0]} and by {times[1]}"

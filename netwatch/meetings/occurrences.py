"""When meetings are held, and with which rooms, by the inventory and its calendars."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from netwatch.inventory.meetings import CalendarSpec, MeetingSpec
from netwatch.inventory.model import Inventory
from netwatch.meetings.calendars.ical import CalendarError, CalendarEvent, read_events
from netwatch.meetings.meeting import Meeting, overlaps
from netwatch.meetings.participants import RoomDirectory, endpoints

ReadFile = Callable[[str], str]
"""Gives the text of a calendar by its path or URL; may raise OSError and UnicodeDecodeError."""


class FoundMeetings(NamedTuple):
    """The meetings of some time, and what could not be found out.

    Attributes:
        meetings: the earliest first.
        warnings: what had to be left out and why, a line each.
        unread: ids of the meetings and calendars that can't be read or worked out now.
    """

    meetings: list[Meeting]
    warnings: list[str]
    unread: frozenset[str]


def find_meetings(
    inventory: Inventory, begin: datetime, end: datetime, read_file: ReadFile
) -> FoundMeetings:
    """Meetings that touch the time from ``begin`` to ``end``.

    Warns of calendars that can't be used, of rooms that the inventory lacks, and of endpoints that
    two meetings want at the same time; none of them keeps other meetings back.

    Args:
        inventory: names meetings, calendars and rooms.
        begin: with time zone.
        end: with time zone.
        read_file: reads a calendar.
    """
    span = _Span(begin, end, ZoneInfo(inventory.province.timezone))
    sources = [*_of_inventory(inventory, span), *_of_calendars(inventory, span, read_file)]
    meetings = [meeting for each in sources for meeting in each.meetings]
    meetings.sort(key=lambda meeting: (meeting.start, meeting.id, meeting.title))
    warnings = [warning for each in sources for warning in each.warnings]
    warnings += [warning for meeting in meetings for warning in _unknown(meeting)]
    warnings += [_wanted_twice(*each) for each in overlaps(meetings)]
    return FoundMeetings(meetings, warnings, frozenset[str]().union(*(s.unread for s in sources)))


class _Span(NamedTuple):
    """The time that is looked at, and the zone in which calendars without one are read."""

    begin: datetime
    end: datetime
    zone: ZoneInfo

    def events(self, text: str) -> tuple[list[CalendarEvent], list[str]]:
        return read_events(text, self.begin, self.end, self.zone)


def _of_inventory(inventory: Inventory, span: _Span) -> Iterator[FoundMeetings]:
    """What each meeting of the inventory comes to."""
    for meeting_id, spec in inventory.meetings.items():
        try:
            held = _repeated(inventory, meeting_id, spec, span)
        except CalendarError as error:
            yield FoundMeetings([], [f"meeting {meeting_id}: {error}"], frozenset({meeting_id}))
        else:
            yield FoundMeetings(held, [], frozenset())


def _of_calendars(
    inventory: Inventory, span: _Span, read_file: ReadFile
) -> Iterator[FoundMeetings]:
    """What each calendar comes to."""
    rooms = RoomDirectory(inventory)
    for id_, calendar in inventory.calendars.items():
        try:
            events, complaints = span.events(read_file(calendar.source))
        except (OSError, UnicodeDecodeError, CalendarError) as error:
            why = error.strerror if isinstance(error, OSError) else str(error)
            warning = f"calendar {id_}: {calendar.source} {why}"
            yield FoundMeetings([], [warning], frozenset({id_}))
            continue
        meetings = [_of_event(inventory, id_, calendar, event, rooms) for event in events]
        yield FoundMeetings(meetings, [f"calendar {id_}: {c}" for c in complaints], frozenset())


def _repeated(
    inventory: Inventory, meeting_id: str, spec: MeetingSpec, span: _Span
) -> list[Meeting]:
    """Each time that a meeting of the inventory is held, worked out as an event of a calendar."""
    rule = [f"RRULE:{spec.repeat}"] if spec.repeat else []
    lines = [
        *("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:netwatch", "BEGIN:VEVENT"),
        f"UID:{meeting_id}",
        f"DTSTART;TZID={span.zone.key}:{spec.start:%Y%m%dT%H%M%S}",
        f"DURATION:PT{int(spec.duration)}S",
        *rule,
        *("END:VEVENT", "END:VCALENDAR", ""),
    ]
    events, _ = span.events("\r\n".join(lines))
    invited = endpoints(inventory, spec.participants)
    return [
        Meeting(
            id=meeting_id,
            title=spec.name_vi,
            level=spec.level,
            start=event.start,
            end=event.end,
            endpoints=invited,
            mcu=spec.mcu,
            bandwidth=spec.bandwidth,
            online=spec.online,
        )
        for event in events
    ]


def _of_event(
    inventory: Inventory,
    calendar_id: str,
    calendar: CalendarSpec,
    event: CalendarEvent,
    rooms: RoomDirectory,
) -> Meeting:
    invited, unknown = rooms.find(event.rooms, calendar.participants.roles)
    if not event.rooms:
        invited = endpoints(inventory, calendar.participants)
    return Meeting(
        id=calendar_id,
        title=event.title or calendar.name_vi,
        level=calendar.level,
        start=event.start,
        end=event.end,
        endpoints=invited,
        unknown=unknown,
        mcu=calendar.mcu,
        bandwidth=calendar.bandwidth,
        uid=event.uid,
    )


def _unknown(meeting: Meeting) -> list[str]:
    when = f"{meeting.title} {meeting.start:%Y-%m-%d %H:%M}"
    return [f"{when}: no room is called {room!r}, or several are" for room in meeting.unknown]


def _wanted_twice(endpoint: str, first: Meeting, second: Meeting) -> str:
    times = f"{first.title} {first.start:%Y-%m-%d %H:%M}", f"{second.title} {second.start:%H:%M}"
    return f"{endpoint} is wanted by {times[0]} and by {times[1]}"

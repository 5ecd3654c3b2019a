"""When meetings are held, and with which rooms, by the inventory and its calendars."""

from __future__ import annotations

from collections.abc import Callable
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
    zone = ZoneInfo(inventory.province.timezone)
    meetings: list[Meeting] = []
    warnings: list[str] = []
    unread: set[str] = set()
    for meeting_id, spec in inventory.meetings.items():
        try:
            meetings += _of_inventory(inventory, meeting_id, spec, begin, end, zone)
        except CalendarError as error:
            warnings.append(f"meeting {meeting_id}: {error}")
            unread.add(meeting_id)
    rooms = RoomDirectory(inventory)
    for calendar_id, calendar in inventory.calendars.items():
        try:
            events, complaints = read_events(read_file(calendar.source), begin, end, zone)
        except (OSError, UnicodeDecodeError, CalendarError) as error:
            why = error.strerror if isinstance(error, OSError) else str(error)
            warnings.append(f"calendar {calendar_id}: {calendar.source} {why}")
            unread.add(calendar_id)
            continue
        warnings += [f"calendar {calendar_id}: {complaint}" for complaint in complaints]
        for event in events:
            meetings.append(_of_calendar(inventory, calendar_id, calendar, event, rooms))
    meetings.sort(key=lambda meeting: (meeting.start, meeting.id, meeting.title))
    warnings += [w for meeting in meetings for w in _unknown(meeting)]
    warnings += [_wanted_twice(*each) for each in overlaps(meetings)]
    return FoundMeetings(meetings, warnings, frozenset(unread))


def _of_inventory(  # noqa: PLR0913, PLR0917 -- a meeting, and the days that are looked at
    inventory: Inventory,
    meeting_id: str,
    spec: MeetingSpec,
    begin: datetime,
    end: datetime,
    zone: ZoneInfo,
) -> list[Meeting]:
    """Each time that a meeting of the inventory is held, worked out as an event of a calendar."""
    first, seconds = f"{spec.start:%Y%m%dT%H%M%S}", int(spec.duration)
    rule = [f"RRULE:{spec.repeat}"] if spec.repeat else []
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:netwatch", "BEGIN:VEVENT"]
    lines += [
        f"UID:{meeting_id}",
        f"DTSTART;TZID={zone.key}:{first}",
        f"DURATION:PT{seconds}S",
        *rule,
    ]
    text = "\r\n".join((*lines, "END:VEVENT", "END:VCALENDAR", ""))
    events, _ = read_events(text, begin, end, zone)
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


def _of_calendar(
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

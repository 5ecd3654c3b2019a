"""Reads iCalendar (RFC 5545): the events of some days, each as it will be held.

Time zones, exceptions and moved events are worked out by icalendar and recurring_ical_events; what
they could be kept busy with is taken out before.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events
from icalendar.prop import vBroken, vDDDTypes

from netwatch.inventory.recurrence_bounds import refusal, steps

MAX_CALENDAR_BYTES = 1 << 20
"""Octets of a calendar."""

MAX_EVENTS = 2000
"""Events of a calendar; a series counts once."""

MAX_OCCURRENCES = 1000
"""Events within the days that are asked for; of a series, each time that it is held."""

MAX_STEPS = 250_000
"""Repetitions of all series since they began, 52 a year for a weekly one: a second of work."""

MIN_YEAR = 2000
"""Year in which a series may begin at the earliest; none that is still held is older."""

_MAX_TEXT_LENGTH = 128
"""Characters of a title, of a room's name, and of an error."""

_LIBRARY_ERRORS = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError)
"""What icalendar and recurring_ical_events raise for malformed calendars, as fuzzing showed."""

_MAX_ROOMS = 1000
"""Rooms of one event."""

_OWN_ZONES = re.compile(r"^BEGIN:VTIMEZONE\r?$.*?^END:VTIMEZONE\r?$\n?", re.DOTALL | re.MULTILINE)
_SEPARATORS = re.compile(r"[;,\n]")


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """One event on one day.

    Attributes:
        uid: the same for all days of a series.
        start: with time zone.
        end: with time zone.
        rooms: what is written under LOCATION, piece by piece.
    """

    uid: str
    title: str
    start: datetime
    end: datetime
    rooms: tuple[str, ...]


class CalendarError(ValueError):
    """The text is no calendar that can be used; says why."""


def read_events(
    text: str, begin: datetime, end: datetime, zone: ZoneInfo
) -> tuple[list[CalendarEvent], list[str]]:
    """Events that touch the time from ``begin`` to ``end``, and what had to be left out.

    Cancelled events and whole days are no meetings. Times without a zone are in ``zone``.
    Definitions of time zones in the text are not used: zones are known by their names.

    Raises:
        CalendarError: it is no calendar, or too large.
    """
    if len(text.encode()) > MAX_CALENDAR_BYTES:
        raise CalendarError(f"is larger than {MAX_CALENDAR_BYTES >> 20} MiB")
    try:
        calendar = icalendar.Calendar.from_ical(_OWN_ZONES.sub("", text))
    except _LIBRARY_ERRORS as error:
        raise CalendarError(f"is no calendar: {_one_line(error)}") from None
    if calendar.name != "VCALENDAR":
        raise CalendarError("is no calendar: it does not begin with VCALENDAR")
    complaints = _remove_unusable(calendar)
    if sum(_steps(event, end) for event in calendar.subcomponents) > MAX_STEPS:
        raise CalendarError("has too many series that began too long ago; let them begin anew")
    try:
        found = recurring_ical_events.of(calendar).between(begin, end)
    except _LIBRARY_ERRORS as error:
        raise CalendarError(f"cannot be worked out: {_one_line(error)}") from None
    if len(found) > MAX_OCCURRENCES:
        raise CalendarError(f"has more than {MAX_OCCURRENCES} events in these days")
    events = [event for each in found if (event := _event(each, zone)) is not None]
    return sorted(events, key=lambda event: (event.start, event.uid)), complaints


def _remove_unusable(calendar: icalendar.Calendar) -> list[str]:
    """Remove, in place, the events that can't be used; returns a complaint for each."""
    complaints: list[str] = []
    kept: list[icalendar.Component] = []
    for component in calendar.subcomponents:
        if component.name != "VEVENT":
            continue
        why = _unfit(component)
        if why is None:
            kept.append(component)
        else:
            complaints.append(f"event {_text(component, 'SUMMARY')!r} {why}")
    if len(kept) > MAX_EVENTS:
        raise CalendarError(f"has more than {MAX_EVENTS} events")
    calendar.subcomponents = kept
    return complaints


def _unfit(event: icalendar.Component) -> str | None:
    broken = [name for name, value in event.property_items() if isinstance(value, vBroken)]
    if broken or event.errors:
        return f"has a {broken[0] if broken else 'field'} that can't be read"
    start = event.get("DTSTART")
    if not isinstance(start, vDDDTypes) or not isinstance(start.dt, date):
        return "has no start"
    if start.dt.year < MIN_YEAR:
        return f"began before {MIN_YEAR}"
    for rule in _rules(event):
        if why := refusal(rule):
            return why
    return "has an EXRULE, which is not taken" if "EXRULE" in event else None


def _rules(event: icalendar.Component) -> list[Mapping[str, Sequence[object]]]:
    rules = event.get("RRULE", [])
    return rules if isinstance(rules, list) else [rules]


def _steps(event: icalendar.Component, end: datetime) -> float:
    """How many repetitions of an event there are between its start and ``end``."""
    start = _day(event.get("DTSTART").dt)
    work = 0.0
    for rule in _rules(event):
        last = [_day(until) for until in rule.get("UNTIL", ()) if isinstance(until, date)]
        work += steps(rule, (min([end.date(), *last]) - start).days)
    return work


def _day(moment: date) -> date:
    """Its day; a datetime is a date, too."""
    return date(moment.year, moment.month, moment.day)


def _event(found: icalendar.Component, zone: ZoneInfo) -> CalendarEvent | None:
    start, end = found.get("DTSTART").dt, found.get("DTEND").dt
    if not isinstance(start, datetime) or str(found.get("STATUS", "")).upper() == "CANCELLED":
        return None
    start = _in_zone(start, zone)
    shortest = start + timedelta(minutes=1)
    end = _in_zone(end, zone) if isinstance(end, datetime) else shortest
    location = str(found.get("LOCATION", ""))
    rooms = [piece.strip() for piece in _SEPARATORS.split(location)[:_MAX_ROOMS]]
    return CalendarEvent(
        uid=_text(found, "UID"),
        title=_text(found, "SUMMARY"),
        start=start,
        end=max(end, shortest),
        rooms=tuple(room[:_MAX_TEXT_LENGTH] for room in rooms if room),
    )


def _in_zone(time: datetime, zone: ZoneInfo) -> datetime:
    return time.replace(tzinfo=zone) if time.tzinfo is None else time.astimezone(zone)


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:_MAX_TEXT_LENGTH]


def _text(component: icalendar.Component, name: str) -> str:
    """One printable line of a property."""
    value = str(component.get(name, ""))
    return "".join(c if c.isprintable() else " " for c in value[:_MAX_TEXT_LENGTH]).strip()

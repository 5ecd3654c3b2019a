"""Values of iCalendar: moments, durations, texts (RFC 5545, section 3.3).

Linear in their input; every form is bounded.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

from netwatch.meetings.calendars.lines import Property
from netwatch.meetings.calendars.zones import Zones

MAX_TEXT_LENGTH = 128
"""Characters of a title, of a room's name, and of a complaint."""

_MOMENT = re.compile(
    r"([0-9]{4})-?([0-9]{2})-?([0-9]{2})"
    r"(?:[Tt ]([0-9]{2}):?([0-9]{2}):?([0-9]{2})?([Zz]|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_DURATION = re.compile(
    r"([+-])?P(?:([0-9]{1,6})W)?(?:([0-9]{1,6})D)?"
    r"(?:T(?:([0-9]{1,6})H)?(?:([0-9]{1,6})M)?(?:([0-9]{1,8})S)?)?"
)
_ESCAPE = re.compile(r"\\(.)")
_BREAK = {"n": "\n", "N": "\n"}

MIN_YEAR = 1583
"""The first whole year of the calendar that is in use; what is earlier is a mistake."""

Moment = datetime | date
"""A datetime has its time zone; a date is a whole day."""


class UnreadError(ValueError):
    """A value can't be read; says which property, and why."""


def moment(name: str, read: Property, zones: Zones, beside: tzinfo | None = None) -> Moment:
    """What a date or a time says.

    What ends with Z is UTC, whatever zone stands beside it (section 3.2.19).

    Args:
        name: of the property.
        read: its value and parameters.
        zones: of the stream.
        beside: the zone of the event's begin, for a time without one; None: the default.

    Raises:
        UnreadError: it is no date and no time.
    """
    match = _MOMENT.fullmatch(read.value)
    if match is None:
        raise UnreadError(f"has a {name} that can't be read: {one_line(read.value[:40])!r}")
    year, month, day, hour, minute, second, mark = match.groups()
    if int(year) < MIN_YEAR:
        raise UnreadError(f"has a {name} before {MIN_YEAR}")
    try:
        if hour is None:
            return date(int(year), int(month), int(day))
        name_of_zone = read.parameters.get("TZID")
        zone = _marked(mark) if mark else (not name_of_zone and beside) or zones.find(name_of_zone)
        begin = datetime(int(year), int(month), int(day), tzinfo=zone)
        return begin + _clock(int(hour), int(minute), int(second or 0))
    except (ValueError, OverflowError):
        raise UnreadError(f"has a {name} that is no time: {read.value[:40]!r}") from None


def _clock(hour: int, minute: int, second: int) -> timedelta:
    """Time of a day; a leap second is the one before, and 24:00 is the end of the day."""
    if minute > 59 or second > 60 or (hour, minute, second) > (24, 0, 0):
        raise ValueError("no time of a day")
    return timedelta(hours=hour, minutes=minute, seconds=min(second, 59))


def _marked(mark: str) -> tzinfo:
    if mark in "Zz":
        return UTC
    hours, minutes = int(mark[1:3]), int(mark[-2:])
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if mark[0] == "-" else offset)


def duration(read: Property) -> timedelta:
    """What a duration says; a negative one is that.

    Raises:
        UnreadError: it is none.
    """
    match = _DURATION.fullmatch(read.value.upper())
    if match is None or not any(match.groups()[1:]):
        raise UnreadError(f"has a DURATION that can't be read: {one_line(read.value[:40])!r}")
    weeks, days, hours, minutes, seconds = (int(number or 0) for number in match.groups()[1:])
    try:
        found = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    except OverflowError:
        raise UnreadError("has a DURATION without end") from None
    return -found if match[1] == "-" else found


def unescape(text: str) -> str:
    """A text without its backslashes (section 3.3.11)."""
    return _ESCAPE.sub(lambda match: _BREAK.get(match[1], match[1]), text)


def one_line(text: str) -> str:
    """One printable line, cut to ``MAX_TEXT_LENGTH``."""
    cut = text[:MAX_TEXT_LENGTH]
    return "".join(c if c.isprintable() else " " for c in cut).strip()

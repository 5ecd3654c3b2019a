"""One event of a calendar as it is written (``VEVENT``, RFC 5545, section 3.6.1)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from netwatch.meetings.calendars.lines import Component, Property
from netwatch.meetings.calendars.values import (
    Moment,
    UnreadError,
    duration,
    moment,
    one_line,
    unescape,
)
from netwatch.meetings.calendars.zones import Zones

MIN_DURATION = timedelta(minutes=1)
"""Of an event that has no end, or one before its begin."""

MAX_RULES = 4
"""Rules of one series; more than one is out of use."""

_MAX_ROOMS = 1000
"""Rooms of one event."""

_MAX_UID_LENGTH = 1024
"""Characters of a UID; what is longer is cut."""

_MAX_DATES = 5000
"""Dates that are added to a series, or taken out of it."""

_SEPARATORS = re.compile(r"[;,\n]")
_LAST_MINUTE = timedelta(minutes=1)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WrittenEvent:
    """An event, or what is different on one day of a series.

    Attributes:
        uid: empty when none is written.
        start: None on a whole day.
        rules: of a series; more than one was allowed once.
        instead_of: the begin that this one replaces; None: it is no exception.
        and_later: it replaces all later begins, too.
        is_held: it takes time, and is not cancelled.
        sequence: the higher one is the newer one.
        complaints: what of it could not be read, though it is held.
    """

    uid: str
    title: str
    start: datetime | None
    lasts: timedelta
    rooms: tuple[str, ...]
    rules: tuple[Property, ...]
    added: tuple[Moment, ...]
    excluded: tuple[Moment, ...]
    instead_of: Moment | None
    and_later: bool
    is_held: bool
    sequence: int
    complaints: tuple[str, ...]


def uid_of(event: Component) -> str:
    """The UID of an event, one line; empty when it has none."""
    return " ".join(event.text("UID").split())[:_MAX_UID_LENGTH]


def title_of(event: Component) -> str:
    """The title of an event, one line."""
    return one_line(unescape(event.text("SUMMARY")))


def read_event(event: Component, zones: Zones) -> WrittenEvent:
    """An event as it is written.

    Raises:
        UnreadError: what it can't be held without can't be read.
    """
    if not event.is_whole:
        raise UnreadError("is cut off")
    if "EXRULE" in event.properties:
        raise UnreadError("has an EXRULE, which is not taken")
    rules = event.properties.get("RRULE", ())
    if len(rules) > MAX_RULES:
        raise UnreadError(f"has more than {MAX_RULES} rules")
    first = event.first("DTSTART")
    if first is None:
        raise UnreadError("has no start")
    start = moment("DTSTART", first, zones)
    replaced = event.first("RECURRENCE-ID")
    complaints: list[str] = []
    lasts = _lasts(event, start, zones, complaints)
    timed = start if isinstance(start, datetime) else None
    location = unescape(event.text("LOCATION"))
    rooms = [one_line(piece) for piece in _SEPARATORS.split(location)[:_MAX_ROOMS]]
    return WrittenEvent(
        uid=uid_of(event),
        title=title_of(event),
        start=timed,
        lasts=max(lasts, MIN_DURATION),
        rooms=tuple(room for room in rooms if room),
        rules=tuple(rules),
        added=_dates(event, "RDATE", zones, complaints),
        excluded=_dates(event, "EXDATE", zones, complaints),
        instead_of=None if replaced is None else moment("RECURRENCE-ID", replaced, zones),
        and_later=_is(replaced, "RANGE", "THISANDFUTURE"),
        is_held=timed is not None and _takes_time(event) and not _is_all_day(timed, lasts, zones),
        sequence=_sequence(event.text("SEQUENCE")),
        complaints=tuple(complaints),
    )


def _lasts(event: Component, start: Moment, zones: Zones, complaints: list[str]) -> timedelta:
    end, given = event.first("DTEND"), event.first("DURATION")
    if end is None and given is None:
        return timedelta(0)
    if end is not None:
        ends = moment("DTEND", end, zones)
        if not isinstance(ends, datetime) or not isinstance(start, datetime):
            return timedelta(0)
        lasts = ends.astimezone(UTC) - start.astimezone(UTC)
    else:
        assert given is not None
        lasts = duration(given)
    if lasts < timedelta(0):
        complaints.append("ends before it begins")
    return lasts


def _dates(event: Component, name: str, zones: Zones, complaints: list[str]) -> tuple[Moment, ...]:
    """The dates of all properties of a name; of a period its begin. What is no date is told."""
    found: list[Moment] = []
    for read in event.properties.get(name, ()):
        for text in read.value.split(",", _MAX_DATES)[:_MAX_DATES]:
            try:
                begin = text.partition("/")[0].strip()
                found.append(moment(name, Property(begin, read.parameters), zones))
            except UnreadError as error:
                complaints.append(str(error))
    return tuple(found[:_MAX_DATES])


def _is(read: Property | None, parameter: str, value: str) -> bool:
    return read is not None and read.parameters.get(parameter, "").upper() == value


def _takes_time(event: Component) -> bool:
    """Whether somebody is busy with it: neither cancelled, nor a note, nor a day's name."""
    return (
        event.method != "CANCEL"
        and event.text("STATUS").upper() not in {"CANCELLED", "CANCELED"}
        and event.text("TRANSP").upper() != "TRANSPARENT"
        and event.text("X-MICROSOFT-CDO-BUSYSTATUS").upper() != "FREE"
        and event.text("X-MICROSOFT-CDO-ALLDAYEVENT").upper() != "TRUE"
    )


def _is_all_day(start: datetime, lasts: timedelta, zones: Zones) -> bool:
    """Whether it is written from midnight to midnight, or to the minute before."""
    local = start.astimezone(UTC).astimezone(zones.find(None))
    is_midnight = any((each.hour, each.minute) == (0, 0) for each in (start, local))
    left = -lasts % _DAY
    return is_midnight and lasts > _DAY / 2 and left <= _LAST_MINUTE


def _sequence(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0

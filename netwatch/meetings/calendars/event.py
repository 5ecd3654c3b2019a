"""One event of a calendar as it is written (``VEVENT``, RFC 5545, section 3.6.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import islice

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
        added: further begins, and how long each lasts where that is written with it.
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
    added: tuple[tuple[Moment, timedelta | None], ...]
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
    replaced = event.first("RECURRENCE-ID")
    first = event.first("DTSTART") or replaced
    if first is None:
        raise UnreadError("has no start")
    start = moment("DTSTART", first, zones)
    timed = start if isinstance(start, datetime) else None
    beside = _zone(start)
    complaints: list[str] = []
    lasts = _lasts(event, start, zones, complaints)
    location = unescape(event.text("LOCATION"))
    rooms = [one_line(piece) for piece in _SEPARATORS.split(location)[:_MAX_ROOMS]]
    return WrittenEvent(
        uid=uid_of(event),
        title=title_of(event),
        start=timed,
        lasts=max(lasts, MIN_DURATION),
        rooms=tuple(room for room in rooms if room),
        rules=tuple(rules),
        added=tuple(_dates(event, "RDATE", zones, beside, complaints)),
        excluded=tuple(each for each, _ in _dates(event, "EXDATE", zones, beside, complaints)),
        instead_of=None if replaced is None else moment("RECURRENCE-ID", replaced, zones, beside),
        and_later=_is(replaced, "RANGE", "THISANDFUTURE"),
        is_held=timed is not None and _takes_time(event) and not _is_all_day(timed, lasts, zones),
        sequence=_sequence(event.text("SEQUENCE")),
        complaints=tuple(complaints),
    )


def _lasts(event: Component, start: Moment, zones: Zones, complaints: list[str]) -> timedelta:
    """How long an event lasts.

    Raises:
        UnreadError: its end can't be read. Without it a meeting under way would be taken for over;
            one that was known before stands as it was known.
    """
    end, given = event.first("DTEND"), event.first("DURATION")
    if end is not None:
        lasts = _until(moment("DTEND", end, zones, _zone(start)), start)
    else:
        lasts = duration(given) if given is not None else timedelta(0)
    if lasts < timedelta(0):
        complaints.append("ends before it begins")
    return lasts


def _until(ends: Moment, start: Moment) -> timedelta:
    if not isinstance(ends, datetime) or not isinstance(start, datetime):
        return timedelta(0)
    return ends.astimezone(UTC) - start.astimezone(UTC)


def _zone(start: Moment) -> tzinfo | None:
    """The zone in which a begin is written; None for UTC, in which nobody thinks."""
    written = start.tzinfo if isinstance(start, datetime) else None
    return None if written is UTC else written


def _dates(
    event: Component, name: str, zones: Zones, beside: tzinfo | None, complaints: list[str]
) -> Iterator[tuple[Moment, timedelta | None]]:
    """The dates of all properties of a name, and how long those last that are periods.

    What is no date is told.
    """
    texts = (
        (text.strip(), read.parameters)
        for read in event.properties.get(name, ())
        for text in read.value.split(",", _MAX_DATES)[:_MAX_DATES]
    )
    for text, parameters in islice(texts, _MAX_DATES):
        begin, _, end = text.partition("/")
        try:
            begins = moment(name, Property(begin.strip(), parameters), zones, beside)
            yield begins, _period(name, begins, Property(end.strip(), parameters), zones)
        except UnreadError as error:
            complaints.append(str(error))


def _period(name: str, begins: Moment, end: Property, zones: Zones) -> timedelta | None:
    """How long a period lasts, by its length or its end; None when it is a begin only."""
    if not end.value:
        return None
    if end.value[0] in "Pp+-":
        return duration(end)
    return _until(moment(name, end, zones, _zone(begins)), begins)


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

"""A time zone as a calendar defines it (``VTIMEZONE``, RFC 5545, section 3.6.5)."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import MINYEAR, datetime, timedelta, tzinfo

from netwatch.meetings.calendars.lines import Component

MAX_OBSERVANCES = 200
"""Parts of a definition, each of which says an offset from some time on."""

_LOCAL = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(?:T([0-9]{2})([0-9]{2})([0-9]{2})Z?)?")
_OFFSET = re.compile(r"([+-])([0-9]{2}):?([0-9]{2}):?([0-9]{2})?")
_WEEKDAY = re.compile(r"([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)")
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_ONSETS = frozenset({"FREQ", "BYMONTH", "BYDAY", "BYMONTHDAY", "UNTIL", "INTERVAL", "WKST"})


_ALWAYS = datetime(9999, 12, 31)  # noqa: DTZ001 - wall time


class ZoneError(ValueError):
    """A definition can't be used; says why."""


@dataclass(frozen=True, slots=True)
class _Observance:
    """An offset that begins each year on one day, or once.

    Attributes:
        first: wall time at which it began first, by the offset before.
        offset: of local time from UTC.
        until: wall time of its last begin, at the latest.
        month: in which it begins each year; None: it began once.
        weekday: on which it begins, 0 is Monday; None: on the first of ``days``.
        nth: which of these weekdays in the month, from the end when negative; 0: see ``days``.
        days: of the month, of which it begins on the first that is such a weekday.
    """

    first: datetime
    offset: timedelta
    until: datetime
    month: int | None
    weekday: int | None
    nth: int
    days: tuple[int, ...]

    def begin_in(self, year: int) -> datetime | None:
        """When it begins in a year; None when it does not."""
        if self.month is None:
            return self.first if self.first.year == year else None
        days = self._days(year, self.month)
        if not days:
            return None
        clock = self.first.time()
        begin = datetime.combine(datetime(year, self.month, days[0]), clock)  # noqa: DTZ001
        return begin if self.first <= begin <= self.until else None

    def _days(self, year: int, month: int) -> list[int]:
        first_weekday, length = monthrange(year, month)
        fitting = [
            day
            for day in range(1, length + 1)
            if (self.weekday is None or (first_weekday + day - 1) % 7 == self.weekday)
            and (not self.days or day in self.days)
        ]
        if not self.nth:
            return fitting
        place = self.nth - 1 if self.nth > 0 else self.nth
        return fitting[place : place + 1 or None]


class DefinedZone(tzinfo):
    """A zone by its observances; a wall time that comes twice is the later one."""

    def __init__(self, observances: list[_Observance], before: timedelta) -> None:
        self._observances = observances
        self._before = before
        self._years: dict[int, list[tuple[datetime, timedelta]]] = {}

    def utcoffset(self, moment: datetime | None) -> timedelta:
        """The offset at a wall time."""
        if moment is None:
            return self._before
        wall = moment.replace(tzinfo=None)
        last = max((each for each in self._begun(wall.year) if each[0] <= wall), default=None)
        return self._before if last is None else last[1]

    def dst(self, _moment: datetime | None) -> timedelta:
        """Nothing: which part of an offset is summer time is not asked."""
        return timedelta(0)

    def tzname(self, moment: datetime | None) -> str:
        """The offset."""
        return str(self.utcoffset(moment))

    def _begun(self, year: int) -> list[tuple[datetime, timedelta]]:
        """Begins in a year and the one before, and the last ones of what began earlier."""
        if year not in self._years:
            self._years[year] = [
                (begin, each.offset)
                for each in self._observances
                for near in (year, year - 1, min(each.first.year, each.until.year))
                if near >= MINYEAR and (begin := each.begin_in(near)) is not None
            ] + [(each.until, each.offset) for each in self._observances if each.until.year < year]
        return self._years[year]


def define(component: Component) -> DefinedZone:
    """The zone that a ``VTIMEZONE`` defines.

    Raises:
        ZoneError: it can't be read, or is of a kind that no program writes.
    """
    if len(component.parts) > MAX_OBSERVANCES:
        raise ZoneError(f"it has more than {MAX_OBSERVANCES} parts")
    observances = [each for part in component.parts for each in _observances(part)]
    if not observances:
        raise ZoneError("it has no offset")
    earliest = min(component.parts, key=lambda part: part.text("DTSTART"))
    return DefinedZone(observances, _offset(earliest, "TZOFFSETFROM"))


def _observances(part: Component) -> Iterator[_Observance]:
    first, offset = _local(part.text("DTSTART")), _offset(part, "TZOFFSETTO")
    rules = part.properties.get("RRULE", ())
    if len(rules) > 1:
        raise ZoneError("one part has two rules")
    once = (first, *map(_local, _dates(part)))
    if not rules:
        for begin in once[:MAX_OBSERVANCES]:
            yield _Observance(begin, offset, begin, None, None, 0, ())
        return
    yield _recurring(first, offset, rules[0].value.upper())


def _dates(part: Component) -> list[str]:
    return [text for read in part.properties.get("RDATE", ()) for text in read.value.split(",")]


def _recurring(first: datetime, offset: timedelta, text: str) -> _Observance:
    rule = dict(piece.partition("=")[::2] for piece in text.split(";") if piece)
    if rule.get("FREQ") != "YEARLY" or rule.get("INTERVAL", "1") != "1" or rule.keys() - _ONSETS:
        raise ZoneError("it changes otherwise than once a year")
    until = _until(rule["UNTIL"]) if rule.get("UNTIL") else _ALWAYS
    month = _numbers(rule.get("BYMONTH", str(first.month)), 12)
    if len(month) != 1:
        raise ZoneError("one part begins in several months")
    days = _numbers(rule["BYMONTHDAY"], 31) if "BYMONTHDAY" in rule else ()
    day = _WEEKDAY.fullmatch(rule["BYDAY"]) if "BYDAY" in rule else None
    if "BYDAY" in rule and day is None:
        raise ZoneError("one part begins on no day")
    if day is None and not days:
        days = (first.day,)
    weekday = None if day is None else _WEEKDAYS.index(day[2])
    nth = int(day[1]) if day is not None and day[1] else 0
    return _Observance(first, offset, until, month[0], weekday, nth, days)


def _numbers(text: str, maximum: int) -> tuple[int, ...]:
    found = [int(each) for each in text.split(",") if each.isascii() and each.isdigit()][:62]
    if not found or not all(1 <= number <= maximum for number in found):
        raise ZoneError("one part begins on no day")
    return tuple(sorted(found))


def _local(text: str) -> datetime:
    match = _LOCAL.fullmatch(text)
    try:
        if match is not None:
            return datetime(*(int(piece or 0) for piece in match.groups()))  # type: ignore[arg-type]  # noqa: DTZ001
    except ValueError:
        pass  # the same words as for any other form
    raise ZoneError("one part has no begin")


def _until(text: str) -> datetime:
    """The last begin; a date without a time is its whole day."""
    last = _local(text)
    return last if "T" in text else last + timedelta(days=1)


def _offset(part: Component, name: str) -> timedelta:
    match = _OFFSET.fullmatch(part.text(name))
    if match is None:
        raise ZoneError(f"one part has no {name}")
    hours, minutes, seconds = int(match[2]), int(match[3]), int(match[4] or 0)
    if hours > 23 or minutes > 59:
        raise ZoneError(f"one part has no {name}")
    offset = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return -offset if match[1] == "-" else offset

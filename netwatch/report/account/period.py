"""The period of an account: a month or a year by the province's calendar."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from itertools import pairwise
from zoneinfo import ZoneInfo

from netwatch.core.timeline import Interval, milliseconds


@dataclass(frozen=True)
class Period:
    """Whole days by the wall clock of a time zone.

    Attributes:
        first: its first day.
        after: the first day that is not in it.
        zone: of the province.
        now: the present, in milliseconds; what lies behind it is not in the period.
    """

    first: date
    after: date
    zone: ZoneInfo
    now: int

    @cached_property
    def interval(self) -> Interval:
        """From its first midnight to its last, or to now, in milliseconds."""
        begin, end = (midnight(day, self.zone) for day in (self.first, self.after))
        return begin, min(end, max(begin, self.now))

    @property
    def is_over(self) -> bool:
        """Whether no part of it lies in the future."""
        return midnight(self.after, self.zone) <= self.now

    @cached_property
    def days(self) -> list[Interval]:
        """Its days, of 23 to 25 hours where clocks are changed."""
        end = self.interval[1]
        count = (self.after - self.first).days
        edges = [midnight(self.first + timedelta(days=n), self.zone) for n in range(count + 1)]
        return [(a, min(b, end)) for a, b in pairwise(edges) if a < end]

    @property
    def is_year(self) -> bool:
        """Whether it is a year, or the part of one that is over."""
        return (self.after - self.first).days > 31

    @property
    def before(self) -> Period:
        """The month or the year before it."""
        if self.is_year:
            last_year = self.first.replace(year=self.first.year - 1)
            return Period(last_year, self.first, self.zone, self.now)
        return Period(month_before(self.first), self.first, self.zone, self.now)

    @property
    def year_so_far(self) -> Period:
        """From the beginning of its year to its end."""
        return Period(date(self.first.year, 1, 1), self.after, self.zone, self.now)

    def __str__(self) -> str:
        return f"{self.first.year}" if self.is_year else f"{self.first:%Y-%m}"


def midnight(day: date, zone: ZoneInfo) -> int:
    """The moment at which a day begins in a zone, in milliseconds."""
    return milliseconds(datetime.combine(day, time(), zone).timestamp())


def month_before(first: date) -> date:
    """The first day of the month before that of ``first``."""
    return (first - timedelta(days=1)).replace(day=1)


def month_after(first: date) -> date:
    """The first day of the month after that of ``first``."""
    return (first + timedelta(days=31)).replace(day=1)


def parse_period(text: str, now: datetime, zone: ZoneInfo) -> Period:
    """The period that is written as ``2026-11``, ``2026`` or ``last`` (the month before today's).

    Raises:
        ValueError: it is written differently, or lies in the future.
    """
    today, present = now.astimezone(zone).date(), milliseconds(now.timestamp())
    if text == "last":
        first = month_before(today.replace(day=1))
        return Period(first, month_after(first), zone, present)
    match = re.fullmatch(r"(20\d\d)(?:-(0[1-9]|1[0-2]))?", text, re.ASCII)
    if match is None:
        raise ValueError(
            f"{text[:64]!r} is not a period; write a month (2026-11), a year (2026) or last"
        )
    first = date(int(match[1]), int(match[2] or 1), 1)
    after = month_after(first) if match[2] else date(first.year + 1, 1, 1)
    if first > today:
        raise ValueError(f"{text} has not begun yet; write a month that has")
    return Period(first, after, zone, present)

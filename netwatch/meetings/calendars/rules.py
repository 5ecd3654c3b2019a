"""When a series begins, by its recurrence rule (RFC 5545, section 3.3.10), in bounded steps.

dateutil works the rule out. What it would have to look at is counted before, and a rule that never
comes true, which it would look for until the year 9999, is given a time.
"""

from __future__ import annotations

import re
import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from types import FrameType
from typing import NamedTuple

from dateutil.rrule import rrulestr

from netwatch.meetings.calendars.lines import Property
from netwatch.meetings.calendars.values import Moment, UnreadError, moment
from netwatch.meetings.calendars.zones import Zones

MAX_SERIES_STEPS = 500_000
"""Days, or times of a day, that are looked at for one series: half a second of work."""

MAX_SERIES_STARTS = 1000
"""Times that one series is held within the time that is asked for: every hour of six weeks."""

MAX_STEPS = 2_000_000
"""As ``MAX_SERIES_STEPS``, for all series of a calendar together: some seconds of work."""

_RULE_STEPS = 50
"""Steps that reading a rule takes, whatever comes of it."""

SERIES_TIMEOUT = 0.5
"""Seconds of processor time for one series."""

ALL_SERIES_TIMEOUT = 8.0
"""Seconds of processor time for all series of a calendar that take longer than others do."""

_USUAL_TIME = 0.05
"""Seconds of processor time that a series may take without being counted."""

_MAX_RULE_LENGTH = 1024
"""Characters."""

_PART = re.compile(r"[A-Z-]{2,32}=[A-Z0-9,+-]{1,512}")
_PARTS = frozenset(
    {
        *("FREQ", "INTERVAL", "COUNT", "WKST", "BYDAY", "BYMONTH", "BYMONTHDAY", "BYSETPOS"),
        *("BYYEARDAY", "BYWEEKNO", "BYHOUR", "BYMINUTE", "BYSECOND"),
    }
)
_SAYS_NOTHING = re.compile(r"X-[A-Z-]{1,30}=.*|[A-Z-]{2,32}=|RSCALE=GREGORIAN|SKIP=OMIT")
"""Parts that change nothing: programs' own, empty ones, and what RFC 7529 has as its default."""

_UNITS = {
    "SECONDLY": timedelta(seconds=1),
    "MINUTELY": timedelta(minutes=1),
    "HOURLY": timedelta(hours=1),
    "DAILY": timedelta(days=1),
    "WEEKLY": timedelta(weeks=1),
}
_DAYS = {"YEARLY": 366, "MONTHLY": 31, "WEEKLY": 7}
"""Days that are looked at in one period of a frequency; else one."""

_MARGIN = timedelta(days=2)
"""More than any two time zones are apart."""


class SeriesBudget:
    """What may be spent on the series of one calendar."""

    def __init__(self) -> None:
        self._steps = MAX_STEPS
        self._left = ALL_SERIES_TIMEOUT

    def spend(self, steps: float) -> None:
        """Take steps for one series.

        Raises:
            UnreadError: they are too many.
        """
        if steps > MAX_SERIES_STEPS:
            raise UnreadError("has a rule that repeats too often, or began too long ago")
        self._steps -= int(steps) + _RULE_STEPS
        if self._steps < 0:
            raise UnreadError("is left out: other series repeat so often that no time is left")

    @contextmanager
    def limit(self) -> Iterator[None]:
        """Ends what stands within by ``UnreadError`` when its time is up; main thread only."""
        if self._left <= 0:
            raise UnreadError("is left out: other series took too long to work out")
        before = signal.signal(signal.SIGVTALRM, _time_is_up)
        began = time.thread_time()
        signal.setitimer(signal.ITIMER_VIRTUAL, SERIES_TIMEOUT)
        try:
            yield
        except _TimeIsUpError:
            raise UnreadError("has a rule that takes too long to work out") from None
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            signal.signal(signal.SIGVTALRM, before)
            self._left -= max(0.0, time.thread_time() - began - _USUAL_TIME)


class Span(NamedTuple):
    """The time that is asked for; both ends have a zone."""

    begin: datetime
    end: datetime


class _TimeIsUpError(Exception):
    """The time for one series is over."""


def _time_is_up(_number: int, _frame: FrameType | None) -> None:
    raise _TimeIsUpError


def starts_of(
    read: Property, start: datetime, span: Span, zones: Zones, budget: SeriesBudget
) -> list[datetime]:
    """The begins of a series in ``span``, by its rule; in the zone of ``start``.

    Raises:
        UnreadError: the rule can't be read, or takes more steps than a series may.
    """
    parts = _read(read.value.upper().replace(" ", "").strip(";"))
    last = _until(parts.pop("UNTIL", None), zones)
    wall = start.replace(tzinfo=None)
    earliest = span.begin.astimezone(UTC).replace(tzinfo=None) - _MARGIN
    latest = span.end.astimezone(UTC).replace(tzinfo=None) + _MARGIN
    if last is not None and last.year < latest.year + 1:
        latest = min(latest, datetime(last.year, last.month, last.day) + _MARGIN)  # noqa: DTZ001
    first = wall if "COUNT" in parts else _nearer(parts, wall, earliest)
    budget.spend(_steps(parts, latest - first))
    found = []
    for each in _walls(parts, first, latest):
        begins = each.replace(tzinfo=start.tzinfo)
        if each >= earliest and _is_not_after(begins, last):
            found.append(begins)
            if len(found) > MAX_SERIES_STARTS:
                raise UnreadError(f"is held more than {MAX_SERIES_STARTS} times in these days")
    return found


def _walls(parts: Mapping[str, str], first: datetime, latest: datetime) -> Iterator[datetime]:
    """The wall times of a rule up to ``latest``."""
    text = ";".join(f"{name}={value}" for name, value in parts.items())
    try:
        yield from takewhile(lambda each: each <= latest, rrulestr(text, dtstart=first))
    except (ValueError, TypeError, ArithmeticError, LookupError) as error:
        raise UnreadError(f"has a rule that can't be read: {str(error)[:64]}") from None


def _read(text: str) -> dict[str, str]:
    pieces = [piece for piece in text.split(";") if piece and not _SAYS_NOTHING.fullmatch(piece)]
    if len(text) > _MAX_RULE_LENGTH or not all(map(_PART.fullmatch, pieces)):
        raise UnreadError("has a rule that can't be read")
    parts = {name: value for name, _, value in (piece.partition("=") for piece in pieces)}
    if len(parts) < len(pieces):
        raise UnreadError("has a rule that says something twice")
    if unknown := parts.keys() - _PARTS - {"UNTIL"}:
        raise UnreadError(f"has a rule with {min(unknown)}, which is not known")
    if "FREQ" not in parts:
        raise UnreadError("has a rule that repeats never")
    if not _number(parts.get("INTERVAL", "1")) or not _number(parts.get("COUNT", "1")):
        raise UnreadError("has a rule with an INTERVAL or a COUNT that is not 1 to 99999")
    return parts


def _number(text: str) -> int:
    """A whole number up to five digits; 0 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def _until(text: str | None, zones: Zones) -> Moment | None:
    """The end of a series; one that is written without Z gets no zone: it is that of the series."""
    if text is None:
        return None
    last = moment("UNTIL", Property(text), zones)
    if isinstance(last, datetime) and last.tzinfo is zones.find(None):
        return last.replace(tzinfo=None)
    return last


def _is_not_after(begins: datetime, last: Moment | None) -> bool:
    """Whether a series has not ended; a date without time is its whole day."""
    if not isinstance(last, datetime):
        return last is None or begins.date() <= last
    return begins <= last if last.tzinfo else begins.replace(tzinfo=None) <= last


def _nearer(parts: Mapping[str, str], wall: datetime, earliest: datetime) -> datetime:
    """A begin in the same rhythm, shortly before ``earliest``; ``wall`` when that is later."""
    interval = _number(parts.get("INTERVAL", "1"))
    unit = _UNITS.get(parts["FREQ"])
    if unit is not None:
        return wall + max(0, (earliest - wall) // (unit * interval) - 1) * interval * unit
    months = interval * (12 if parts["FREQ"] == "YEARLY" else 1)
    passed = (earliest.year - wall.year) * 12 + earliest.month - wall.month
    skipped = max(0, passed // months - 1) * months
    if wall.day > 28 or not skipped:  # not every month has such a day
        return wall
    year, month = divmod(wall.year * 12 + wall.month - 1 + skipped, 12)
    return wall.replace(year=year, month=month + 1)


def _steps(parts: Mapping[str, str], lasts: timedelta) -> float:
    """How many days, or times of a day, are looked at within a time."""
    days = _DAYS.get(parts["FREQ"], 1)
    unit = _UNITS.get(parts["FREQ"], timedelta(days=days))
    periods = max(1.0, lasts / unit / _number(parts.get("INTERVAL", "1")))
    times = 1
    for name in ("BYHOUR", "BYMINUTE", "BYSECOND"):
        times *= 1 + parts.get(name, "").count(",")
    return periods * days * times

"""The last days of a site by the journal: how long it was in which state on each of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from netwatch.core.state import State
from netwatch.journal.reader import JournalEvent, read_events, recorded_since

DAYS = 30
"""Days that are told, today among them."""

MAX_EVENTS = 5000
"""Events that are read; of more only the last ones count."""


@dataclass(slots=True)
class RecordedDay:
    """What the journal says of a site on one day.

    Attributes:
        date: the day.
        is_recorded: whether the journal was kept then; if not, nothing is known.
        seconds: how long it was in each state but ``up``.
    """

    date: date
    is_recorded: bool
    seconds: dict[State, float] = field(default_factory=dict)


def read_month(path: Path, site: str, now: float, zone: ZoneInfo) -> list[RecordedDay]:
    """The last ``DAYS`` days of a site, the oldest first; reads the journal.

    Raises:
        sqlite3.Error: there is no journal, or it may not be read.
    """
    today = datetime.fromtimestamp(now, zone).date()
    first = today - timedelta(days=DAYS - 1)
    events = read_events(path, site, _midnight(first, zone), MAX_EVENTS)
    own = [event for event in events if not event.target]
    return by_day(own, first, now, zone, recorded_since(path))


def by_day(
    events: Iterable[JournalEvent],
    first: date,
    now: float,
    zone: ZoneInfo,
    recorded: float | None,
) -> list[RecordedDay]:
    """The seconds of events on each day.

    Args:
        events: of one site.
        first: the oldest day.
        now: unix time.
        zone: in which a day begins at midnight.
        recorded: unix time of the first thing in the journal; None when it is empty.
    """
    days = []
    for number in range(DAYS):
        day = first + timedelta(days=number)
        begin, end = _midnight(day, zone), _midnight(day + timedelta(days=1), zone)
        is_recorded = recorded is not None and recorded < end
        days.append(RecordedDay(day, is_recorded, _seconds(events, begin, min(end, now))))
    return days


def _seconds(events: Iterable[JournalEvent], begin: float, end: float) -> dict[State, float]:
    seconds: dict[State, float] = {}
    for event in events:
        overlap = min(event.ended or end, end) - max(event.began, begin)
        if overlap > 0:
            seconds[event.state] = seconds.get(event.state, 0.0) + overlap
    return seconds


def _midnight(day: date, zone: ZoneInfo) -> float:
    return datetime(day.year, day.month, day.day, tzinfo=zone).timestamp()

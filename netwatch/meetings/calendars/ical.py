"""Reads iCalendar (RFC 5545): the events of some days, each as it will be held.

One event that can't be read costs only itself, and is told. Run where it can be ended: see
``process.py``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from netwatch.meetings.calendars.bounds import CalendarBounds
from netwatch.meetings.calendars.event import WrittenEvent, read_event, title_of, uid_of
from netwatch.meetings.calendars.lines import CalendarStream, Component, read_stream, unfold
from netwatch.meetings.calendars.rules import SeriesBudget, Span
from netwatch.meetings.calendars.series import CalendarEvent, SeriesGroup, group, held
from netwatch.meetings.calendars.values import UnreadError, one_line
from netwatch.meetings.calendars.zones import Zones

MAX_COMPLAINTS = 50
"""What is told of one calendar, in lines; then how much more there is."""

_MAX_FOUND = 10
"""Times as many events as are kept are worked out; then no further series is looked at."""

_UNREADABLE = (UnreadError, OverflowError)
"""What makes one event unreadable; beyond year 9999 sums overflow."""


class CalendarError(ValueError):
    """It is no calendar that can be used; says why."""


@dataclass(frozen=True, slots=True)
class CalendarReading:
    """What a calendar says of some time.

    Attributes:
        begin: of that time, with zone.
        end: of that time, with zone.
        events: that touch that time, the earliest first.
        complaints: what was left out or is doubtful and why, a line each.
        unread: UIDs of events that may be held at other times than ``events`` says, or at all.
        is_whole: False when something could not be read that may be any event.
    """

    begin: datetime
    end: datetime
    events: tuple[CalendarEvent, ...]
    complaints: tuple[str, ...] = ()
    unread: frozenset[str] = frozenset()
    is_whole: bool = True


def read_calendar(
    content: bytes, begin: datetime, end: datetime, zone: ZoneInfo, bounds: CalendarBounds
) -> CalendarReading:
    """Events that touch the time from ``begin`` to ``end``, and what had to be left out.

    Cancelled events, whole days and what takes no time are no meetings. Times without a zone are in
    ``zone``. Of too many events those around ``bounds.now`` are kept.

    Raises:
        CalendarError: it is no calendar, or too large.
    """
    if len(content) > bounds.octets:
        raise CalendarError(bounds.too_large)
    stream = read_stream(unfold(content))
    if not stream.calendars:
        raise CalendarError("is no calendar: nothing in it begins with BEGIN:VCALENDAR")
    reader = _EventReader(stream, begin, end, zone)
    found = reader.find(bounds.events * _MAX_FOUND)
    if not stream.is_whole:
        reader.leave_out("is cut off: END:VCALENDAR is missing", "")
    kept = _nearest(found, bounds)
    if len(kept) < len(found):
        left = {event.uid for event in set(found) - set(kept)}
        days = f"{kept[0].start:%d/%m/%Y} to {kept[-1].end:%d/%m/%Y}" if kept else "no day"
        reader.leave_out(
            f"has {len(found)} events in these days; only {len(kept)}, {days}, are taken", *left
        )
    return reader.reading(kept)


class _EventReader:
    """Reads the events of a stream, and notes what could not be read."""

    def __init__(
        self, stream: CalendarStream, begin: datetime, end: datetime, zone: ZoneInfo
    ) -> None:
        self._stream = stream
        self._span = Span(begin, end)
        self._zones = Zones(stream.zones, zone)
        self._complaints: list[str] = []
        self._unread: set[str] = set()

    def find(self, most: int) -> list[CalendarEvent]:
        """All events of the time, but not many more than ``most``."""
        found: list[CalendarEvent] = []
        budget = SeriesBudget()
        for series in group(self._written(self._stream.events)):
            if len(found) > most:
                self.leave_out("has so many events that not all could be worked out", "")
                break
            found += self._held(series, budget)
        return sorted(found, key=lambda event: (event.start, event.uid))

    def leave_out(self, why: str, *uids: str) -> None:
        """Note what is left out; an empty UID is any event."""
        self._complaints.append(why)
        self._unread.update(uids)

    def reading(self, events: Iterable[CalendarEvent]) -> CalendarReading:
        """What was found and noted."""
        said = list(dict.fromkeys([*self._zones.complaints, *self._complaints]))
        if len(said) > MAX_COMPLAINTS:
            said[MAX_COMPLAINTS:] = [f"and {len(said) - MAX_COMPLAINTS} more like these"]
        named = frozenset(self._unread - {""})
        return CalendarReading(
            *self._span, tuple(events), tuple(said), named, "" not in self._unread
        )

    def _written(self, components: Iterable[Component]) -> Iterator[WrittenEvent]:
        for component in components:
            try:
                event = read_event(component, self._zones)
            except _UNREADABLE as error:
                self.leave_out(f"event {title_of(component)!r} {_why(error)}", uid_of(component))
                continue
            for complaint in event.complaints:
                self.leave_out(f"event {event.title!r} {complaint}", *filter(None, [event.uid]))
            yield event

    def _held(self, series: SeriesGroup, budget: SeriesBudget) -> list[CalendarEvent]:
        try:
            found = list(held(series, self._span, self._zones, budget))
        except _UNREADABLE as error:
            for event in series.bases:
                self.leave_out(f"event {event.title!r} {_why(error)}", event.uid)
            return []
        return [
            each for each in found if each.start < self._span.end and each.end > self._span.begin
        ]


def _nearest(found: list[CalendarEvent], bounds: CalendarBounds) -> list[CalendarEvent]:
    """As many as are kept, in their order: first what comes, then what was last."""
    coming = [event for event in found if event.end > bounds.now][: bounds.events]
    past = [event for event in found if event.end <= bounds.now]
    left = bounds.events - len(coming)
    return sorted(
        [*(past[-left:] if left else ()), *coming], key=lambda event: (event.start, event.uid)
    )


def _why(error: Exception) -> str:
    return one_line(str(error)) if isinstance(error, UnreadError) else "is beyond the year 9999"

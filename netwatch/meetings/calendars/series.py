"""Which events are held when: series, their exceptions, and events that share a UID."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from netwatch.meetings.calendars.event import MIN_DURATION, WrittenEvent
from netwatch.meetings.calendars.rules import SeriesBudget, Span, starts_of
from netwatch.meetings.calendars.values import Moment
from netwatch.meetings.calendars.zones import Zones

MAX_CHANGES = 50
"""Changes of a series from some day on; of more the last ones count."""


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """One event on one day.

    Attributes:
        uid: the same for all days of a series, and of no other one.
        start: with time zone.
        end: with time zone.
        rooms: what is written under LOCATION, piece by piece.
    """

    uid: str
    title: str
    start: datetime
    end: datetime
    rooms: tuple[str, ...]


@dataclass(slots=True)
class SeriesGroup:
    """What is written under one UID.

    Attributes:
        bases: events that are no exceptions.
        exceptions: what is different on one day, or from one day on.
    """

    bases: list[WrittenEvent] = field(default_factory=list)
    exceptions: list[WrittenEvent] = field(default_factory=list)


def group(written: Iterable[WrittenEvent]) -> Iterator[SeriesGroup]:
    """Events by their UIDs; one without UID is by itself, under a name that stays the same."""
    groups: dict[str, SeriesGroup] = defaultdict(SeriesGroup)
    for event in written:
        named = event if event.uid else replace(event, uid=_own_uid(event))
        found = groups[named.uid]
        (found.bases if named.instead_of is None else found.exceptions).append(named)
    for found in groups.values():
        found.bases = list(_told_apart(found.bases))
        found.exceptions.sort(key=lambda event: event.sequence)
        yield found


def _own_uid(event: WrittenEvent) -> str:
    return f"without uid {event.start:%Y%m%dT%H%M} {event.title}" if event.start else event.title


def _told_apart(bases: list[WrittenEvent]) -> Iterator[WrittenEvent]:
    """Events that share a UID, each under its own: the earliest under the one that is written.

    Of two that are the same but for their sequence, the newer one counts.
    """
    newest: dict[tuple[object, ...], WrittenEvent] = {}
    for event in sorted(bases, key=lambda event: event.sequence):
        newest[event.start, event.title, event.rooms] = event
    ordered = sorted(newest.values(), key=lambda event: _order(event.start))
    for place, event in enumerate(ordered):
        mark = f" {event.start:%Y%m%dT%H%M} {event.title}" if place and event.start else ""
        yield replace(event, uid=event.uid + mark)


def _order(start: datetime | None) -> float:
    return 0.0 if start is None else (start - datetime(1, 1, 2, tzinfo=UTC)).total_seconds()


def held(
    series: SeriesGroup, span: Span, zones: Zones, budget: SeriesBudget
) -> Iterator[CalendarEvent]:
    """What of a group is held within a time.

    Raises:
        UnreadError: a rule can't be worked out.
    """
    replaced = {_instant(event.instead_of): event for event in series.exceptions}
    days = {event.instead_of for event in series.exceptions}
    later = [event for event in series.exceptions if event.and_later][-MAX_CHANGES:]
    found = [
        _changed(replace(base, lasts=lasts), start, later)
        for base in series.bases
        for start, lasts in _starts(base, span, zones, budget).items()
        if _instant(start) not in replaced and start.date() not in days
    ]
    for event in (*found, *replaced.values()):
        if event.start is not None and event.is_held:
            yield _on(event, event.start)


def _starts(
    base: WrittenEvent, span: Span, zones: Zones, budget: SeriesBudget
) -> dict[datetime, timedelta]:
    """How long each of an event or series lasts, by its begin; without what is taken out of it."""
    if base.start is None:
        return {}
    found = [] if base.rules else [base.start]
    touched = Span(span.begin - base.lasts, span.end)
    for rule in base.rules:
        with budget.limit():
            found += starts_of(rule, base.start, touched, zones, budget)
    lasting = dict.fromkeys(found, base.lasts)
    for each, lasts in base.added:
        lasting[_at(each, base.start)] = base.lasts if lasts is None else max(lasts, MIN_DURATION)
    excluded = {_instant(each) for each in base.excluded} | {*base.excluded}
    return {
        start: lasts
        for start, lasts in lasting.items()
        if _instant(start) not in excluded and start.date() not in excluded
    }


def _at(added: Moment, start: datetime) -> datetime:
    """When an added date begins; one without a time begins when the series does."""
    if isinstance(added, datetime):
        return added
    return datetime.combine(added, start.timetz())


def _instant(moment: Moment | None) -> Moment | None:
    """The same for every way to write a time; a date is itself."""
    return moment.astimezone(UTC) if isinstance(moment, datetime) else moment


def _changed(base: WrittenEvent, start: datetime, later: Iterable[WrittenEvent]) -> WrittenEvent:
    """What a series is like on one day: as the last change before says, if there is one."""
    found = replace(base, start=start)
    for event in later:
        since = event.instead_of
        if since is None or event.start is None:
            continue
        since = _at(since, start)
        if since < start:
            found = replace(event, start=start + (event.start - since))
    return found


def _on(event: WrittenEvent, start: datetime) -> CalendarEvent:
    """The event as it is held; it lasts by the clock that no zone changes (RFC 5545, 3.3.6)."""
    begins = start.astimezone(UTC)
    return CalendarEvent(event.uid, event.title, begins, begins + event.lasts, event.rooms)

"""Old days are summed up: milliseconds of each site in each state, before events are deleted."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import chain
from zoneinfo import ZoneInfo

from netwatch.core.state import State
from netwatch.core.timeline import Interval, StateSpan, milliseconds, overlap, spans, union
from netwatch.journal.present_ids import stored_ids

MIN_SUMS_KEPT = 36 * 31 * 86400.0
"""Seconds for which sums of days, flows and meetings are kept: 36 months."""

MAX_DAYS = 7
"""Days that are summed up at a time, so that the journal's thread is back soon."""

DAY_COLUMNS = ("unknown", "up", "degraded", "unreachable", "down", "maintenance")
"""Columns of a day's sums, in the order of ``State``."""

_SAVE = "INSERT OR REPLACE INTO day VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
_OUT = frozenset({State.DOWN, State.UNREACHABLE})


def sum_up_days(connection: sqlite3.Connection, before: float) -> float:
    """Sum up the days that ended before a unix time, ``MAX_DAYS`` of them; the caller commits.

    Returns:
        Unix time before which all is summed up, so that events that ended then may be deleted; as
        long as nobody has said whose journal it is, there are no days, and it is ``before``.
    """
    row = connection.execute("SELECT zone FROM province").fetchone()
    first = connection.execute("SELECT min(began) FROM run").fetchone()[0]
    if row is None or first is None:
        return before
    zone = ZoneInfo(row[0])
    summed = connection.execute("SELECT max(until) FROM summed").fetchone()[0]
    day = datetime.fromtimestamp(first, zone).toordinal() if summed is None else summed
    last = min(datetime.fromtimestamp(before, zone).toordinal(), day + MAX_DAYS)
    for each in range(day, last):
        connection.executemany(_SAVE, list(_sums(connection, each, zone)))
    day = max(day, last)
    connection.execute("DELETE FROM summed")
    connection.execute("INSERT INTO summed VALUES (?)", (day,))
    return min(before, day_of(day, zone)[0] / 1000)


def day_of(day: int, zone: ZoneInfo) -> Interval:
    """From midnight to midnight in a zone: 23 to 25 hours where clocks are changed."""
    start = date.fromordinal(day)
    begin, end = (
        milliseconds(datetime.combine(each, time(), zone).timestamp())
        for each in (start, start + timedelta(days=1))
    )
    return begin, end


def _sums(connection: sqlite3.Connection, day: int, zone: ZoneInfo) -> Iterator[tuple[object, ...]]:
    """A row for each site of which an event reaches into a day."""
    period, former = day_of(day, zone), stored_ids(connection)
    events: dict[str, list[StateSpan]] = defaultdict(list)
    rows = connection.execute(
        "SELECT site, state, began, coalesce(ended, 1e12) FROM event WHERE target = ''"
        " AND began < ? AND coalesce(ended, 1e12) > ? ORDER BY began, id",
        (period[1] / 1000, period[0] / 1000),
    )
    for site, state, began, ended in rows:
        span = StateSpan(milliseconds(began), milliseconds(ended), State(state))
        events[former.site(site)].append(span)
    before: dict[str, list[str]] = defaultdict(list)
    for other, site in former.sites.items():
        before[site].append(other)
    for site, found in events.items():
        times = [known_time(connection, each, period) for each in (site, *before[site])]
        known = union(chain.from_iterable(times))
        sums = dict.fromkeys(State, 0)
        for span in spans(found, known, period):
            sums[span.state] += span.end - span.begin
        outages = sum(span.state in _OUT and span.begin >= period[0] for span in found)
        yield (day, site, *(sums[state] for state in State), outages)


def known_time(connection: sqlite3.Connection, site: str, period: Interval) -> list[Interval]:
    """When a site was measured within a period, sorted and without overlap."""
    rows = connection.execute(
        "SELECT max(watched.began, run.began), min(coalesce(ended, run.until), run.until)"
        " FROM run JOIN watched ON watched.run = run.id AND watched.site = ?"
        " WHERE run.until > ? AND run.began < ?",
        (site, period[0] / 1000, period[1] / 1000),
    )
    return overlap(union((milliseconds(a), milliseconds(b)) for a, b in rows), [period])

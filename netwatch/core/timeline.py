"""The time of one place, cut into spans of one state each, without gap or overlap.

Times are whole milliseconds since 1970, so that sums are exact.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from heapq import heappop, heappush
from typing import NamedTuple

from netwatch.core.state import State

Interval = tuple[int, int]
"""Begin and end, in milliseconds; the end is not part of it."""


class StateSpan(NamedTuple):
    """A state from ``begin`` to ``end``, in milliseconds."""

    begin: int
    end: int
    state: State


def milliseconds(seconds: float) -> int:
    """The nearest whole number of milliseconds."""
    return round(seconds * 1000)


def union(intervals: Iterable[Interval]) -> list[Interval]:
    """The same time as intervals that are sorted and don't touch."""
    merged: list[Interval] = []
    for begin, end in sorted(intervals):
        if merged and begin <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        elif begin < end:
            merged.append((begin, end))
    return merged


def overlap(one: Sequence[Interval], other: Sequence[Interval]) -> list[Interval]:
    """The time that lies in both; each is sorted and doesn't overlap itself."""
    both: list[Interval] = []
    i = j = 0
    while i < len(one) and j < len(other):
        begin, end = max(one[i][0], other[j][0]), min(one[i][1], other[j][1])
        if begin < end:
            both.append((begin, end))
        if one[i][1] < other[j][1]:
            i += 1
        else:
            j += 1
    return both


def without(one: Sequence[Interval], other: Sequence[Interval]) -> list[Interval]:
    """The time of ``one`` that doesn't lie in ``other``; both as for ``overlap``."""
    if not one:
        return []
    edges = [one[0][0], *(edge for interval in other for edge in interval), one[-1][1]]
    gaps = [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if a < b]
    return overlap(one, gaps)


def length(intervals: Iterable[Interval]) -> int:
    """Milliseconds of all intervals together."""
    return sum(end - begin for begin, end in intervals)


def spans(
    events: Iterable[StateSpan], known: Sequence[Interval], period: Interval
) -> list[StateSpan]:
    """The whole period in spans: every millisecond of it is in exactly one.

    Args:
        events: all states but up. Where they overlap, the one that began later counts, and of two
            that began together the one that stands later.
        known: when the place was measured, sorted and without overlap. Outside it is ``unknown``,
            whatever an event says; within, where there is no event, it is ``up``.
        period: what is cut up.
    """
    begin, end = period
    found: list[StateSpan] = []
    states = [*_topmost(events), StateSpan(end, end, State.UP)]
    at, place = begin, 0
    for known_from, known_to in (*overlap(known, [period]), (end, end)):
        _append(found, at, known_from, State.UNKNOWN)
        at = known_from
        while at < known_to:
            while states[place].end <= at and place < len(states) - 1:
                place += 1
            span = states[place]
            if span.begin > at or span.end <= at:
                until = min(known_to, span.begin) if span.begin > at else known_to
                _append(found, at, until, State.UP)
            else:
                until = min(known_to, span.end)
                _append(found, at, until, span.state)
            at = until
    return found


def _append(found: list[StateSpan], begin: int, end: int, state: State) -> None:
    if begin >= end:
        return
    if found and found[-1].state is state and found[-1].end == begin:
        found[-1] = StateSpan(found[-1].begin, end, state)
    else:
        found.append(StateSpan(begin, end, state))


def _topmost(events: Iterable[StateSpan]) -> Iterator[StateSpan]:
    """The same events without overlap, in order: where there are two, the later begun one."""
    ordered = sorted(
        ((event, order) for order, event in enumerate(events) if event.begin < event.end),
        key=lambda each: (each[0].begin, each[1]),
    )
    open_: list[tuple[int, int, StateSpan]] = []  # the latest begun first
    at = 0
    for event, order in ordered:
        yield from _until(open_, at, event.begin)
        at = event.begin
        heappush(open_, (-event.begin, -order, event))
    yield from _until(open_, at, None)


def _until(
    open_: list[tuple[int, int, StateSpan]], at: int, until: int | None
) -> Iterator[StateSpan]:
    """What counts from ``at`` on; None: until all events are over."""
    while open_ and (until is None or at < until):
        event = open_[0][2]
        end = event.end if until is None else min(event.end, until)
        if at < end:
            yield StateSpan(at, end, event.state)
            at = end
        if event.end <= at:
            heappop(open_)

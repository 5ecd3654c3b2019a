"""The account of sites: how long each was in which state, and its outages."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

from netwatch.core.state import State
from netwatch.core.timeline import Interval, StateSpan, length, overlap, spans
from netwatch.report.account.history import ALWAYS, History, StateEvent
from netwatch.report.account.period import Period, midnight
from netwatch.report.account.tally import Tally

MIN_BREAK = 1000
"""Milliseconds for which a site must be back to end an outage: while the targets of a site fall
silent one after the other, the site may be degraded for a moment in between."""

OUT = frozenset({State.DOWN, State.UNREACHABLE})


@dataclass(frozen=True, slots=True)
class Outage:
    """A time in which a site could not be reached.

    Attributes:
        begin: when it began, which may be before the period.
        end: when it ended, or was last known to go on.
        lost: milliseconds of it that count within the period; the rest was not measured, or lies
            outside the period.
        root: what was at fault, as in ``StateEvent``.
        is_open: it goes on.
        is_own: the fault was at the site or on its line, at least for a while.
    """

    site: str
    begin: int
    end: int
    lost: int
    root: str
    cause: str
    is_open: bool
    is_own: bool

    @property
    def duration(self) -> int:
        """Milliseconds from begin to end, without regard to the period."""
        return self.end - self.begin


@dataclass(slots=True)
class SiteAccount:
    """One site in a period.

    Attributes:
        spans: the part of the period whose events are there, cut into states.
        outages: those of it.
        old_outages: how many began on days of which only sums are left.
        service: outside of it nothing is told.
    """

    site: str
    tally: Tally
    spans: list[StateSpan] = field(default_factory=list)
    outages: list[Outage] = field(default_factory=list)
    old_outages: int = 0
    service: Interval = ALWAYS

    @property
    def outage_count(self) -> int:
        """How many outages touch the period."""
        return len(self.outages) + self.old_outages


def account_of_site(
    site: str, history: History, period: Period, service: Interval = ALWAYS
) -> SiteAccount:
    """A site's account; its tally sums up to the period, to the millisecond.

    Of a site that is not in service all the time, to that part of it.
    """
    cut = first_moment(history, period)
    begin, end = _both(period.interval, service)
    cut = min(max(cut, begin), end)
    known = overlap(history.watched.get(site, ()), [(begin, end)])
    events = history.events.get(site, ())
    tally, old_outages = _old_days(site, history, period, known, (begin, cut))
    found = spans(
        (StateSpan(event.begin, event.end, event.state) for event in events), known, (cut, end)
    )
    tally = tally + Tally.of(found)
    account = SiteAccount(site, tally, found, old_outages=old_outages, service=service)
    if any(span.state in OUT for span in found):
        account.outages = list(_outages(site, events, found, (begin, end)))
    return account


def _is_within(day: Interval, time: Interval) -> bool:
    return time[0] <= day[0] and day[1] <= time[1]


def _both(one: Interval, other: Interval) -> Interval:
    """The time that two have in common; where there is none, it is empty."""
    begin = max(one[0], other[0])
    return begin, max(begin, min(one[1], other[1]))


def first_moment(history: History, period: Period) -> int:
    """From when on the events of a period are there; before, only sums of days are left."""
    begin, end = period.interval
    summed = max(history.summed_until, 1)
    if period.first.toordinal() >= summed:
        return begin
    return min(end, midnight(period.first.fromordinal(summed), period.zone))


def _old_days(
    site: str, history: History, period: Period, known: Sequence[Interval], old: Interval
) -> tuple[Tally, int]:
    """The sums of the days in the ``old`` part of a period, and how many outages began then."""
    begin, cut = old
    if cut <= begin:
        return Tally(), 0
    sums, outages, told = Tally(), 0, 0
    measured = length(overlap(known, [(begin, cut)]))
    for day, each in history.day_sums.get(site, {}).items():
        place = day - period.first.toordinal()
        if 0 <= place < len(period.days) and _is_within(period.days[place], old):
            sums.add(each.tally)
            outages += each.outages
            told += each.tally.total
            measured -= length(overlap(known, [period.days[place]]))
    sums.up += measured
    sums.unknown += cut - begin - told - measured
    return sums, outages


def _outages(
    site: str, events: Iterable[StateEvent], found: Sequence[StateSpan], period: Interval
) -> Iterable[Outage]:
    """Chains of events out of reach that follow each other without a gap, as far as they count."""
    lost = [(span.begin, span.end) for span in found if span.state in OUT]
    for chain in _chains(event for event in events if event.state in OUT):
        begin, end = chain[0].begin, max(event.end for event in chain)
        counted = _within(lost, begin, end)
        if counted and begin < period[1]:
            own = [event for event in chain if event.state is State.DOWN]
            telling = max(own or chain, key=lambda event: event.end - event.begin)
            is_open = any(event.is_open for event in chain)
            words = telling.root, telling.cause
            yield Outage(site, begin, end, counted, *words, is_open=is_open, is_own=bool(own))


def _chains(events: Iterable[StateEvent]) -> Iterable[list[StateEvent]]:
    chain: list[StateEvent] = []
    until = 0
    for event in events:
        if chain and event.begin >= until + MIN_BREAK:
            yield chain
            chain = []
        until = max(until, event.end) if chain else event.end
        chain.append(event)
    if chain:
        yield chain


def _within(intervals: Sequence[Interval], begin: int, end: int) -> int:
    """Milliseconds of sorted intervals that lie between two moments."""
    first = max(0, bisect_left(intervals, (begin, 0)) - 1)
    last = bisect_left(intervals, (end, 0))
    return sum(max(0, min(b, end) - max(a, begin)) for a, b in intervals[first:last])


def day_totals(accounts: Iterable[SiteAccount], history: History, period: Period) -> list[Tally]:
    """The sums of all sites, day by day."""
    days = period.days
    totals = [Tally() for _ in days]
    quiet: Counter[tuple[StateSpan, ...]] = Counter()
    cut = first_moment(history, period)
    for account in accounts:
        quiet[tuple(account.spans)] += 1
        if cut > period.interval[0]:
            _add_old_days(totals, account, history, period, cut)
    for place, sums in enumerate(_by_day(quiet, days)):
        totals[place].add(sums)
    return totals


def _by_day(quiet: Counter[tuple[StateSpan, ...]], days: Sequence[Interval]) -> Iterable[Tally]:
    """The sums of spans, each as often as it is counted, day by day.

    A span that covers whole days is not taken day by day: most last for weeks. ``turns`` has how
    many spans begin to cover whole days on a day, less those that no longer do.
    """
    begins = [begin for begin, _ in days]
    parts = {state: [0] * len(days) for state in State}
    turns = {state: [0] * (len(days) + 1) for state in State}
    for found, times in quiet.items():
        for begin, end, state in found:
            first, last = bisect_right(begins, begin) - 1, bisect_left(begins, end) - 1
            if first == last:
                parts[state][first] += (end - begin) * times
                continue
            parts[state][first] += (days[first][1] - begin) * times
            parts[state][last] += (end - days[last][0]) * times
            turns[state][first + 1] += times
            turns[state][last] -= times
    whole = {state: list(accumulate(turns[state])) for state in State}
    for place, (begin, end) in enumerate(days):
        sums = (parts[s][place] + whole[s][place] * (end - begin) for s in State)
        yield Tally(*sums)


def _add_old_days(
    totals: list[Tally], account: SiteAccount, history: History, period: Period, cut: int
) -> None:
    known = history.watched.get(account.site, ())
    sums = history.day_sums.get(account.site, {})
    for place, day in enumerate(period.days):
        if day[1] > cut:
            return
        if not _is_within(day, account.service):
            continue
        kept = sums.get(period.first.toordinal() + place)
        measured = length(overlap(known, [day]))
        totals[place].add(
            kept.tally if kept else Tally(unknown=day[1] - day[0] - measured, up=measured)
        )


@dataclass(frozen=True, slots=True)
class Reliability:
    """How often something failed, and for how long.

    Attributes:
        count: outages that began in the period.
        to_repair: mean milliseconds of those that ended (MTTR); None when none did.
        between: mean milliseconds in reach for each that began (MTBF); None when none did.
        longest: milliseconds.
    """

    count: int
    to_repair: float | None
    between: float | None
    longest: int


def reliability(outages: Sequence[Outage], tally: Tally, period: Period) -> Reliability:
    """Of one site or of many, by their outages and their tally together."""
    begin, end = period.interval
    begun = sum(begin <= each.begin < end for each in outages)
    ended = [each.duration for each in outages if not each.is_open and each.end <= end]
    return Reliability(
        begun,
        sum(ended) / len(ended) if ended else None,
        tally.reached / begun if begun else None,
        max((each.duration for each in outages), default=0),
    )


def gaps(runs: Sequence[Interval], period: Interval) -> list[Interval]:
    """When the daemon didn't measure at all within a period."""
    begin, end = period
    inside = overlap(runs, [period])
    edges = [(begin, begin), *inside, (end, end)]
    return [(a[1], b[0]) for a, b in pairwise(edges) if a[1] < b[0]]

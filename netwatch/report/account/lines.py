"""The account of lines, carriers and contracts.

A line is down while a device says that the line is at fault. It is known to be up only while the
sites at both its ends are reached; whatever else keeps them silent says nothing of the line.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import chain

from netwatch.core.state import REACHABLE, State
from netwatch.core.timeline import Interval, StateSpan, milliseconds, overlap, spans, union
from netwatch.report.account.history import ContractFacts, History, IncidentNote, LineFacts
from netwatch.report.account.period import Period
from netwatch.report.account.sites import SiteAccount
from netwatch.report.account.tally import Tally


@dataclass(frozen=True, slots=True)
class LineFault:
    """A time in which a line was at fault, whole, also where it reaches out of the period.

    Attributes:
        lost: milliseconds that count: within the period, and within the agreed hours.
        over: milliseconds by which it lasted longer than the agreed time to repair.
        carrier: who ran the line then, as far as that was written down; else who runs it now.
    """

    line: str
    begin: int
    end: int
    lost: int
    over: int
    carrier: str


@dataclass(frozen=True, slots=True)
class LineAccount:
    """One line in a period.

    Attributes:
        tally: of the whole time.
        agreed: of the agreed hours of its contract, and of its days.
    """

    line: LineFacts
    tally: Tally
    agreed: Tally
    faults: Sequence[LineFault]


@dataclass(frozen=True, slots=True)
class ContractAccount:
    """What became of a contract in a period.

    Attributes:
        tally: of its lines in the agreed hours, together.
        allowed: milliseconds that its lines together might be down.
        missed: milliseconds that they were down beyond that.
        late: faults that lasted longer than agreed.
    """

    contract: ContractFacts
    lines: Sequence[LineAccount]
    tally: Tally
    allowed: int | None
    missed: int | None
    late: Sequence[LineFault]


def account_of_line(
    line: LineFacts, history: History, sites: Mapping[str, SiteAccount], period: Period
) -> tuple[list[StateSpan], Tally]:
    """A line's spans in the period, and their sum, which is the period."""
    faults = history.line_faults.get(line.id, ())
    work = history.line_work.get(line.id, ())
    reached = overlap(*(_reached(sites.get(site)) for site in (line.near, line.far)))
    found = [
        *(StateSpan(*each, State.DOWN) for each in union(faults)),
        *(StateSpan(*each, State.MAINTENANCE) for each in union(work)),
    ]
    measured = overlap(history.runs, union([*reached, *faults, *work]))
    cut = spans(found, measured, period.interval)
    return cut, Tally.of(cut)


def _reached(account: SiteAccount | None) -> list[Interval]:
    cut = account.spans if account else ()
    return [(span.begin, span.end) for span in cut if span.state in REACHABLE]


def line_accounts(
    lines: Iterable[LineFacts],
    contracts: Mapping[tuple[str, str], ContractFacts],
    history: History,
    sites: Mapping[str, SiteAccount],
    period: Period,
) -> list[LineAccount]:
    """The accounts of lines; the agreed hours are those of their contracts."""
    accounts = []
    notes: dict[str, list[IncidentNote]] = {}
    for note in history.incidents:
        notes.setdefault(note.cause, []).append(note)
    for line in lines:
        contract = contracts.get((line.carrier, line.contract))
        hours = agreed_hours(contract, period) if contract else [period.interval]
        cut, tally = account_of_line(line, history, sites, period)
        agreed = [
            StateSpan(*part, span.state)
            for span in cut
            for part in overlap([(span.begin, span.end)], hours)
        ]
        faults = _faults(line, contract, history, agreed, notes.get(f"link:{line.id}", ()))
        accounts.append(LineAccount(line, tally, Tally.of(agreed), faults))
    return accounts


def _faults(
    line: LineFacts,
    contract: ContractFacts | None,
    history: History,
    agreed: Sequence[StateSpan],
    notes: Sequence[IncidentNote],
) -> list[LineFault]:
    repair = contract.repair if contract else None
    found = []
    down = [span for span in agreed if span.state is State.DOWN]
    for begin, end in union(history.line_faults.get(line.id, ())):
        lost = sum(max(0, min(s.end, end) - max(s.begin, begin)) for s in down)
        if lost:
            over = 0 if repair is None else max(0, end - begin - round(repair * 1000))
            told = (note.carrier for note in notes if note.begin < end and note.end > begin)
            carrier = next(filter(None, told), line.carrier)
            found.append(LineFault(line.id, begin, end, lost, over, carrier))
    return found


def agreed_hours(contract: ContractFacts, period: Period) -> list[Interval]:
    """When a contract holds within a period: its days, and of them the agreed hours."""
    found = []
    day = max(period.first, contract.start or period.first)
    last = min(period.after - timedelta(days=1), contract.end or period.after)
    while day <= last:
        if day.weekday() in contract.days:
            found.append((_at(day, contract.opens, period), _at(day, contract.closes, period)))
        day += timedelta(days=1)
    return overlap(union(found), [period.interval])


def _at(day: date, seconds: int, period: Period) -> int:
    """The moment of a wall clock on a day, in milliseconds."""
    wall = datetime.combine(day, time(), period.zone) + timedelta(seconds=seconds)
    return milliseconds(wall.timestamp())


def contract_accounts(
    contracts: Mapping[tuple[str, str], ContractFacts], lines: Sequence[LineAccount]
) -> list[ContractAccount]:
    """What became of each contract that has lines."""
    found = []
    for (carrier, number), contract in contracts.items():
        under = [
            each for each in lines if each.line.carrier == carrier and each.line.contract == number
        ]
        tally = Tally()
        for each in under:
            tally.add(each.agreed)
        allowed = None
        if contract.availability is not None:
            allowed = round((tally.reached + tally.lost) * (1 - contract.availability))
        late = [fault for fault in chain.from_iterable(each.faults for each in under) if fault.over]
        missed = None if allowed is None else max(0, tally.lost - allowed)
        if under:
            found.append(ContractAccount(contract, under, tally, allowed, missed, late))
    return found

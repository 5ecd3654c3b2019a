"""The whole account of a period: sites, groups of sites, lines, contracts, flows and gaps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from netwatch.core.timeline import Interval, overlap
from netwatch.report.account.flows import FlowAccount, account_of_flows
from netwatch.report.account.history import (
    ALWAYS,
    Facts,
    FoundEvidence,
    History,
    IncidentNote,
    LineFacts,
    SiteFacts,
)
from netwatch.report.account.lines import (
    ContractAccount,
    LineAccount,
    LineFault,
    contract_accounts,
    line_accounts,
)
from netwatch.report.account.period import Period
from netwatch.report.account.sites import (
    Outage,
    Reliability,
    SiteAccount,
    account_of_site,
    day_totals,
    first_moment,
    gaps,
    reliability,
)
from netwatch.report.account.tally import Tally, total_of

Timed = TypeVar("Timed", FoundEvidence, IncidentNote)

FORMER = ""
"""The tier, area and network of sites that have left the inventory."""


@dataclass(frozen=True, slots=True)
class Group:
    """Sites that are told of together.

    Attributes:
        id: of their tier or area; ``FORMER`` for those that left the inventory.
        before: their tally in the period before.
    """

    id: str
    sites: Sequence[SiteAccount]
    tally: Tally
    before: Tally
    reliability: Reliability


@dataclass(frozen=True)
class Account:
    """All figures of one period.

    Attributes:
        sites: of the inventory, and those that left it but were watched in the period.
        before: tally of each site in the period before.
        year: tally of each site from the beginning of the year.
        days: sums of all sites, day by day.
        gaps: when the collector didn't measure.
        without_events: until this moment only sums are left of the period; its begin: none are.
    """

    period: Period
    facts: Facts
    history: History
    sites: Mapping[str, SiteAccount]
    before: Mapping[str, Tally]
    year: Mapping[str, Tally]
    days: Sequence[Tally]
    lines: Sequence[LineAccount]
    contracts: Sequence[ContractAccount]
    flows: FlowAccount
    gaps: Sequence[Interval]
    without_events: int

    @cached_property
    def total(self) -> Tally:
        """Of all sites together: the period times their number."""
        return total_of(each.tally for each in self.sites.values())

    @cached_property
    def outages(self) -> list[Outage]:
        """Of all sites, in the order in which they began."""
        found = [each for account in self.sites.values() for each in account.outages]
        return sorted(found, key=lambda each: (each.begin, each.site))

    def by_tier(self) -> list[Group]:
        """The sites by their tier."""
        return self._grouped(lambda facts: facts.tier)

    def by_area(self) -> list[Group]:
        """The sites by the area that they belong to."""
        return self._grouped(lambda facts: facts.area)

    def site(self, site_id: str) -> SiteFacts:
        """Who is meant by an id."""
        return self.facts.sites.get(site_id) or SiteFacts(site_id, site_id, site_id)

    def evidence(self, outage: Outage) -> FoundEvidence | None:
        """What was found out as an outage began; None when nothing was."""
        found = self.history.evidence.get(outage.site, ())
        return _overlapping(found, outage.begin, outage.end)

    def line_evidence(self, fault: LineFault) -> FoundEvidence | None:
        """What was found out at either end as a line failed; None when nothing was."""
        line = self.facts.lines[fault.line]
        root = f"link:{fault.line}"
        found = (
            each
            for site in (line.near, line.far)
            for each in self.history.evidence.get(site, ())
            if each.root == root
        )
        return _overlapping(found, fault.begin, fault.end)

    def incident(self, root: str, begin: int, end: int) -> IncidentNote | None:
        """The incident of what was at fault at a time; None when none was kept."""
        return _overlapping(self._notes.get(root, ()), begin, end)

    @cached_property
    def _notes(self) -> Mapping[str, list[IncidentNote]]:
        notes: dict[str, list[IncidentNote]] = {}
        for note in self.history.incidents:
            notes.setdefault(note.cause, []).append(note)
        return notes

    def _grouped(self, key: Callable[[SiteFacts], str]) -> list[Group]:
        groups: dict[str, list[SiteAccount]] = {}
        for site_id, account in self.sites.items():
            groups.setdefault(key(self.site(site_id)), []).append(account)
        return [self._group(id_, accounts) for id_, accounts in groups.items()]

    def _group(self, id_: str, accounts: Sequence[SiteAccount]) -> Group:
        tally = total_of(each.tally for each in accounts)
        before = total_of(self.before[each.site] for each in accounts)
        outages = [outage for each in accounts for outage in each.outages]
        return Group(id_, accounts, tally, before, reliability(outages, tally, self.period))


def _overlapping(found: Iterable[Timed], begin: int, end: int) -> Timed | None:
    """The first that was there at any time from ``begin`` to ``end``."""
    return next((each for each in found if each.begin < end and each.end > begin), None)


def account_of(
    history: History, facts: Facts, period: Period, only: Iterable[str] | None = None
) -> Account:
    """The account of a period.

    Args:
        history: of the period, of the one before it, and of the year so far.
        facts: who is meant.
        period: a month or a year.
        only: ids of the sites that are told of; None for all.
    """
    served = [
        id_ for id_, each in facts.sites.items() if overlap([each.service], [period.interval])
    ]
    ids = [*served, *_former(history, facts, period)]
    if only is not None:
        wanted = set(only)
        ids = [id_ for id_ in served if id_ in wanted]
    before, year = period.before, period.year_so_far

    def service(id_: str) -> Interval:
        return facts.sites[id_].service if id_ in facts.sites else ALWAYS

    sites = {id_: account_of_site(id_, history, period, service(id_)) for id_ in ids}
    lines = [each for each in facts.lines.values() if each.near in sites or each.far in sites]
    ends = _ends(lines, sites, history, period)
    accounts = line_accounts(lines, facts.contracts, history, ends, period)
    return Account(
        period,
        facts,
        history,
        sites,
        {id_: account_of_site(id_, history, before, service(id_)).tally for id_ in ids},
        {id_: account_of_site(id_, history, year, service(id_)).tally for id_ in ids},
        day_totals(sites.values(), history, period),
        accounts,
        contract_accounts(facts.contracts, accounts),
        account_of_flows(history, facts, period.interval),
        gaps(history.runs, period.interval),
        first_moment(history, period),
    )


def _former(history: History, facts: Facts, period: Period) -> list[str]:
    """Sites that were watched within the period, and are no longer in the inventory."""
    return sorted(
        id_
        for id_, known in history.watched.items()
        if id_ not in facts.sites and overlap(known, [period.interval])
    )


def _ends(
    lines: Iterable[LineFacts],
    sites: Mapping[str, SiteAccount],
    history: History,
    period: Period,
) -> Mapping[str, SiteAccount]:
    """The accounts of the sites at both ends of lines, also of those that are not told of."""
    wanted = {site for line in lines for site in (line.near, line.far)}
    rest = {id_: account_of_site(id_, history, period) for id_ in wanted - sites.keys()}
    return {**sites, **rest}

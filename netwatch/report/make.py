"""Makes a paper: reads the journal, counts, and writes everything down."""

from __future__ import annotations

import asyncio
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from netwatch.core.errors import ConfigError, Problem
from netwatch.disk.private import working_in
from netwatch.inventory.explain import suggest
from netwatch.inventory.former_ids import former_ids
from netwatch.inventory.model import Inventory
from netwatch.journal.file import NAME
from netwatch.meetings.records.month import MeetingMonth
from netwatch.report.account.history import Facts, History
from netwatch.report.account.period import Period
from netwatch.report.account.whole import account_of
from netwatch.report.compose.draft import Draft
from netwatch.report.compose.paper import compose
from netwatch.report.content import Paper
from netwatch.report.facts import below, facts_of
from netwatch.report.journal import read_history
from netwatch.report.measures import Measures
from netwatch.report.meetings import read_meetings
from netwatch.report.prometheus import measures_of
from netwatch.report.words import LanguageName, PaperWords
from netwatch.settings import Settings


@dataclass(frozen=True, slots=True)
class PaperScope:
    """What a paper is about: an area with all below it, a carrier's lines, or, without either, all.

    Attributes:
        area: id of a site.
        carrier: its name as the inventory spells it.
    """

    area: str | None = None
    carrier: str | None = None


@dataclass(frozen=True, slots=True)
class PaperSource:
    """Everything that the papers of one period are made from.

    Attributes:
        meetings: of the period, of the one before it, and of the year so far.
    """

    inventory: Inventory
    facts: Facts
    period: Period
    history: History
    meetings: tuple[MeetingMonth, MeetingMonth, MeetingMonth]
    measures: Measures

    def paper(self, scope: PaperScope, language: LanguageName) -> Paper:
        """The paper of a scope, in a language."""
        only = below(self.inventory, scope.area) if scope.area else None
        facts = self.facts
        if scope.carrier is not None:
            facts = _of_carrier(facts, scope.carrier)
        account = account_of(self.history, facts, self.period, only)
        words = PaperWords(language, self.period.zone)
        found = *self.meetings, self.measures
        return compose(Draft(account, self.inventory, words, *found, scope.carrier, scope.area))


def read(settings: Settings, inventory: Inventory, period: Period) -> PaperSource:
    """Read all that papers of a period need.

    Raises:
        ConfigError: there is no journal, it can't be read, or it is another province's.
    """
    if settings.state_dir is None:
        raise _refused("state_dir", "is not set, so there is no journal; set it")
    path = settings.state_dir / NAME
    facts, former = facts_of(inventory, settings.vantage), former_ids(inventory)
    year, before = period.year_so_far, period.before
    begin = min(year.interval[0], before.interval[0])
    try:
        with working_in(settings.state_dir):
            history = read_history(path, (begin, period.interval[1]), former)
            months = [read_meetings(path, inventory, each) for each in (period, before, year)]
    except (sqlite3.Error, OSError) as error:
        message = f"cannot be read: {error}; run netwatch with this state_dir first, or as its user"
        raise _refused(str(path), message) from None
    _check_province(path, history, inventory)
    measures = Measures()
    if settings.prometheus_url is not None:
        measures = asyncio.run(measures_of(settings.prometheus_url, facts, period.interval, former))
    return PaperSource(
        inventory, facts, period, history, (months[0], months[1], months[2]), measures
    )


def _check_province(path: Path, history: History, inventory: Inventory) -> None:
    """A journal of another province would say that none of ours was ever measured."""
    here = inventory.province.name_vi
    if history.province and history.province != here:
        raise _refused(
            str(path),
            f"is the journal of {history.province!r}, and the inventory is of {here!r};"
            " give the state_dir of this province",
        )


def find_scope(inventory: Inventory, area: str | None, carrier: str | None) -> PaperScope:
    """What a paper is about, by what somebody wrote.

    Raises:
        ConfigError: there is no such site, or no line of such a carrier.
    """
    area = area and former_ids(inventory).site(area)
    if area is not None and area not in inventory.sites:
        remedy = suggest(area, inventory.sites)
        raise _refused("--area", f"{area[:64]!r} is not a site; {remedy}")
    if carrier is None:
        return PaperScope(area)
    known = carriers(inventory)
    for name in known:
        if name.casefold() == carrier.casefold():
            return PaperScope(None, name)
    raise _refused("--carrier", f"no line is run by {carrier[:64]!r}; {suggest(carrier, known)}")


def carriers(inventory: Inventory) -> list[str]:
    """The carriers of all lines."""
    lines = facts_of(inventory, "").lines.values()
    return sorted({line.carrier for line in lines})


def _of_carrier(facts: Facts, carrier: str) -> Facts:
    """The same with the lines and contracts of one carrier only."""
    lines = {id_: line for id_, line in facts.lines.items() if line.carrier == carrier}
    contracts = {key: each for key, each in facts.contracts.items() if key[0] == carrier}
    return Facts(facts.sites, lines, contracts)


def _refused(place: str, message: str) -> ConfigError:
    return ConfigError([Problem(place, message)])

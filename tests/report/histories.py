"""Random histories: a daemon that is restarted, clocks that step, sites that come and go."""

from __future__ import annotations

import random
import sqlite3
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from netwatch.core.state import State
from netwatch.core.timeline import milliseconds
from netwatch.journal.coverage import Coverage, ProvinceNamed
from netwatch.journal.file import open_journal
from netwatch.journal.records import PlaceRemoved, StateChanged
from netwatch.report.account.history import Facts, LineFacts, SiteFacts
from netwatch.report.account.period import Period, midnight, month_after
from netwatch.state.transition import StateChange

DAY = 86400.0
BAD = (State.DOWN, State.UNREACHABLE, State.DEGRADED, State.MAINTENANCE, State.UNKNOWN)


@dataclass
class Diary:
    """A second record of the same history: what was true from each moment on, in order written.

    Attributes:
        entries: of each site, moment and state; None is not measured.
    """

    entries: dict[str, list[tuple[int, int, State]]] = field(default_factory=dict)

    def add(self, site: str, begin: float, end: float, state: State) -> None:
        if milliseconds(begin) < milliseconds(end):
            self.entries.setdefault(site, []).append(
                (milliseconds(begin), milliseconds(end), state)
            )


@dataclass
class Told:
    """A journal, and what really happened.

    Attributes:
        diary: how long each site was in which state, as whoever made the history noted it.
    """

    path: Path
    sites: list[str]
    diary: Diary
    begin: float
    end: float


def month(year: int, number: int, zone: str) -> Period:
    first = date(year, number, 1)
    after = month_after(first)
    return Period(first, after, ZoneInfo(zone), midnight(after, ZoneInfo(zone)))


def facts(sites: list[str]) -> Facts:
    names = {
        id_: SiteFacts(id_, f"Xã {id_}", f"{id_} commune", "commune", "state", "a") for id_ in sites
    }
    lines = {f"{id_}-uplink": LineFacts(f"{id_}-uplink", id_, "centre", "VNPT") for id_ in sites}
    return Facts(names, lines)


class Storyteller:
    """Writes a history into a journal by the daemon's own records, and into a diary by hand."""

    def __init__(self, path: Path, seed: int, zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self.random = random.Random(seed)  # noqa: S311 (the same history again)
        self.path, self.now = path, 0.0
        self.db: sqlite3.Connection = open_journal(path)
        self.diary = Diary()
        self.states: dict[str, tuple[State, float]] = {}
        monkeypatch.setattr("netwatch.journal.coverage.time.time", lambda: self.now)
        ProvinceNamed("Tỉnh Hải Dương", zone).write(self.db)
        self.coverage: Coverage | None = None

    def start(self, sites: list[str]) -> None:
        """A run of the daemon begins; a site is measured a few seconds later."""
        self.coverage = Coverage()
        self.coverage.begin(self.db)
        for site in sites:
            first = self.now + self.random.choice([0.0, 0.004, 3.5])
            self.states[site] = State.UNKNOWN, first
            self.turn(site, self.random.choice([State.UP, State.UP, State.DOWN]), first)

    def turn(self, site: str, state: State, at: float) -> None:
        before, since = self.states[site]
        self.diary.add(site, since, at, before)
        root = f"link:{site}-uplink" if state is State.DOWN else ""
        StateChanged(StateChange(site, "", before, state, at, at, root)).write(self.db)
        self.states[site] = state, at

    def pass_time(self, seconds: float) -> None:
        """Time goes by, in which sites change their states."""
        until = self.now + seconds
        for site in list(self.states):
            at = self.states[site][1]
            while (at := at + self.random.expovariate(6 / DAY)) < until:
                state = self.states[site][0]
                self.turn(site, self.random.choice([s for s in State if s is not state]), at)
        self.now = until
        assert self.coverage is not None
        self.coverage.tell(self.db, without_break=True)

    def remove(self, site: str) -> None:
        """A site leaves the inventory."""
        state, since = self.states.pop(site)
        self.diary.add(site, since, self.now, state)
        PlaceRemoved(site, "", self.now).write(self.db)

    def stop(self) -> None:
        """The run ends; nobody measures from now on."""
        for site, (state, since) in self.states.items():
            self.diary.add(site, since, self.now, state)
        self.states = {}

    def step_clock(self, seconds: float) -> None:
        """The wall clock is set while the daemon runs: nobody knows of time that it passes over."""
        assert self.coverage is not None
        before = self.states
        for site, (state, since) in before.items():
            self.diary.add(site, since, self.now, state)
        self.now += seconds
        self.coverage.tell(self.db, without_break=False)
        self.states = {site: (state, self.now) for site, (state, _) in before.items()}

    def close(self) -> None:
        self.stop()
        self.db.commit()
        self.db.close()


def tell(path: Path, seed: int, period: Period, monkeypatch: pytest.MonkeyPatch) -> Told:
    """A history that begins before the period, and ends within it or after it."""
    teller = Storyteller(path, seed, str(period.zone), monkeypatch)
    chance = teller.random
    begin, end = (each / 1000 for each in period.interval)
    teller.now = begin - chance.choice([0, 2, 40]) * DAY - chance.random() * DAY
    sites = [f"site-{n}" for n in range(chance.randint(1, 4))]
    former: list[str] = []
    start, stop = teller.now, end + chance.choice([-5, 0, 1, 3]) * DAY
    teller.start(sites)
    while teller.now < stop:
        passed = chance.random() * 4 * DAY
        teller.pass_time(passed)
        match chance.randrange(4):
            case 0:
                teller.stop()
                teller.now += chance.choice([0.3, 90.0, DAY])
                teller.start(sites)
            case 1:
                teller.step_clock(chance.choice([61.0, 3600.0, -min(3600.0, passed / 2)]))
            case 2 if len(sites) > 1:
                renamed = sites.pop()
                former.append(renamed)
                teller.remove(renamed)
                sites.append(f"{renamed}-new")
                teller.stop()
                teller.start(sites)
    teller.close()
    return Told(path, [*sites, *former], teller.diary, start, teller.now)

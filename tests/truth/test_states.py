"""States against what the wire did: a cut is found in time, a blind collector blames nobody."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from netwatch.core.state import State
from netwatch.inventory.checks import CheckClass
from tests.truth.page import Page
from tests.truth.province import INTERVAL, Site
from tests.truth.watched import Watched, watched

pytestmark = pytest.mark.slow

DOWN_AFTER: int = CheckClass.model_fields["down_after"].default
UP_AFTER: int = CheckClass.model_fields["up_after"].default
TIMEOUT = 0.1
"""Seconds: the loss of an echo is known well before the next one is answered."""

GRAIN = 0.1
"""Seconds: the prober looks for what is due, and for what is overdue, a few times in it."""

PATIENCE = 120.0
"""Seconds for the daemon to know all sites, on however busy a machine."""

PAUSE = 0.1
"""Seconds between two scrapes."""

CUT = [Site(f"line-{number}", (f"10.50.1.{number}",)) for number in range(1, 9)]
CORE = Site("core", ("10.50.2.1",))
BEHIND = [Site(f"behind-{number}", (f"10.50.2.1{number}",), "core") for number in range(8)]
SITES = [*CUT, CORE, *BEHIND]

REPEAT = 30.0
"""Seconds after which the faults begin anew, for a daemon that began to measure too late."""

FIRST = 6.0
"""Seconds from the begin of all to the first fault."""

FAULTS = "\n".join(
    [
        f"repeat: {REPEAT:g}s",
        "faults:",
        *(f"  - {{at: {FIRST:g}s, for: 3s, cut: {site.name}}}" for site in CUT),
        "  - {at: 12s, for: 3s, blind: here}",
        "  - {at: 18s, for: 3s, cut: core}",
    ]
)
SETTLE = 2.0
"""Seconds of which the end of the last fault is followed."""


@dataclass(frozen=True)
class Story:
    """Every scrape from the beginning to the end, and the lab's log of one round of faults."""

    pages: list[Page]
    log: list[dict[str, Any]]

    def seconds_down(self, page: Page) -> dict[str, float]:
        """How long each site was down in this round, until a scrape."""
        before = seconds_down(self.before(CUT[0].name))
        return {site: seconds - before[site] for site, seconds in seconds_down(page).items()}

    def fault(self, subject: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """What the lab wrote when the fault had begun, and when it was over."""
        begin, end = (event for event in self.log if event.get("subject") == subject)
        return begin, end

    def during(self, subject: str) -> list[Page]:
        """The scrapes that were made while the fault was on."""
        begin, end = (event["monotonic"] for event in self.fault(subject))
        return [page for page in self.pages if begin < page.asked and page.answered < end]

    def before(self, subject: str) -> Page:
        """The last scrape that was over when the fault began."""
        begin, _ = self.fault(subject)
        return next(page for page in reversed(self.pages) if page.answered < begin["monotonic"])

    @property
    def lateness(self) -> float:
        """How late the daemon was at most, as it says itself.

        A loop that stands still for so long also skips as many slots as fit into that, and one.
        """
        last = self.pages[-1]
        own = ("netwatch_schedule_slip_seconds", "netwatch_loop_lag_seconds")
        skipped = last.total("netwatch_slots_total", outcome="skipped")
        return GRAIN + sum(map(last.reach, own)) + INTERVAL * (skipped > 0)


@pytest.fixture(scope="module")
def story(needs_namespaces: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    with watched(tmp_path_factory.mktemp("states"), SITES, FAULTS, TIMEOUT) as running:
        pages = [running.first_page()]
        while not all_are(pages[-1], State.UP):
            time.sleep(PAUSE)
            pages.append(running.page())
            assert pages[-1].asked < pages[0].asked + PATIENCE, "not all sites are up"
        began = next(event["monotonic"] for event in running.lab.log())
        while began + FIRST <= pages[-1].answered:
            began += REPEAT
        over: list[dict[str, Any]] = []
        while not over or time.monotonic() < over[-1]["monotonic"] + SETTLE:
            time.sleep(PAUSE)
            pages.append(running.page())
            events = [each for each in running.lab.log() if each["monotonic"] >= began]
            ends = [each for each in events if each.get("action") == "end"]
            over = [each for each in ends if each.get("subject") == CORE.name]
            assert pages[-1].asked < began + PATIENCE, "the faults were not played"
        round_ = [each for each in events if each["monotonic"] <= over[0]["monotonic"]]
        told = Story(pages, round_)
        assert all_are(told.before("line-1"), State.UP)
        account_for_all(running)
        yield told


def account_for_all(running: Watched) -> None:
    account = running.settle()
    for address, wire in account.counts.items():
        assert account.said("netwatch_icmp_sent_total", address) == wire["seen"]


def states(page: Page) -> dict[str, float]:
    return page.by_site("netwatch_site_state")


def all_are(page: Page, state: State) -> bool:
    return set(states(page).values()) == {state}


def seconds_down(page: Page) -> dict[str, float]:
    return page.by_site("netwatch_site_state_seconds_total", state="down")


def some(pages: list[Page], holds: Callable[[Page], bool]) -> list[Page]:
    found = [page for page in pages if holds(page)]
    assert found, "no scrape shows it"
    return found


@pytest.mark.parametrize("site", [site.name for site in CUT])
def test_a_cut_is_found_in_time_and_not_before(story: Story, site: str) -> None:
    begin, _ = story.fault(site)
    down = some(story.during(site), lambda page: states(page)[site] == State.DOWN)
    # Each scrape says how long it has been down, so when that began, as exactly as it was quick.
    told = {page.asked: story.seconds_down(page)[site] for page in down}
    earliest = max(page.asked - told[page.asked] for page in down) - begin["monotonic"]
    latest = min(page.answered - told[page.asked] for page in down) - begin["monotonic"]
    assert earliest <= DOWN_AFTER * INTERVAL + TIMEOUT + story.lateness
    assert latest >= (DOWN_AFTER - 1) * INTERVAL + TIMEOUT - story.lateness


@pytest.mark.parametrize("site", [site.name for site in CUT])
def test_the_outage_began_with_the_first_echo_that_was_cut(story: Story, site: str) -> None:
    begin, _ = story.fault(site)
    down = some(story.during(site), lambda page: states(page)[site] == State.DOWN)
    since = down[0].by_site("netwatch_site_state_change_timestamp_seconds")[site] - begin["time"]
    assert 0 < since <= INTERVAL + TIMEOUT + story.lateness


@pytest.mark.parametrize("site", [site.name for site in CUT])
def test_a_mended_line_is_found_in_time(story: Story, site: str) -> None:
    _, end = story.fault(site)
    down = some(story.during(site), lambda page: states(page)[site] == State.DOWN)
    began = max(page.asked - story.seconds_down(page)[site] for page in down)
    mended = began + story.seconds_down(story.before("here"))[site]
    assert 0 < mended - end["monotonic"] <= UP_AFTER * INTERVAL + story.lateness


def test_nobody_else_is_blamed_for_a_cut(story: Story) -> None:
    cut = {site.name for site in CUT}
    for page in story.during("line-1"):
        others = {state for site, state in states(page).items() if site not in cut}
        assert others == {State.UP}


def test_a_blind_collector_knows_nothing_and_blames_nobody(story: Story) -> None:
    pages = story.during("here")
    some(pages, lambda page: all_are(page, State.UNKNOWN))
    some(pages, lambda page: page.total("netwatch_vantage_ok") == 0)
    for page in pages:
        assert not {State.DOWN, State.UNREACHABLE} & set(states(page).values())
    assert seconds_down(story.before("core")) == seconds_down(story.before("here"))
    assert all_are(story.before("core"), State.UP)


def test_when_all_behind_the_core_is_gone_the_collector_still_sees(story: Story) -> None:
    silent = {CORE.name, *(site.name for site in BEHIND)}

    def is_told(page: Page) -> bool:
        now = states(page)
        return now[CORE.name] == State.DOWN and all(
            now[site] in (State.DOWN, State.UNREACHABLE) for site in silent
        )

    pages = story.during("core")
    some(pages, is_told)
    for page in pages:
        assert page.total("netwatch_vantage_ok") == 1
        assert {state for site, state in states(page).items() if site not in silent} == {State.UP}

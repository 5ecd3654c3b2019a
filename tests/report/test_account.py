"""The account against a second computation, which shares nothing with it but the journal."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from netwatch.core.state import State
from netwatch.report.account.history import Facts, History, SiteFacts, StateEvent
from netwatch.report.account.period import Period
from netwatch.report.account.sites import account_of_site, day_totals
from netwatch.report.account.tally import Tally, total_of
from netwatch.report.account.whole import account_of
from netwatch.report.journal import read_history
from tests.report.histories import Diary, facts, month, tell

MONTHS = [
    (2026, 2, "Asia/Ho_Chi_Minh"),
    (2028, 2, "Asia/Ho_Chi_Minh"),
    (2026, 11, "Asia/Ho_Chi_Minh"),
    (2026, 12, "Asia/Ho_Chi_Minh"),
    (2026, 3, "Europe/Berlin"),
    (2026, 10, "America/New_York"),
    (2026, 10, "Australia/Lord_Howe"),
]
"""Of 28 to 31 days; in the last three clocks are changed."""


def noted(diary: Diary, site: str, period: Period) -> Tally:
    """How long a site was in each state by the diary, looked up between any two of its moments.

    What is not in it was not measured. Where a clock that was set back has it twice, what was told
    last of those that are not up counts.
    """
    begin, end = period.interval
    entries = diary.entries.get(site, [])
    moments = sorted({begin, end, *(m for e in entries for m in e[:2] if begin < m < end)})
    sums = dict.fromkeys(State, 0)
    for since, until in pairwise(moments):
        told = [e for e in entries if e[0] <= since and e[1] >= until]
        bad = [(e[0], order, e[2]) for order, e in enumerate(told) if e[2] is not State.UP]
        state = max(bad)[2] if bad else State.UP if told else State.UNKNOWN
        sums[state] += until - since
    return Tally(*(sums[state] for state in State))


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("when", MONTHS, ids=str)
def test_each_second_is_where_the_diary_has_it(
    when: tuple[int, int, str], seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    period = month(*when)
    told = tell(tmp_path / "journal.sqlite", seed, period, monkeypatch)
    history = read_history(told.path, period.interval)
    accounts = [account_of_site(site, history, period) for site in told.sites]
    for account in accounts:
        assert account.tally == noted(told.diary, account.site, period)
        assert account.tally.total == length(period)
        assert sum(outage.lost for outage in account.outages) == account.tally.lost
    days = day_totals(accounts, history, period)
    assert [day.total for day in days] == [(b - a) * len(accounts) for a, b in period.days]
    assert total_of(days) == total_of(each.tally for each in accounts)


@pytest.mark.parametrize("seed", range(8))
def test_sites_that_left_the_inventory_are_told_of(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    period = month(2026, 11, "Asia/Ho_Chi_Minh")
    told = tell(tmp_path / "journal.sqlite", seed, period, monkeypatch)
    history = read_history(told.path, (0, period.interval[1]))
    account = account_of(history, facts(told.sites[:1]), period)
    begin, end = period.interval
    touched = {
        site
        for site, entries in told.diary.entries.items()
        if any(until > begin and since < end for since, until, _ in entries)
    }
    assert account.sites.keys() == touched | {told.sites[0]}
    assert account.total.total == len(account.sites) * length(period)


def length(period: Period) -> int:
    return period.interval[1] - period.interval[0]


def test_a_site_counts_only_while_it_is_in_service() -> None:
    period = month(2026, 10, "Asia/Ho_Chi_Minh")
    begin, end = period.interval
    middle = begin + 10 * 86_400_000
    gone = StateEvent(middle, end, State.DOWN)
    history = History(
        [(begin, end)], {key: [(begin, end)] for key in "abcd"}, {"a": [gone], "c": [gone]}
    )
    served = Facts(
        {
            "a": SiteFacts("a", "A", "A", service=(0, middle)),
            "b": SiteFacts("b", "B", "B", service=(middle, end + 1)),
            "c": SiteFacts("c", "C", "C"),
            "d": SiteFacts("d", "D", "D", service=(0, begin)),
        }
    )
    account = account_of(history, served, period)
    assert list(account.sites) == ["a", "b", "c"]
    tallies = {id_: each.tally for id_, each in account.sites.items()}
    assert (tallies["a"].up, tallies["a"].total) == (middle - begin, middle - begin)
    assert not account.sites["a"].outages
    assert tallies["b"].up == tallies["b"].total == end - middle
    assert tallies["c"].lost == end - middle
    days = day_totals(account.sites.values(), history, period)
    assert [day.total for day in days[9:11]] == [2 * 86_400_000] * 2

"""The account beside the log of what was done to the province: 0 seconds of difference.

The month is accelerated: the log is the lab's, and the records are those that the daemon writes
when it is told of a change at that moment.
"""

from __future__ import annotations

from netwatch.core.timeline import milliseconds
from netwatch.report.account.whole import Account, account_of
from netwatch.report.facts import below
from netwatch.report.make import PaperSource
from tests.report.province import WrittenMonth


def account(reading: PaperSource) -> Account:
    return account_of(reading.history, reading.facts, reading.period)


def test_each_site_lost_what_the_log_says(reading: PaperSource, written: WrittenMonth) -> None:
    lost = dict.fromkeys(written.inventory.sites, 0)
    for site, begin, end in written.cuts:
        for place in below(written.inventory, site):
            lost[place] += milliseconds(end) - milliseconds(begin)
    told = account(reading).sites
    assert {id_: told[id_].tally.lost for id_ in lost} == lost


def test_each_line_was_down_as_the_log_says(reading: PaperSource, written: WrittenMonth) -> None:
    down: dict[str, list[tuple[int, int]]] = {}
    for site, begin, end in written.cuts:
        cut = milliseconds(begin), milliseconds(end)
        down.setdefault(f"{site}-uplink", []).append(cut)
    told = {each.line.id: each for each in account(reading).lines}
    assert {
        id_: [(fault.begin, fault.end) for fault in each.faults]
        for id_, each in told.items()
        if each.faults
    } == down
    for id_, cuts in down.items():
        assert told[id_].tally.down == sum(end - begin for begin, end in cuts)
        assert told[id_].tally.total == told["nam-sach-uplink"].tally.total


def test_a_line_above_a_cut_is_not_blamed_and_one_below_is_not_known(
    reading: PaperSource, written: WrittenMonth
) -> None:
    whole = account(reading)
    cut = {site: end - begin for site, begin, end in written.cuts}
    district = next(site for site in cut if len(below(written.inventory, site)) > 1)
    commune = next(id_ for id_ in below(written.inventory, district) if id_ not in cut)
    (line,) = (each for each in whole.lines if each.line.near == commune)
    assert line.tally.lost == 0
    assert line.tally.unknown == whole.sites[commune].tally.unreachable > 0


def test_all_seconds_sum_up_to_the_period(reading: PaperSource) -> None:
    whole = account(reading)
    begin, end = reading.period.interval
    assert whole.total.total == (end - begin) * len(whole.sites)
    assert sum(day.total for day in whole.days) == whole.total.total
    for groups in (whole.by_tier(), whole.by_area()):
        assert sum(group.tally.total for group in groups) == whole.total.total

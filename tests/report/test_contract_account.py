"""What was agreed with a carrier, and what was missed by how much."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from netwatch.core.state import State
from netwatch.core.timeline import length
from netwatch.report.account.history import (
    ContractFacts,
    Facts,
    History,
    IncidentNote,
    LineFacts,
    SiteFacts,
    StateEvent,
)
from netwatch.report.account.lines import agreed_hours
from netwatch.report.account.whole import Account, account_of
from tests.report.histories import month

NOVEMBER = month(2026, 11, "Asia/Ho_Chi_Minh")
HOUR = 3_600_000
LINE = LineFacts("a-uplink", "a", "centre", "VNPT", "HD-1")
SITES = {id_: SiteFacts(id_, id_, id_, "commune", "state", "centre") for id_ in ("a", "centre")}
OFFICE = ContractFacts(
    "HD-1", "VNPT", 0.99, frozenset(range(5)), 7 * 3600, 17 * 3600, repair=7200.0
)


def at(day: int, hour: int) -> int:
    """Wall time in November, in milliseconds."""
    return round(datetime(2026, 11, day, hour, tzinfo=NOVEMBER.zone).timestamp() * 1000)


def account(
    contract: ContractFacts, *cuts: tuple[int, int], notes: tuple[IncidentNote, ...] = ()
) -> Account:
    """A month in which a line was cut."""
    whole = [NOVEMBER.interval]
    events = {"a": [StateEvent(*cut, State.DOWN, "link:a-uplink") for cut in cuts]}
    history = History(
        whole, dict.fromkeys(SITES, whole), events, {"a-uplink": cuts}, incidents=notes
    )
    facts = Facts(SITES, {LINE.id: LINE}, {("VNPT", "HD-1"): contract})
    return account_of(history, facts, NOVEMBER)


def test_only_agreed_hours_count() -> None:
    # Monday 2nd from 15:00 to Tuesday 9:00: two hours, and two more.
    (line,) = account(OFFICE, (at(2, 15), at(3, 9))).lines
    assert line.tally.down == 18 * HOUR
    assert line.agreed.down == 4 * HOUR
    assert line.agreed.total == 21 * 10 * HOUR
    (fault,) = line.faults
    assert (fault.lost, fault.over) == (4 * HOUR, 16 * HOUR)


def test_what_was_missed_is_told_by_how_much() -> None:
    (kept,) = account(OFFICE, (at(2, 8), at(2, 10))).contracts
    assert (kept.allowed, kept.missed, kept.late) == (round(2.1 * HOUR), 0, [])
    (missed,) = account(OFFICE, (at(2, 8), at(2, 12))).contracts
    assert missed.tally.availability == 206 / 210
    assert missed.missed == 4 * HOUR - round(2.1 * HOUR)
    assert [fault.over for fault in missed.late] == [2 * HOUR]


def test_a_cut_on_a_sunday_costs_nothing() -> None:
    (contract,) = account(OFFICE, (at(1, 0), at(1, 20))).contracts
    assert (contract.tally.lost, contract.missed, contract.late) == (0, 0, [])


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        (None, None, 30),
        (date(2026, 11, 11), None, 20),
        (None, date(2026, 11, 1), 1),
        (date(2027, 1, 1), None, 0),
        (None, date(2026, 10, 31), 0),
    ],
)
def test_a_contract_counts_between_its_days(
    start: date | None, end: date | None, days: int
) -> None:
    contract = ContractFacts("HD-1", "VNPT", start=start, end=end)
    assert length(agreed_hours(contract, NOVEMBER)) == timedelta(days=days) / timedelta(
        milliseconds=1
    )


@pytest.mark.parametrize(("zone", "hours"), [("Europe/Berlin", 743), ("Asia/Ho_Chi_Minh", 744)])
def test_a_day_has_its_hours_where_clocks_are_changed(zone: str, hours: int) -> None:
    whole = ContractFacts("HD-1", "VNPT")
    assert length(agreed_hours(whole, month(2026, 3, zone))) == hours * HOUR


def test_a_fault_keeps_the_carrier_that_it_had() -> None:
    cut = at(4, 8), at(4, 9)
    note = IncidentNote("7f3a", "link:a-uplink", *cut, "Viettel", "an", "đã gọi nhà mạng")
    whole = account(replace(OFFICE, carrier="VNPT"), cut, notes=(note,))
    (fault,) = whole.lines[0].faults
    assert fault.carrier == "Viettel"
    (outage,) = whole.outages
    assert whole.incident(outage.root, outage.begin, outage.end) == note
    later = IncidentNote("8a1b", "link:a-uplink", at(5, 8), at(5, 9), "Viettel")
    (other,) = account(OFFICE, cut, notes=(later,)).lines[0].faults
    assert other.carrier == "VNPT"


@pytest.mark.parametrize(("back", "outages"), [(0, 1), (0.3, 1), (999, 1), (1000, 2)])
def test_a_moment_in_between_does_not_end_an_outage(back: float, outages: int) -> None:
    first = at(4, 8), at(4, 9)
    second = first[1] + round(back), at(4, 10)
    whole = account(OFFICE, first, second)
    assert len(whole.outages) == outages
    assert sum(each.lost for each in whole.outages) == whole.sites["a"].tally.lost

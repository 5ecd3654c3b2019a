"""Thirty days of a site by its journal."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from netwatch.core.state import State
from netwatch.history.month import DAYS, by_day
from netwatch.journal.reader import JournalEvent

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
FIRST = date(2026, 11, 1)
NOON = datetime(2026, 11, 30, 12, tzinfo=ZONE).timestamp()


def event(state: State, began: datetime, ended: datetime | None) -> JournalEvent:
    end = None if ended is None else ended.timestamp()
    return JournalEvent("xa", "", state, began.timestamp(), end, "", "", {})


def moment(day: int, hour: int) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=ZONE)


def test_an_outage_over_midnight_counts_on_both_days() -> None:
    days = by_day([event(State.DOWN, moment(3, 22), moment(4, 5))], FIRST, NOON, ZONE, 0.0)
    assert len(days) == DAYS
    assert days[2].seconds == {State.DOWN: 2 * 3600}
    assert days[3].seconds == {State.DOWN: 5 * 3600}
    assert days[4].seconds == {}


def test_what_goes_on_counts_until_now() -> None:
    days = by_day([event(State.DEGRADED, moment(29, 12), None)], FIRST, NOON, ZONE, 0.0)
    assert days[-2].seconds == {State.DEGRADED: 12 * 3600}
    assert days[-1].seconds == {State.DEGRADED: 12 * 3600}


def test_before_the_journal_nothing_is_known() -> None:
    begin = datetime(2026, 11, 11, 9, tzinfo=ZONE)
    days = by_day([], FIRST, NOON, ZONE, begin.timestamp())
    assert [day.is_recorded for day in days] == [False] * 10 + [True] * 20
    assert not any(day.is_recorded for day in by_day([], FIRST, NOON, ZONE, None))


def test_days_are_those_of_the_province() -> None:
    days = by_day([], FIRST, NOON, ZONE, 0.0)
    assert [day.date for day in days] == [FIRST + timedelta(days=number) for number in range(DAYS)]

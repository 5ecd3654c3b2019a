"""A month whose events are gone: the sums of its days are as exact as the events were."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from netwatch.core.timeline import milliseconds
from netwatch.journal.days import sum_up_days
from netwatch.report.account.period import midnight
from netwatch.report.account.sites import account_of_site, day_totals, first_moment
from netwatch.report.account.tally import total_of
from netwatch.report.journal import read_history
from tests.report.histories import DAY, month, tell
from tests.report.test_account import length, noted


@pytest.mark.parametrize("summed", [3, 15, 40])
@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("zone", ["Asia/Ho_Chi_Minh", "Europe/Berlin"])
def test_sums_of_old_days_are_as_exact_as_their_events(
    zone: str, seed: int, summed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    period = month(2026, 10, zone)
    told = tell(tmp_path / "journal.sqlite", seed, period, monkeypatch)
    begin = period.interval[0]
    with closing(sqlite3.connect(told.path)) as connection, connection:
        before = begin / 1000 + summed * DAY
        until = 0.0
        while (done := sum_up_days(connection, before)) != until:
            until = done
        connection.execute("DELETE FROM event WHERE ended < ?", (until,))
    history = read_history(told.path, period.interval)
    accounts = [account_of_site(site, history, period) for site in told.sites]
    for account in accounts:
        assert account.tally == noted(told.diary, account.site, period)
        assert account.tally.total == length(period)
    assert total_of(day_totals(accounts, history, period)) == total_of(a.tally for a in accounts)
    last_day = datetime.fromtimestamp(before, period.zone).date()
    cut = min(midnight(last_day, period.zone), period.interval[1])
    assert first_moment(history, period) == cut
    assert milliseconds(until) >= cut or summed < 40

"""A made-up day and month of a site of ``status_source``: two outages, one of them today."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from netwatch.history.columns import STEP, STEPS
from netwatch.web.history import PastView, RecordedDayView
from netwatch.web.status import StateName

DAYS = 30


def made_up_past(site: str, now: float) -> PastView:
    end = (int(now) // STEP + 1) * STEP
    steps = range(STEPS)
    states = [_state(step) for step in steps]
    is_silent = [state in {None, "down"} for state in states]
    return {
        "site": site,
        "step": STEP,
        "end": end,
        "states": states,
        "loss": [None if states[at] is None else 1.0 if is_silent[at] else 0.0 for at in steps],
        "rtt": [None if is_silent[at] else 0.004 + at * 7 % 13 / 4000 for at in steps],
        "days": [_day(now, back) for back in range(DAYS - 1, -1, -1)],
    }


def _state(step: int) -> StateName | None:
    if step < 12:
        return None
    if 200 <= step < 212:
        return "down"
    if 212 <= step < 220:
        return "degraded"
    return "unknown" if 100 <= step < 104 else "up"


def _day(now: float, back: int) -> RecordedDayView:
    day = (datetime.fromtimestamp(now, UTC) - timedelta(days=back)).date()
    seconds = {11: {"down": 3600.0}, 5: {"degraded": 900.0}}.get(back, {})
    return {"date": day.isoformat(), "recorded": back < 21, "seconds": seconds}

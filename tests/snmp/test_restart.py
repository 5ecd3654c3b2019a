"""A restart is told from everything that looks like one."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netwatch.snmp.restart import UPTIME_WRAP, DeviceClock, restarted

pytestmark = pytest.mark.slow

POLL = 60.0


def after(before: DeviceClock, seconds: float = POLL, **changes: float | None) -> DeviceClock:
    """The same device later, going on unless told otherwise."""
    uptime = (before.uptime + seconds * 100) % UPTIME_WRAP
    values = {"uptime": uptime, "boots": before.boots} | changes
    return DeviceClock(before.at + seconds, values["uptime"] or 0.0, values["boots"])


@pytest.mark.parametrize(
    ("uptime", "boots", "changes", "expected"),
    [
        (1e8, None, {"uptime": 2000.0}, True),
        (1e8, 7.0, {"uptime": 2000.0, "boots": 8.0}, True),
        (1e8, 1.0, {"uptime": 2000.0}, True),
        (1e8, 7.0, {"uptime": 2000.0, "boots": 1.0}, True),
        (UPTIME_WRAP - 3000.0, None, {}, False),
        (UPTIME_WRAP - 3000.0, 7.0, {}, False),
        (1e8, 7.0, {"boots": 8.0}, True),
        (1e8, 7.0, {"boots": 1.0}, False),
        (1e8, None, {"uptime": 0.99e8}, False),
        (1e8, None, {"uptime": 3e8}, False),
        (2000.0, None, {"uptime": 1000.0}, True),
    ],
    ids=[
        "restarted",
        "restarted, with boots",
        "boots that never grow",
        "boots that were forgotten",
        "wrap after 497 days",
        "wrap, with boots",
        "only the engine's boots",
        "boots back to 1 without a restart",
        "the clock was set back",
        "the clock was set forward",
        "twice within a minute",
    ],
)
def test_scenarios(
    uptime: float, boots: float | None, changes: dict[str, Any], expected: bool
) -> None:
    before = DeviceClock(1000.0, uptime, boots)
    if expected and uptime == 2000.0:
        before = DeviceClock(1000.0, uptime + 8000.0, boots)
    assert restarted(before, after(before, **changes)) is expected


@given(
    st.floats(0, UPTIME_WRAP - 1),
    st.floats(1, 86400),
    st.floats(-0.04, 0.04),
    st.floats(-20, 20),
    st.none() | st.integers(1, 1000),
)
def test_a_device_that_runs_on_is_never_said_to_restart(
    uptime: float, seconds: float, drift: float, jitter: float, boots: int | None
) -> None:
    before = DeviceClock(0.0, uptime, boots)
    told = (uptime + seconds * 100 * (1 + drift) + jitter * 100) % UPTIME_WRAP
    assert not restarted(before, DeviceClock(seconds, told, boots))


@given(st.floats(20_000, UPTIME_WRAP - 1_000_000), st.floats(60, 3600), st.floats(0, 0.9))
def test_a_restart_is_seen(uptime: float, seconds: float, share: float) -> None:
    before = DeviceClock(0.0, uptime)
    assert restarted(before, DeviceClock(seconds, seconds * 100 * share)) or uptime < 50_000

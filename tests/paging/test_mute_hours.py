"""An end that falls into the hours in which the office is not told, by a real Alertmanager."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from tests.harness import alertmanager, wall_clock
from tests.harness.alertmanager import Receivers
from tests.harness.shipped_rules import rules
from tests.harness.waiting import eventually

ZONE = "Asia/Ho_Chi_Minh"
MONDAY = datetime(2026, 11, 30, tzinfo=UTC)

NIGHT = {
    "labels": {"alertname": "NetwatchSiteDegraded", "severity": "warning", "area": "a"},
    "annotations": {"summary": "a"},
}
MORNING = {
    "labels": {"alertname": "NetwatchOverInMuteHours", "severity": "warning"},
    "annotations": {"summary": "over: a"},
}


@contextmanager
def at(hour: int, home: Path, hooks: str) -> Iterator[str]:
    """Alertmanager as it is on a Monday from this hour on; what it told before is in ``home``."""
    configuration = alertmanager.hooked(hooks, alertmanager.SOONER)
    for route in configuration["route"]["routes"]:
        route.update(alertmanager.SOONER)
    zone = wall_clock.environment(home, ZONE, MONDAY.replace(hour=hour))
    with alertmanager.launched(home, configuration, zone) as address:
        yield address


def told(receivers: Receivers) -> list[str]:
    return [str(each) for each in receivers.messages if each.receiver == "office"]


def settle(address: str, receivers: Receivers) -> None:
    """Until what was posted is in no group any more, and a page that came later was sent."""

    def groups() -> list[Any]:
        with urlopen(f"http://{address}/api/v2/alerts/groups", timeout=30) as answer:
            return [group for group in json.load(answer) if group["labels"].get("area") == "a"]

    eventually(lambda: not groups())
    alertmanager.post(
        address,
        {
            "labels": {"alertname": "Later", "severity": "critical", "at": address},
            "annotations": {"summary": "later"},
        },
    )
    eventually(lambda: any(address in str(page.alerts) for page in receivers.pages()))


@pytest.mark.slow
def test_what_was_over_at_night_is_told_in_the_morning(tmp_path: Path) -> None:
    with alertmanager.receiving() as (receivers, hooks):
        with at(12, tmp_path, hooks) as address:
            alertmanager.post(address, NIGHT)
            eventually(lambda: told(receivers) == ["office firing: a"])
        with at(20, tmp_path, hooks) as address:
            alertmanager.post(address, NIGHT)
            alertmanager.post(address, {**NIGHT, "endsAt": f"{datetime.now(UTC):%FT%TZ}"})
            settle(address, receivers)
            # Why the rule is there: nobody hears of it. Nor of the end of what sums it up.
            alertmanager.post(address, {**MORNING, "endsAt": f"{datetime.now(UTC):%FT%TZ}"})
            settle(address, receivers)
            assert told(receivers) == ["office firing: a"]
        with at(8, tmp_path, hooks) as address:
            alertmanager.post(address, MORNING)
            eventually(lambda: told(receivers)[1:] == ["office firing: over: a"])
            settle(address, receivers)
            assert len(told(receivers)) == 2


def test_the_rules_have_the_hours_of_alertmanager() -> None:
    (mute,) = alertmanager.shipped()["time_intervals"]
    weekend, nights = mute["time_intervals"]
    assert weekend["weekdays"] == ["saturday", "sunday"]
    assert {weekend["location"], nights["location"]} == {ZONE}
    opens, closes = (
        60 * int(hours) + int(minutes)
        for each in (nights["times"][0]["end_time"], nights["times"][1]["start_time"])
        for hours, minutes in [each.split(":")]
    )
    opened, over = (
        next(rule["expr"] for rule in rules() if rule.get("record") == name)
        for name in (
            "netwatch:office_opened:timestamp",
            "alert:netwatch_over_in_mute_hours:timestamp",
        )
    )
    assert re.findall(r"% 86400 \+ (\d+)", opened) == [str(60 * opens)]
    assert f"% 86400 >= {60 * opens}) < {60 * closes}" in opened
    assert f"office_opened:timestamp - {60 * opens} + {60 * closes} - 900" in over

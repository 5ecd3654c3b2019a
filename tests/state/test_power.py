"""A site that was last seen on battery has a power cut; a UPS that lies or is tested has none."""

from __future__ import annotations

import time

import pytest

from netwatch.core.result import Outcome, Readings
from netwatch.state.power import MAX_AGE, Batteries, on_battery
from tests.harness.builders import make_check, make_result

LABELS = (("upsInputLineIndex", "1"),)


def readings(**values: float) -> Readings:
    return Readings(tuple((name, ()) for name in values), tuple(values.values()))


@pytest.mark.parametrize(
    ("said", "is_on"),
    [
        ({"upsOutputSource": 5.0}, True),
        ({"upsOutputSource": 3.0}, False),
        ({"upsOutputSource": 2.0}, False),
        # A UPS that lies: empty, and on line.
        ({"upsOutputSource": 3.0, "upsEstimatedChargeRemaining": 0.0}, False),
        ({"upsBasicOutputStatus": 3.0}, True),
        ({"upsBasicOutputStatus": 2.0, "upsAdvBatteryCapacity": 0.0}, False),
        # A test of the battery, which RFC 1628 can't tell from a power cut.
        ({"upsOutputSource": 5.0, "upsBasicOutputStatus": 15.0}, False),
        ({"xupsOutputSource": 5.0, "upsOutputSource": 3.0}, True),
        ({"upsmgOutputOnBattery": 1.0}, True),
        ({"upsmgOutputOnBattery": 2.0, "upsOutputSource": 5.0}, False),
        ({"cpsBaseOutputStatus": 3.0}, True),
        ({"xppcBaseOutputStatus": 9.0}, False),
        ({"socomecBatteryStatus": 5.0}, True),
        ({"sysUpTime": 5.0}, None),
        ({}, None),
    ],
)
def test_what_a_ups_runs_on(said: dict[str, float], is_on: bool | None) -> None:
    assert on_battery(readings(**said)) is is_on


def test_rows_of_a_table_are_not_looked_at() -> None:
    read = Readings((("upsInputVoltage", LABELS), ("upsOutputSource", ())), (0.0, 5.0))
    assert on_battery(read) is None


def test_the_last_word_counts_until_it_is_too_old() -> None:
    batteries, ups = Batteries(), make_check("snmp", site="xa", target="ups")
    now = time.time()

    def report(source: float | None, outcome: Outcome = Outcome.SUCCESS) -> None:
        samples = readings() if source is None else readings(upsOutputSource=source)
        batteries.report(make_result(ups, outcome, 0.0, samples=samples))

    assert batteries.at("xa", now) is None
    report(5.0)
    report(None, Outcome.FAILURE)
    batteries.forget(ups)
    found = batteries.at("xa", now)
    assert found is not None
    assert found.target == "xa/ups"
    assert batteries.at("other", now) is None
    assert batteries.at("xa", time.time() + MAX_AGE + 1) is None
    report(3.0)
    assert batteries.at("xa", now) is None
    report(5.0)
    batteries.watch([("xa", "router")])
    assert batteries.at("xa", now) is None

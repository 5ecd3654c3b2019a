"""How costs grow with the sites: what Python is asked to do is counted, and nothing is timed."""

from __future__ import annotations

import subprocess
import sys
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from netwatch.core.check import Check
from netwatch.core.result import Outcome
from netwatch.core.state import State
from netwatch.export.described import described
from netwatch.export.row_family import target_labels
from netwatch.incidents.sources.changes import Changes
from netwatch.inventory.former_ids import former_ids
from netwatch.inventory.links import all_links
from netwatch.inventory.model import Inventory
from netwatch.probes.snmp import SnmpParams, SnmpProbe
from netwatch.probes.snmp.device import Device
from netwatch.state.forgetting import MAX_FORGOTTEN
from netwatch.state.graph import Graph
from netwatch.state.table import StateTable
from tests.harness.builders import (
    make_check,
    make_checks,
    make_configuration,
    make_inventory,
    make_parts,
    make_result,
    make_states,
)
from tests.harness.country import country, country_of
from tests.harness.exponent import MAX_EXPONENT, exponent

FEW, MANY = 50, 200
"""Sites."""

CHECKS = "{probe: icmp, interval: 5s, timeout: 1s}"


def calls(work: Callable[[], object]) -> int:
    """How many functions are called by some work."""
    count = 0

    def note(_frame: FrameType, event: str, _of: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def grows_linearly(cost: Callable[[int], int]) -> None:
    few, many = cost(FEW), cost(MANY)
    assert many / few <= (MANY / FEW) ** MAX_EXPONENT, f"{few} calls, then {many}"


@pytest.mark.slow
def test_a_reload_grows_with_the_sites() -> None:
    def reloaded(sites: int) -> int:
        inventory, other = country_of(sites), country_of(sites)
        parts = make_parts(make_configuration(inventory, make_checks(inventory)))
        configuration = make_configuration(other, make_checks(other), Graph(other, "s0"))
        return calls(lambda: parts.replace(configuration))

    grows_linearly(reloaded)


@pytest.mark.slow
def test_a_cut_and_its_end_grow_with_the_sites_behind_it() -> None:
    def cut(sites: int) -> int:
        states, checks = known(country_of(sites))
        behind = {check.site for check in checks if check.address.startswith("127.128.")}
        return calls(lambda: rounds(states, checks, behind)) + calls(
            lambda: rounds(states, checks, set(), begin=60.0)
        )

    grows_linearly(cut)


def known(inventory: Inventory) -> tuple[StateTable, list[Check]]:
    """States of which all are up."""
    checks = make_checks(inventory)
    states = make_states(inventory, checks, 0.0, Graph(inventory, "s0"))
    rounds(states, checks, set(), begin=0.0)
    assert {site.state for site in states.sites.values()} == {State.UP}
    return states, checks


def rounds(states: StateTable, checks: list[Check], silent: set[str], begin: float = 30.0) -> None:
    """Six rounds in which these sites are silent."""
    for number in range(6):
        for check in checks:
            outcome = Outcome.FAILURE if check.site in silent else Outcome.SUCCESS
            states.report(make_result(check, outcome, begin + 5 * number))
        states.tick(begin + 5 * number + 4)


@pytest.mark.slow
def test_a_blind_collector_forgets_some_targets_at_a_time() -> None:
    changes = Changes()
    inventory = country_of(FEW * 6)
    checks = make_checks(inventory)
    states = make_states(inventory, checks, 0.0, Graph(inventory, "s0"), listener=changes)
    rounds(states, checks, set(), begin=0.0)
    canary = next(check for check in checks if (check.site, check.target) == ("s0", "router"))
    most = before = 0
    now = 30.0
    while not states.vantage.blind:
        before = unknown(states)
        states.report(make_result(canary, Outcome.FAILURE, now))
    most = unknown(states) - before
    for _ in range(len(checks) // MAX_FORGOTTEN + 1):
        before = unknown(states)
        states.tick(now + 0.1)
        most = max(most, unknown(states) - before)
    assert unknown(states) == len(states.targets) > MAX_FORGOTTEN
    assert most <= MAX_FORGOTTEN


@pytest.mark.slow
def test_what_was_not_forgotten_yet_stays_when_the_collector_sees_again() -> None:
    states, checks = known(country_of(FEW * 6))
    canary = next(check for check in checks if (check.site, check.target) == ("s0", "router"))
    while not states.vantage.blind:
        states.report(make_result(canary, Outcome.FAILURE, 30.0))
    forgotten = unknown(states)
    states.report(make_result(canary, Outcome.SUCCESS, 30.5))
    states.tick(30.5)
    states.tick(31.0)
    assert unknown(states) <= forgotten


def unknown(states: StateTable) -> int:
    return sum(target.state is State.UNKNOWN for target in states.targets.values())


class Looked(OrderedDict[str, Device]):
    """Counts whose last poll is looked at."""

    looked_at = 0

    def __getitem__(self, check_id: str) -> Device:
        self.looked_at += 1
        return super().__getitem__(check_id)

    def items(self) -> Any:
        self.looked_at += len(self)
        return super().items()


def test_a_new_device_is_not_compared_with_all_that_are_known() -> None:
    probe = SnmpProbe(lambda _report: None)
    probe._devices = counted = Looked()
    for number in range(MANY):
        check = make_check("snmp", site=f"s{number}", params=SnmpParams())
        probe._device(check, check.params)
    assert len(counted) == MANY
    assert counted.looked_at <= MANY


def test_what_follows_from_an_inventory_is_made_once_and_anew_for_a_copy() -> None:
    inventory = make_inventory()
    for make in (all_links, described, former_ids, target_labels):
        assert make(inventory) is make(inventory)
    line = {"a": {"target": "hd-dc/core"}, "b": {"target": "nam-sach/router"}}
    more = make_inventory(links={"x": line | {"carrier": "VNPT", "capacity": "1G"}}).links
    assert set(all_links(inventory.model_copy(update={"links": more}))) == {"x"}


READING = """
import gc, sys
from netwatch.configuration import read_configuration
from netwatch.settings import load_settings
read_configuration(load_settings())
gc.collect()
gc.disable()
read_configuration(load_settings())
print(gc.collect())
"""


@pytest.mark.slow
def test_reading_leaves_nothing_that_only_a_full_collection_would_free(tmp_path: Path) -> None:
    """For at a reload none is made, of which the garbage would stay for good."""
    (tmp_path / "country.yaml").write_text(country(FEW, CHECKS), encoding="utf-8")
    environment = {"NETWATCH_INVENTORY": str(tmp_path), "PATH": ""}
    answer = subprocess.run(
        [sys.executable, "-c", READING], env=environment, capture_output=True, text=True, check=True
    )
    assert int(answer.stdout) < FEW


def test_an_exponent_is_that_of_the_power() -> None:
    assert exponent({3_000: 1.0, 30_000: 100.0}) == pytest.approx(2.0)
    assert exponent({300: 1.0, 3_000: 3.0, 30_000: 30.0}) == pytest.approx(1.0)
    assert exponent({300: 1.0, 3_000: 3.0}) is None

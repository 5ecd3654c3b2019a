"""CPU to judge a country: a core line is cut, and 6000 of 12 000 sites fall silent."""

from __future__ import annotations

import random
import time
from typing import Any, NamedTuple

from netwatch.core.check import Check
from netwatch.core.result import Outcome
from netwatch.core.state import State
from netwatch.inventory.model import Inventory
from netwatch.state.graph import Graph
from netwatch.state.table import StateTable
from tests.bench.table import row
from tests.harness.builders import make_checks, make_inventory, make_result, make_states

SITES = 12_000
REGIONS = 2
DISTRICTS = 300

LINE = {"carrier": "VNPT", "capacity": "20M"}


def country() -> Any:
    """Two regions, 300 districts, and communes below them, each with a router and a codec."""
    sites: dict[str, Any] = {}
    for number in range(SITES):
        host = f"127.{1 + number // 62_500}.{number // 250 % 250}"
        last = number % 250
        targets = {
            "router": {"address": f"{host}.{last}", "role": "router"},
            "codec": {
                "address": f"127.{100 + number // 62_500}.{number // 250 % 250}.{last}",
                "role": "codec",
            },
        }
        sites[f"s{number}"] = {"tier": "commune", "name_vi": "Xã", "targets": targets}
        if number:
            sites[f"s{number}"] |= {"parent": f"s{parent(number)}", "uplink": LINE}
    return make_inventory(sites=sites, objectives={}, canaries=["s0/router"])


def parent(number: int) -> int:
    if number <= REGIONS:
        return 0
    if number <= REGIONS + DISTRICTS:
        return 1 + number % REGIONS
    return REGIONS + 1 + number % DISTRICTS


def is_behind(number: int, top: int) -> bool:
    while number > top:
        number = parent(number)
    return number == top


class Cut(NamedTuple):
    """A country after the core line to the first region was cut.

    Attributes:
        silent: the sites behind it.
        built: seconds of CPU to build the graph.
        cost: seconds of CPU that the cut took beyond three ordinary rounds.
    """

    inventory: Inventory
    states: StateTable
    silent: set[str]
    built: float
    cost: float


def core_cut() -> Cut:
    """Three rounds in which all becomes known, three calm ones, and three after the cut."""
    inventory = country()
    checks = make_checks(inventory)
    began = time.process_time()
    asked: list[Check] = []
    graph = Graph(inventory, "s0")
    built = time.process_time() - began
    states = make_states(inventory, checks, 0.0, graph, measure_now=asked.append)
    cut = {f"s{number}" for number in range(SITES) if is_behind(number, 1)}
    now = 0.0
    costs = {"new": 0.0, "calm": 0.0, "cut": 0.0}
    chance = random.Random(1)  # noqa: S311
    for phase in costs:
        is_cut = phase == "cut"
        for _ in range(3):
            chance.shuffle(checks)
            results = []
            for position, check in enumerate(checks):
                good = not (is_cut and check.site in cut)
                due = now + 5.0 * position / len(checks)
                outcome = Outcome.SUCCESS if good else Outcome.FAILURE
                took = 0.01 if good else 1.0
                results.append(make_result(check, outcome, due, finished=due + took))
            began = time.process_time()
            for position, result in enumerate(results):
                states.report(result)
                while asked:
                    check = asked.pop()
                    good = not (is_cut and check.site in cut)
                    outcome = Outcome.SUCCESS if good else Outcome.FAILURE
                    at = result.finished + 0.001
                    states.report(make_result(check, outcome, at))
                if position % 2400 == 0:
                    states.tick(result.finished)
            states.tick(now + 6.5)
            costs[phase] += time.process_time() - began
            now += 5.0
    for _ in range(8):
        now += 0.5
        states.tick(now + 6.5)
    return Cut(inventory, states, cut, built, costs["cut"] - costs["calm"])


def measure() -> list[tuple[str, str, str]]:
    """Rows of the table."""
    _, states, silent, built, cost = core_cut()
    found = [states.sites[site].state for site in silent]
    unreachable = found.count(State.UNREACHABLE)
    assert found.count(State.DOWN) == 1, found.count(State.DOWN)
    assert unreachable == len(silent) - 1
    return [
        ("Graph of 12 000 sites, 24 000 targets: CPU to build it", f"{built:.2f} s", ""),
        (
            "Core line cut: CPU beyond three rounds without a cut",
            f"{cost:.2f} s",
            f"{unreachable} sites unreachable, 1 down",
        ),
    ]


if __name__ == "__main__":
    for line in measure():
        row(*line)

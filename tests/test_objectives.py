"""How much of what must be exchanged is, for the province and for each area."""

from __future__ import annotations

from typing import Any

import pytest

from netwatch.core.check import Check
from netwatch.core.result import Outcome
from netwatch.flows.table import FlowTable
from netwatch.inventory.model import Inventory
from netwatch.objectives import counted_flows, reached
from tests.harness.builders import make_check, make_inventory, make_result, make_states

TARGETS = {
    "to-district": "nam-sach/router",
    "to-codec": "nam-sach/codec",
    "to-commune": "an-lam/router",
    "to-centre": "hd-dc/core",
}


def flow(to: str, expect: str = "pass", **more: str) -> dict[str, Any]:
    check = {"probe": "tcp", "interval": "15s", "timeout": "3s", "port": "443"}
    known = {"name_vi": "Luồng", "from": "state-dc", "to": to, "check": check, "expect": expect}
    return known | more


@pytest.fixture
def inventory() -> Inventory:
    return make_inventory(
        flows={
            **{flow_id: flow(to) for flow_id, to in TARGETS.items()},
            "to-district": flow("nam-sach/router", back="from-party"),
            "from-party": flow("hd-dc/core") | {"from": "party"},
            "forbidden": flow("nam-sach/router", "blocked"),
        },
        vantages={"state-dc": {"site": "hd-dc", "name_vi": "Tỉnh"}},
        objectives={
            "exchange": {
                "name_vi": "Liên thông",
                "name": "Exchange",
                "kind": "exchange",
                "tiers": ["district"],
                "goal": "100%",
            }
        },
    )


def checks(inventory: Inventory) -> list[Check]:
    return [
        make_check("tcp:443", site, target=target, flow=flow_id)
        for flow_id, each in inventory.flows.items()
        for site, _, target in [each.to.partition("/")]
    ]


def flows_after(inventory: Inventory, **outcomes: Outcome) -> FlowTable:
    flows = FlowTable(inventory, checks(inventory), lambda _: None)
    for flow_id, outcome in outcomes.items():
        status = flows.flows[flow_id.replace("_", "-")]
        for at in range(3):
            flows.report(make_result(status.check, outcome, float(at)), vantage_ok=True)
    return flows


def figure(inventory: Inventory, flows: FlowTable) -> float | None:
    return reached(inventory.objectives["exchange"], inventory, make_states(inventory), flows)


def test_nothing_is_claimed_before_it_is_measured(inventory: Inventory) -> None:
    assert figure(inventory, flows_after(inventory)) is None


def test_only_flows_that_must_pass_and_are_known_count(inventory: Inventory) -> None:
    flows = flows_after(
        inventory,
        to_district=Outcome.SUCCESS,
        to_centre=Outcome.FAILURE,
        to_codec=Outcome.INVALID,
        forbidden=Outcome.SUCCESS,
    )
    assert figure(inventory, flows) == 0.5


def test_flows_count_with_their_way_back_and_their_area(inventory: Inventory) -> None:
    assert [*counted_flows(inventory.objectives["exchange"], inventory)] == [
        ("to-district", "from-party", "nam-sach"),
        ("to-codec", "to-codec", "nam-sach"),
        ("to-commune", "to-commune", "nam-sach"),
        ("to-centre", "to-centre", ""),
    ]


def test_an_objective_of_sites_counts_no_flows(inventory: Inventory) -> None:
    objective = inventory.objectives["exchange"].model_copy(update={"kind": "sites"})
    assert [*counted_flows(objective, inventory)] == []

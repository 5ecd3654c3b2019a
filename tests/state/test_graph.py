"""Paths of targets, as the inventory gives them without saying so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from netwatch import probes
from netwatch.inventory.load import load_inventory
from netwatch.inventory.model import Inventory
from netwatch.state.attachment import VANTAGE, Key
from netwatch.state.graph import Graph, Way
from tests.harness.builders import make_inventory

LINE = {"carrier": "VNPT", "capacity": "20M"}
CENTRE_1, CENTRE_2 = ("data-centre", "router-1"), ("data-centre", "router-2")


@pytest.fixture(scope="module")
def example() -> Inventory:
    schemas = {name: kind.params for name, kind in probes.kinds().items()}
    return load_inventory(Path("config/inventory"), schemas)


def sites(links: dict[str, Any] | None = None, **sites: dict[str, Any]) -> Inventory:
    """Sites and lines; the name of a target is its role, and leads to what it depends on."""
    made: dict[str, Any] = {}
    for number, (site_id, site) in enumerate(sites.items()):
        targets = {
            name: {
                "address": f"127.1.{number}.{last}",
                "role": name.split("-")[0],
                "depends_on": on,
            }
            for last, (name, on) in enumerate(site.pop("targets").items())
        }
        made[site_id] = {"tier": "commune", "name_vi": "Xã", "targets": targets, **site}
    return make_inventory(sites=made, links=links or {}, objectives={})


def test_the_site_of_the_vantage_is_reached_straight(example: Inventory) -> None:
    graph = Graph(example, "data-centre")
    assert {graph.ways["data-centre", id_] for id_ in example.sites["data-centre"].targets} == {
        (Way(VANTAGE),)
    }


def test_a_commune_is_behind_its_router_and_its_district(example: Inventory) -> None:
    graph = Graph(example, "data-centre")
    district, commune = ("thanh-ha", "router"), ("thanh-ha-hong-lac", "router")
    assert graph.ways["thanh-ha-hong-lac", "codec"] == (Way(commune),)
    assert graph.ways[commune] == (Way(district, "thanh-ha-hong-lac-uplink"),)
    assert graph.ways[district] == (Way(CENTRE_1, "thanh-ha-uplink"),)


def test_two_lines_are_two_ways(example: Inventory) -> None:
    graph = Graph(example, "data-centre")
    assert set(graph.ways["chi-linh", "router"]) == {
        Way(CENTRE_1, "chi-linh-uplink"),
        Way(CENTRE_2, "chi-linh-second"),
    }


def test_seen_from_the_party_the_data_centre_is_behind_the_interconnection(
    example: Inventory,
) -> None:
    graph = Graph(example, "tinh-uy")
    assert graph.ways["data-centre", "mcu"] == (Way(CENTRE_1), Way(CENTRE_2))
    assert Way(("tinh-uy", "router"), "tinh-uy-uplink") in graph.ways[CENTRE_1]
    # What the Party's router depends on, seen from the other side, stands behind it.
    assert graph.needed["tinh-uy", "router"] == ()
    assert Graph(example, "data-centre").needed["tinh-uy", "router"] == (
        (("data-centre", "firewall"),),
    )


def test_a_firewall_before_the_router_ends_the_line() -> None:
    graph = Graph(
        sites(
            top={"targets": {"router": []}},
            low={
                "targets": {"router": ["core"], "core": [], "codec": []},
                "parent": "top",
                "uplink": LINE,
            },
        ),
        "top",
    )
    over_the_line = (Way(("top", "router"), "low-uplink"),)
    assert graph.ways["low", "core"] == over_the_line
    assert graph.ways["low", "router"] == over_the_line
    assert graph.needed["low", "router"] == ((("low", "core"),),)
    assert graph.ways["low", "codec"] == (Way(("low", "router")),)


def test_a_site_without_a_router_is_behind_the_nearest_one_above() -> None:
    graph = Graph(
        sites(
            top={"targets": {"router": []}},
            middle={"targets": {"codec": []}, "parent": "top"},
            low={"targets": {"router": [], "codec": []}, "parent": "middle"},
        ),
        "top",
    )
    top: Key = ("top", "router")
    assert graph.ways["middle", "codec"] == (Way(top),)
    assert graph.ways["low", "router"] == (Way(top),)
    assert graph.above(("low", "codec")) == [("low", "router"), top]


def test_a_ring_has_a_way_round_and_a_branch_has_none() -> None:
    inventory = sites(
        top={"targets": {"router": []}},
        a={"targets": {"router": []}, "parent": "top", "uplink": LINE},
        b={"targets": {"router": []}, "parent": "top", "uplink": LINE},
        branch={"targets": {"router": []}, "parent": "a", "uplink": LINE},
        links={"ring": {"a": {"target": "a/router"}, "b": {"target": "b/router"}, **LINE}},
    )
    graph = Graph(inventory, "top")
    a, b, branch = ("a", "router"), ("b", "router"), ("branch", "router")
    assert Way(b, "ring") in graph.ways[a]
    assert Way(a, "ring") in graph.ways[b]
    assert branch not in {way.via for way in graph.ways[a]}


def test_what_nothing_leads_to_is_reached_straight() -> None:
    graph = Graph(sites(top={"targets": {"router": []}}, island={"targets": {"router": []}}), "top")
    assert graph.ways["island", "router"] == (Way(VANTAGE),)


def test_a_parent_is_no_way_where_lines_lead_to_it() -> None:
    ring = {
        "one": {"a": {"target": "top/router"}, "b": {"target": "a/router"}, **LINE},
        "two": {"a": {"target": "a/router"}, "b": {"target": "b/router"}, **LINE},
    }
    graph = Graph(
        sites(
            links=ring,
            top={"targets": {"router": []}},
            a={"targets": {"router": []}, "parent": "top"},
            b={"targets": {"router": []}, "parent": "top"},
            c={"targets": {"router": []}, "parent": "b"},
        ),
        "top",
    )
    assert graph.ways["b", "router"] == (Way(("a", "router"), "two"),)
    assert graph.ways["c", "router"] == (Way(("b", "router")),)
    assert graph.assumed == ("c",)


def test_of_two_routers_either_is_enough() -> None:
    graph = Graph(
        sites(
            top={"targets": {"router": []}},
            low={
                "targets": {
                    "core-1": [],
                    "core-2": [],
                    "switch": [],
                    "firewall": ["core-1", "core-2", "switch"],
                },
                "parent": "top",
            },
        ),
        "top",
    )
    cores = (("low", "core-1"), ("low", "core-2"))
    assert graph.needed["low", "firewall"] == (cores, (("low", "switch"),))

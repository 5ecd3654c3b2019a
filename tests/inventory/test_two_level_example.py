"""The example of two levels: a province and its communes, with nothing between them."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from netwatch.commands.demo import EXAMPLES
from netwatch.inventory.branches import branch_of
from netwatch.inventory.former_ids import former_ids
from netwatch.inventory.load import load_inventory
from netwatch.inventory.model import Inventory
from netwatch.inventory.service import in_service, planned_sites
from netwatch.lab.script import load_script
from netwatch.lab.world import build_world
from netwatch.probes import schemas
from netwatch.report.facts import facts_of
from netwatch.state.graph import Graph

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def city() -> Inventory:
    folder = EXAMPLES["two-level"].inventory
    assert folder is not None
    return load_inventory(ROOT / folder, schemas())


def test_every_commune_hangs_on_the_data_centre_by_a_line(city: Inventory) -> None:
    assert Counter(site.tier for site in city.sites.values()) == {
        "data-centre": 1,
        "department": 8,
        "commune": 50,
        "party-office": 1,
    }
    for site_id, site in city.sites.items():
        assert site.parent == (None if site_id == "data-centre" else "data-centre")
        assert (site.uplink is None) is (site_id == "data-centre")
    assert Graph(city, "data-centre").assumed == ()


def test_the_only_branch_is_the_whole_and_a_commune_is_its_own(city: Inventory) -> None:
    assert branch_of(city, "data-centre") == set(city.sites)
    assert branch_of(city, "thai-tan") == {"thai-tan"}
    areas = {each.area for each in facts_of(city, "state-dc").sites.values()}
    assert areas == {"data-centre"}


def test_it_shows_ids_of_before_and_a_planned_site(city: Inventory) -> None:
    assert former_ids(city).site("nam-sach-minh-tan") == "thai-tan"
    today = date(2026, 12, 1)
    assert list(planned_sites(city, today).sites) == ["bach-long-vi"]
    assert len(in_service(city, today).sites) == 59


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_goes_wrong_in_a_demo_can(name: str) -> None:
    example = EXAMPLES[name]
    folder = example.inventory or Path("config/inventory")
    world = build_world(load_inventory(ROOT / folder, schemas()), "state-dc")
    assert load_script(ROOT / example.faults, world).faults

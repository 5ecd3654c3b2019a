"""What is known of the province without measuring."""

from __future__ import annotations

from netwatch.export.exporter import Watched
from netwatch.export.inventory import InventoryMetrics
from netwatch.metrics import Registry, render
from tests.harness.builders import make_inventory

STRONG = {"version": "3", "user": "noc", "auth_key": "auth", "priv_key": "priv"}
WEAK = {"version": "3", "user": "noc", "auth_key": "auth", "legacy": "true"}
WEAK |= {"auth_protocol": "md5", "priv_protocol": "none"}
CLASS = {
    "match": {"roles": ["router", "codec", "core"]},
    "checks": [{"probe": "snmp", "interval": "60s", "timeout": "5s"}],
}


async def weak(credential: dict[str, str]) -> str:
    registry = Registry()
    inventory = make_inventory(
        classes={"any": CLASS | {"snmp": "lan"}}, credentials={"lan": credential}
    )
    InventoryMetrics(registry, "state-dc").watch(Watched.of(inventory))
    lines = (await render(registry)).decode().splitlines()
    (line,) = (line for line in lines if line.startswith("netwatch_snmp_weak_targets "))
    return line.split()[1]


async def test_targets_with_weak_protocols_are_counted() -> None:
    assert await weak(STRONG) == "0.0"
    assert await weak(WEAK) == "4.0"


async def test_the_other_vantages_are_told() -> None:
    registry = Registry()
    vantages = {
        "state-dc": {"site": "hd-dc", "name_vi": "Trung tâm"},
        "party-office": {"site": "hd-dc", "name_vi": "Tỉnh ủy"},
        # It reports nothing itself, so nobody may wait for it.
        "border": {
            "site": "nam-sach",
            "name_vi": "Biên",
            "router": "router",
            "asked_by": "state-dc",
        },
    }
    inventory = make_inventory(vantages=vantages)
    InventoryMetrics(registry, "state-dc").watch(Watched.of(inventory))
    page = (await render(registry)).decode()
    told = [line for line in page.splitlines() if line.startswith("netwatch_vantage_info{")]
    assert told == ['netwatch_vantage_info{name_vi="Tỉnh ủy",vantage="party-office"} 1.0']


async def test_a_level_shows_the_availability_that_is_promised_if_any_is() -> None:
    registry = Registry()
    tiers = {
        "province": {"name_vi": "Tỉnh", "name": "Province", "rank": "0", "availability": "99.5%"},
        "district": {"name_vi": "Huyện", "name": "District", "rank": "1"},
        "commune": {"name_vi": "Xã", "name": "Commune", "rank": "2", "availability": "99%"},
    }
    inventory = make_inventory(tiers=tiers)
    InventoryMetrics(registry, "state-dc").watch(Watched.of(inventory))
    lines = (await render(registry)).decode().splitlines()
    name = "netwatch_tier_availability_goal_ratio"
    assert [line for line in lines if line.startswith(name)] == [
        f'{name}{{tier="province"}} 0.995',
        f'{name}{{tier="commune"}} 0.99',
    ]


async def test_the_offset_of_the_provinces_zone_is_told() -> None:
    registry = Registry()
    metrics = InventoryMetrics(registry, "state-dc")
    metrics.watch(Watched.of(make_inventory()))
    list(metrics.refresh())
    page = (await render(registry)).decode()
    assert "\nnetwatch_timezone_offset_seconds 25200.0\n" in page

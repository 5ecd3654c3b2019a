"""What is known of the province without measuring."""

from __future__ import annotations

from netwatch.export.inventory import InventoryMetrics
from netwatch.metrics import Registry, render
from tests.builders import make_inventory

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
    InventoryMetrics(registry).describe(inventory)
    lines = (await render(registry)).decode().splitlines()
    (line,) = (line for line in lines if line.startswith("netwatch_snmp_weak_targets "))
    return line.split()[1]


async def test_targets_with_weak_protocols_are_counted() -> None:
    assert await weak(STRONG) == "0.0"
    assert await weak(WEAK) == "4.0"

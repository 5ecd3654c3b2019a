"""docs/metrics.md is whole and true."""

from __future__ import annotations

from netwatch.snmp import catalogue
from tests.harness.builders import make_configuration, make_inventory, make_parts
from tests.harness.metrics_documentation import documented, shown


async def test_every_series_is_told_and_no_other() -> None:
    inventory = make_inventory()
    parts = make_parts(make_configuration(inventory))
    page = b"".join([block async for block in parts.pages.metrics()]).decode()
    types = {name: metric.type for name, metric in shown(page).items()}
    told = {name: metric.type for name, metric in documented().items()}
    assert catalogue().keys() < types.keys()
    assert told == {name: kind for name, kind in types.items() if name not in catalogue()}

"""docs/metrics.md is whole and true."""

from __future__ import annotations

from netwatch.collector import Collector
from netwatch.snmp import catalogue
from tests.harness.builders import make_configuration, make_inventory
from tests.harness.metrics_documentation import documented, shown


async def test_every_series_is_told_and_no_other() -> None:
    inventory = make_inventory()
    collector = Collector(make_configuration(inventory), "state-dc")
    page = b"".join([block async for block in collector.metrics()]).decode()
    types = {name: metric.type for name, metric in shown(page).items()}
    told = {name: metric.type for name, metric in documented().items()}
    assert catalogue().keys() < types.keys()
    assert told == {name: kind for name, kind in types.items() if name not in catalogue()}

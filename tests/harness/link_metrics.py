"""The metrics of one line, as polls of the router at one of its ends change them."""

from __future__ import annotations

from netwatch.core.check import Check
from netwatch.core.result import Outcome, Readings, SeriesKey
from netwatch.export.exporter import Watched
from netwatch.export.links import LinkMetrics
from netwatch.export.restarts import RestartMetrics
from netwatch.metrics import Registry, render
from tests.harness.builders import make_check, make_inventory, make_result

POLL = 60.0
SPEED = 100e6
CHECK = make_check("snmp", interval=POLL)
INVENTORY = make_inventory(
    links={
        "wan-1": {
            "a": {"target": "nam-sach/router", "interface": "Gi0/1"},
            "b": {"target": "hd-dc/core"},
            "carrier": "VNPT",
            "capacity": "20M",
        }
    }
)


WATCHED = Watched.of(INVENTORY, [CHECK])


class World:
    """Metrics that take polls of one router, a minute apart."""

    def __init__(self) -> None:
        self.registry = Registry()
        self.restarts = RestartMetrics(self.registry)
        self.links = LinkMetrics(self.registry, self.restarts)
        self.restarts.watch(WATCHED)
        self.links.watch(WATCHED)
        self.now = 0.0

    def poll(self, *series: tuple[SeriesKey, float], check: Check = CHECK) -> None:
        self.now += POLL
        readings = Readings(tuple(key for key, _ in series), [value for _, value in series])
        result = make_result(check, Outcome.SUCCESS, self.now, samples=readings)
        self.restarts.report(result)
        self.links.report(result)

    async def shown(self) -> dict[str, float]:
        lines = (await render(self.registry)).decode().splitlines()
        found = (line.rpartition(" ") for line in lines if not line.startswith("#"))
        return {_short(name): float(value) for name, _, value in found}


def _short(name: str) -> str:
    """``octets in`` from ``netwatch_link_octets_total{direction="in",...}``."""
    family, _, labels = name.partition("{")
    direction = labels.partition('direction="')[2].partition('"')[0]
    short = family.removeprefix("netwatch_").removesuffix("_total").removeprefix("link_")
    return f"{short} {direction}".strip()

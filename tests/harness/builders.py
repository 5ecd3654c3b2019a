"""Small values that many tests start from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from netwatch.configuration import Configuration
from netwatch.core.check import Check
from netwatch.core.measure_now import MeasureNow
from netwatch.core.params import ProbeParams
from netwatch.core.result import Outcome, Reason, Result
from netwatch.core.streams import Streams
from netwatch.inventory.model import Inventory
from netwatch.meetings.calendars.sources import CalendarSources
from netwatch.metrics.own import OwnMetrics
from netwatch.probes.icmp import IcmpParams
from netwatch.probes.snmp import SnmpParams
from netwatch.probes.stamp import StampParams
from netwatch.state.graph import Graph
from netwatch.state.table import StateListener, StateTable
from netwatch.state_dir import StateDirectory
from netwatch.wiring import Parts

PARAMS: dict[str, ProbeParams] = {
    "icmp": IcmpParams(),
    "snmp": SnmpParams(),
    "stamp": StampParams(),
}
"""Of the kinds whose traits other rooms ask about."""


def make_check(probe: str = "icmp", site: str = "nam-sach", **changes: Any) -> Check[Any]:
    kind = probe.partition(":")[0]
    values: dict[str, Any] = {
        "site": site,
        "target": "router",
        "kind": kind,
        "probe": probe,
        "address": "127.0.0.1",
        "interval": 5.0,
        "timeout": 1.0,
        "params": PARAMS.get(kind, ProbeParams()),
    }
    return Check(**(values | changes))


def make_result(check: Check, outcome: Outcome, at: float = 0.0, **changes: Any) -> Result:
    good = outcome is Outcome.SUCCESS
    values: dict[str, Any] = {
        "check": check,
        "due": at,
        "finished": at,
        "outcome": outcome,
        "reason": Reason.OK if good else Reason.TIMEOUT,
        "duration": 0.001 if good else None,
    }
    return Result(**(values | changes))


ONE_ROUTER = """
province: {{name_vi: Thử, name: Test}}
ranges: [127.0.0.0/8]
tiers: {{commune: {{name_vi: Xã, name: Commune, rank: 0}}}}
networks: {{state: {{name_vi: Mạng Nhà nước, name: State network}}}}
vantages: {{state-dc: {{site: xa, name_vi: Đây}}}}
credentials: {{lan: {{version: 2c, community: lan}}}}
classes:
  router:
    match: {{roles: [router]}}
    checks: [{checks}]
    snmp: lan
sites:
  xa: {{tier: commune, name_vi: Xã, targets: {{router: 127.0.0.1}}}}
"""
"""A file of an inventory, to be formatted with the checks of its one router."""


def make_inventory(**changes: Any) -> Inventory:
    """A data centre with a canary, a district with two targets, a commune with one."""
    site = {"tier": "district", "parent": "hd-dc"}
    values: dict[str, Any] = {
        "province": {"name_vi": "Hải Dương", "name": "Hai Duong"},
        "ranges": ["127.0.0.0/8"],
        "tiers": {
            "province": {"name_vi": "Tỉnh", "name": "Province", "rank": "0"},
            "district": {"name_vi": "Huyện", "name": "District", "rank": "1"},
            "commune": {"name_vi": "Xã", "name": "Commune", "rank": "2"},
        },
        "networks": {"state": {"name_vi": "Mạng Nhà nước", "name": "State network"}},
        "classes": {
            "any": {
                "match": {"roles": ["router", "codec", "core"]},
                "checks": [{"probe": "icmp", "interval": "5s", "timeout": "1s"}],
                "down_after": "3",
            }
        },
        "sites": {
            "hd-dc": {
                "tier": "province",
                "name_vi": "Trung tâm dữ liệu",
                "targets": {"core": {"address": "127.1.0.1", "role": "core"}},
            },
            "nam-sach": {
                **site,
                "name_vi": "Huyện Nam Sách",
                "targets": {
                    "router": {"address": "127.1.1.1", "role": "router"},
                    "codec": {"address": "127.1.1.20", "role": "codec"},
                },
            },
            "an-lam": {
                "tier": "commune",
                "parent": "nam-sach",
                "name_vi": "Xã An Lâm",
                "targets": {"router": {"address": "127.1.2.1", "role": "router"}},
            },
        },
        "objectives": {
            "wan": {
                "name_vi": "Kết nối WAN",
                "name": "WAN",
                "tiers": ["district", "commune"],
                "goal": "100%",
            }
        },
    }
    return Inventory.model_validate(values | changes)


def make_checks(inventory: Inventory) -> list[Check]:
    """One echo check for each target."""
    return [
        make_check(site=site_id, target=target_id, address=target.address)
        for site_id, _, target_id, target in inventory.targets()
    ]


def make_flow_inventory(expect: str, **more: Any) -> Inventory:
    """An inventory with the flow ``f`` from the vantage to a router."""
    flow = {
        "name_vi": "Trục liên thông",
        "from": "state-dc",
        "to": "nam-sach/router",
        "check": {"probe": "tcp", "interval": "15s", "timeout": "3s", "port": "443"},
        "expect": expect,
        **more,
    }
    vantages = {"state-dc": {"site": "hd-dc", "name_vi": "Tỉnh"}}
    return make_inventory(flows={"f": flow}, vantages=vantages)


def make_configuration(
    inventory: Inventory, checks: Iterable[Check] = (), graph: Graph | None = None
) -> Configuration:
    """What a daemon would work by."""
    return Configuration(
        inventory,
        tuple(checks),
        graph or Graph(inventory),
        CalendarSources(inventory, {}, None),
        inventory,
        inventory.model_copy(update={"sites": {}}),
    )


def ignored(check: Check) -> None:
    """Measures nothing: for tests in which no answer to a question of the states is awaited."""


def make_states(  # noqa: PLR0913 (as the table's own)
    inventory: Inventory,
    checks: Iterable[Check] = (),
    now: float = 0.0,
    graph: Graph | None = None,
    streams: Streams | None = None,
    *,
    measure_now: MeasureNow = ignored,
    listener: StateListener | None = None,
) -> StateTable:
    """States to which nothing was reported yet."""
    return StateTable(
        inventory, checks, now, graph, streams, measure_now=measure_now, listener=listener
    )


def make_parts(configuration: Configuration, measure_now: MeasureNow = ignored) -> Parts:
    """What a daemon without a state directory is made of between probes and pages."""
    own = OwnMetrics("test")
    return Parts(configuration, "state-dc", Streams(), own, measure_now, StateDirectory())

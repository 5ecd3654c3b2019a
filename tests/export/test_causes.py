"""One series for each root cause, with what an alert needs to say."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

from netwatch.core.result import Outcome, Sample
from netwatch.core.state import State
from netwatch.export.causes import CauseMetrics
from netwatch.export.exporter import Exporters, Watched
from netwatch.inventory.model import Inventory
from netwatch.metrics import Registry, render
from netwatch.state.graph import Graph
from tests.harness.builders import make_check, make_checks, make_inventory, make_result, make_states
from tests.harness.failing_network import Network, Watch, slots
from tests.harness.state_series import state_exporters

LINE = {"carrier": "VNPT", "contract": "HD-1", "capacity": "20M"}
CUT = 'cause="link:nam-sach-uplink"'


def province(**links: Any) -> Inventory:
    """A centre with two routers, a district with two lines, and a commune behind it."""
    router = {"role": "router"}
    return make_inventory(
        sites={
            "hd-dc": {
                "tier": "province",
                "name_vi": "Trung tâm",
                "targets": {
                    "router-1": {"address": "127.1.0.1", **router},
                    "router-2": {"address": "127.1.0.2", **router},
                },
            },
            "nam-sach": {
                "tier": "district",
                "parent": "hd-dc",
                "name_vi": "Huyện Nam Sách",
                "targets": {"router": {"address": "127.1.1.1", **router}},
                "uplink": {**LINE, "interface": "Gi0/0"},
            },
            "an-lam": {
                "tier": "commune",
                "parent": "nam-sach",
                "name_vi": "Xã An Lâm",
                "targets": {"router": {"address": "127.1.2.1", **router}},
                "uplink": {"carrier": "Viettel", "capacity": "20M"},
            },
        },
        links=links,
        objectives={},
    )


class Shown:
    """States, and what the page says of it."""

    def __init__(self, inventory: Inventory) -> None:
        self.now = 0.0
        self.checks = make_checks(inventory)
        self.poll = make_check("snmp", site="nam-sach", address="127.1.1.1", interval=60.0)
        checks = [*self.checks, self.poll]
        self.states = make_states(inventory, checks, 0.0, Graph(inventory, "hd-dc"))
        self._registry = Registry()
        self.evidence: dict[tuple[str, str], dict[str, object]] = {}
        self._exporters = state_exporters(self._registry, self.states, self.evidence)
        self._exporters.watch(Watched.of(inventory))

    def rounds(self, count: int, *failing: str) -> None:
        for _ in range(count):
            self.now += 5.0
            for check in self.checks:
                outcome = Outcome.FAILURE if check.site in failing else Outcome.SUCCESS
                self.states.report(make_result(check, outcome, self.now))
            self.states.tick(self.now)

    def read(self, oper: float) -> None:
        """The district's router says how its interface is."""
        labels = (("ifIndex", "1"), ("ifName", "Gi0/0"))
        samples = (Sample("ifAdminStatus", labels, 1.0), Sample("ifOperStatus", labels, oper))
        result = make_result(self.poll, Outcome.SUCCESS, self.now, samples=samples)
        self.states.report(result)

    async def lines(self) -> dict[str, float]:
        return await page(self._registry, self._exporters)


async def page(registry: Registry, exporters: Exporters) -> dict[str, float]:
    """The values on the page, by series."""
    for _ in exporters.refresh():
        pass
    text = (await render(registry)).decode()
    rows = (line.rpartition(" ") for line in text.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, _, value in rows}


async def test_a_cut_line_is_one_cause_with_all_behind_it() -> None:
    shown = Shown(province())
    shown.rounds(3)
    before = time.time()
    shown.rounds(6, "nam-sach", "an-lam")
    lines = await shown.lines()
    causes = {name: value for name, value in lines.items() if name.startswith("netwatch_cause_")}
    start = causes.pop(f"netwatch_cause_start_timestamp_seconds{{{CUT}}}")
    assert before <= start <= time.time()
    assert causes == {
        f"netwatch_cause_state{{{CUT}}}": State.DOWN,
        f"netwatch_cause_sites{{{CUT}}}": 2.0,
        (
            f'netwatch_cause_info{{carrier="VNPT",{CUT},contract="HD-1",kind="link",'
            'link="nam-sach-uplink",site="nam-sach",target="router"}'
        ): 1.0,
    }
    assert lines[f'netwatch_site_cause{{{CUT},kind="link",site="an-lam"}}'] == 1.0
    assert lines[f'netwatch_target_cause{{{CUT},site="an-lam",target="router"}}'] == 1.0
    assert lines['netwatch_site_state{site="an-lam"}'] == State.UNREACHABLE
    assert lines['netwatch_link_state{link="nam-sach-uplink"}'] == State.DOWN
    assert lines['netwatch_link_state{link="an-lam-uplink"}'] == State.UNREACHABLE
    assert lines['netwatch_site_below{site="hd-dc",state="unreachable"}'] == 1.0
    assert lines['netwatch_site_below{site="nam-sach",state="unreachable"}'] == 1.0
    assert lines['netwatch_tier_sites{state="down",tier="district"}'] == 1.0
    shown.rounds(6)
    lines = await shown.lines()
    assert not [name for name in lines if "cause" in name]
    assert lines['netwatch_tier_sites{state="down",tier="district"}'] == 0.0


async def test_a_cut_that_began_on_battery_is_a_power_cut_for_all_behind_it() -> None:
    shown = Shown(province())
    shown.rounds(3)
    shown.rounds(6, "nam-sach", "an-lam")
    shown.evidence["nam-sach", "router"] = {"power": {"target": "nam-sach/ups", "read": 1.0}}
    lines = await shown.lines()
    for site in ("nam-sach", "an-lam"):
        assert lines[f'netwatch_site_cause{{{CUT},kind="power",site="{site}"}}'] == 1.0
    kinds = {name for name in lines if name.startswith(("netwatch_cause_info", "netwatch_site_ca"))}
    assert len(kinds) == 3
    assert all('kind="power"' in name for name in kinds)
    shown.rounds(6)
    assert not [name for name in await shown.lines() if "cause" in name]


async def test_one_of_two_lines_degrades() -> None:
    ends = {"a": {"target": "hd-dc/router-2"}, "b": {"target": "nam-sach/router"}}
    shown = Shown(province(second={**ends, **LINE}))
    shown.rounds(3)
    shown.read(2.0)
    shown.rounds(1)  # the router still answers, so it is the line
    lines = await shown.lines()
    assert lines['netwatch_site_state{site="nam-sach"}'] == State.DEGRADED
    assert lines[f'netwatch_site_cause{{{CUT},kind="link",site="nam-sach"}}'] == 1.0
    assert lines[f"netwatch_cause_state{{{CUT}}}"] == State.DEGRADED
    assert lines[f"netwatch_cause_sites{{{CUT}}}"] == 0.0
    assert lines['netwatch_link_state{link="nam-sach-uplink"}'] == State.DOWN
    # When the router falls silent as well, the line that was left is the new fault.
    shown.rounds(5, "nam-sach", "an-lam")
    lines = await shown.lines()
    assert lines['netwatch_cause_state{cause="link:second"}'] == State.DOWN
    # The first one is cut all the same.
    assert lines[f"netwatch_cause_state{{{CUT}}}"] == State.DEGRADED
    assert lines['netwatch_link_state{link="nam-sach-uplink"}'] == State.DOWN
    shown.rounds(3)
    shown.read(1.0)
    lines = await shown.lines()
    assert lines['netwatch_site_state{site="nam-sach"}'] == State.UP
    assert not [name for name in lines if name.startswith("netwatch_cause")]


async def test_a_site_that_comes_and_goes_is_flapping_and_what_is_behind_it_is_not() -> None:
    shown = Shown(province())
    shown.rounds(3)
    for _ in range(3):
        shown.rounds(6, "nam-sach", "an-lam")
        shown.rounds(8)
    lines = await shown.lines()
    assert lines['netwatch_site_flapping{site="nam-sach"}'] == 1.0
    assert lines['netwatch_site_state{site="nam-sach"}'] == State.DEGRADED
    assert lines['netwatch_site_state_changes_total{site="nam-sach"}'] == 7.0
    assert lines['netwatch_site_flapping{site="an-lam"}'] == 0.0
    assert lines['netwatch_site_state{site="an-lam"}'] == State.UP
    shown.rounds(120)
    lines = await shown.lines()
    assert lines['netwatch_site_flapping{site="nam-sach"}'] == 0.0
    assert lines['netwatch_site_state{site="nam-sach"}'] == State.UP


async def test_a_suspicion_is_one_series_until_it_is_a_cause() -> None:
    network = Network(parents=[0, 1], links=[], inside=[1, 1, 1], canaries=())
    checks = slots(network, [0.1, 0.4, 0.7], [5.0] * 3)
    watched = Watch(network, checks, by_rows=True)
    watched.set_down_after(5)
    watched.run(60.0)
    registry = Registry()
    exporters = Exporters([CauseMetrics(registry, watched.table, {})])
    watched.network = replace(network, cut={"s1-uplink"})
    shown: list[dict[str, float]] = []
    for _ in range(200):
        watched.run(0.1)
        lines = {
            name: value
            for name, value in (await page(registry, exporters)).items()
            if name.startswith(("netwatch_suspected_sites", "netwatch_cause_sites"))
        }
        if lines and shown[-1:] != [lines]:
            shown.append(lines)
    cut = 'cause="link:s1-uplink"'
    assert shown == [
        {f"netwatch_suspected_sites{{{cut}}}": 2.0},
        {f"netwatch_cause_sites{{{cut}}}": 2.0},
    ]

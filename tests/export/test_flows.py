from __future__ import annotations

from netwatch.core.result import Outcome, Reason
from netwatch.export.exporter import Watched
from netwatch.export.flows import FlowMetrics
from netwatch.flows.table import FlowTable
from netwatch.metrics import Registry, render
from netwatch.state.target import Sighting
from tests.harness.builders import make_check, make_inventory, make_result

FLOW = {
    "name_vi": "Cấm",
    "from": "state-dc",
    "to": "nam-sach/router",
    "check": {"probe": "tcp", "interval": "15s", "timeout": "3s", "port": "22"},
    "expect": "blocked",
}
INVENTORY = make_inventory(
    flows={"no-ssh": FLOW}, vantages={"state-dc": {"site": "hd-dc", "name_vi": "Tỉnh"}}
)
CHECK = make_check("tcp:22", flow="no-ssh", interval=15.0)
SCHEDULED = 'netwatch_flow_scheduled{flow="no-ssh"}'
LABELS = '{expect="blocked",flow="no-ssh",from="state-dc",to="nam-sach/router"}'


class Shown:
    def __init__(self) -> None:
        self.registry = Registry()
        self.flows = FlowTable(INVENTORY, [CHECK], lambda _: Sighting(answered=True, due=1e9))
        self.metrics = FlowMetrics(self.registry, self.flows)
        self.metrics.watch(Watched.of(INVENTORY))

    async def after(self, outcome: Outcome, reason: Reason) -> dict[str, str]:
        self.flows.report(make_result(CHECK, outcome, reason=reason), vantage_ok=True)
        return await self.lines()

    async def lines(self) -> dict[str, str]:
        for _ in self.metrics.refresh():
            pass
        text = (await render(self.registry)).decode()
        series = (line.rpartition(" ") for line in text.splitlines() if not line.startswith("#"))
        return {name: value for name, _, value in series if "timestamp" not in name}


async def test_before_the_first_result_only_the_count_of_violations_is_known() -> None:
    assert await Shown().lines() == {
        'netwatch_flow_violations_total{flow="no-ssh"}': "0.0",
        SCHEDULED: "1.0",
    }


async def test_a_flow_is_told_with_its_evidence() -> None:
    shown = Shown()
    assert await shown.after(Outcome.FAILURE, Reason.TIMEOUT) == {
        f"netwatch_flow_as_expected{LABELS}": "1.0",
        'netwatch_flow_block{block="drop",flow="no-ssh"}': "1.0",
        'netwatch_flow_violations_total{flow="no-ssh"}': "0.0",
        'netwatch_flow_results_total{flow="no-ssh",reason="timeout"}': "1.0",
        SCHEDULED: "1.0",
    }
    lines = await shown.after(Outcome.FAILURE, Reason.PROHIBITED)
    assert [name for name in lines if "block{" in name] == [
        'netwatch_flow_block{block="reject",flow="no-ssh"}'
    ]
    assert await shown.after(Outcome.SUCCESS, Reason.OK) == {
        f"netwatch_flow_as_expected{LABELS}": "0.0",
        'netwatch_flow_violations_total{flow="no-ssh"}': "1.0",
        'netwatch_flow_results_total{flow="no-ssh",reason="timeout"}': "1.0",
        'netwatch_flow_results_total{flow="no-ssh",reason="prohibited"}': "1.0",
        'netwatch_flow_results_total{flow="no-ssh",reason="ok"}': "1.0",
        SCHEDULED: "1.0",
    }


async def test_a_flow_that_is_taken_out_leaves_no_series() -> None:
    shown = Shown()
    await shown.after(Outcome.FAILURE, Reason.TIMEOUT)
    empty = make_inventory()
    shown.flows.replace(empty, [])
    shown.metrics.watch(Watched.of(empty))
    assert await shown.lines() == {}

"""Flows that a router measures: its own pings prove that it sees, and nothing else does."""

from __future__ import annotations

from typing import Any

from netwatch.core.result import Outcome, Reason
from netwatch.flows.table import FlowTable
from netwatch.flows.transition import FlowState
from netwatch.state.target import Sighting
from tests.harness.builders import make_check, make_inventory, make_result

OK, LOST, INVALID = Outcome.SUCCESS, Outcome.FAILURE, Outcome.INVALID
INTERVAL = 30.0


class Border:
    """A router that pings two targets: one must answer it, one must not."""

    def __init__(self) -> None:
        inventory = self.inventory = make_inventory(
            flows={"open": _flow("pass"), "shut": _flow("blocked")},
            vantages={
                "state-dc": {"site": "hd-dc", "name_vi": "Tỉnh"},
                "border": {
                    "site": "nam-sach",
                    "name_vi": "Biên",
                    "router": "router",
                    "asked_by": "state-dc",
                },
            },
        )
        self.checks = {
            flow: make_check("remote-ping", flow=flow, interval=INTERVAL)
            for flow in inventory.flows
        }
        # The collector itself sees everything, which proves nothing about the router.
        self.table = FlowTable(inventory, self.checks.values(), lambda _: Sighting(True, 1e9))
        self.now = 0.0

    def round(self, **outcomes: Outcome) -> None:
        """What came of one look at each flow, in this order."""
        for flow, outcome in outcomes.items():
            self.now += 1
            reason = Reason.NO_RESULT if outcome is INVALID else None
            more = {"reason": reason} if reason else {}
            result = make_result(self.checks[flow], outcome, self.now, **more)
            self.table.report(result, vantage_ok=True)
        self.table.tick(self.now)

    def state(self, flow: str) -> FlowState:
        return self.table.flows[flow].state


def _flow(expect: str) -> dict[str, Any]:
    return {
        "name_vi": "F",
        "from": "border",
        "to": "an-lam/router",
        "expect": expect,
        "check": {"probe": "remote-ping", "interval": "30s"},
    }


def test_a_block_is_believed_when_the_router_reaches_something_afterwards() -> None:
    border = Border()
    border.round(shut=LOST)
    assert border.state("shut") is FlowState.UNKNOWN
    border.round(open=OK)
    assert border.state("shut") is FlowState.AS_EXPECTED


def test_a_router_that_reaches_nothing_proves_no_block() -> None:
    border = Border()
    for _ in range(5):
        border.round(shut=LOST, open=LOST)
    assert border.state("shut") is FlowState.UNKNOWN
    assert border.state("open") is FlowState.BROKEN


def test_an_answer_violates_at_once() -> None:
    border = Border()
    border.round(shut=OK)
    assert border.state("shut") is FlowState.VIOLATED
    assert border.table.flows["shut"].violations == 1


def test_no_news_changes_nothing_and_then_is_unknown() -> None:
    border = Border()
    border.round(shut=LOST, open=OK)
    border.round(shut=INVALID, open=INVALID)
    assert border.state("shut") is FlowState.AS_EXPECTED
    border.now += 4 * INTERVAL
    border.round(shut=INVALID, open=INVALID)
    assert border.state("shut") is FlowState.UNKNOWN
    assert border.state("open") is FlowState.UNKNOWN
    assert border.table.flows["open"].results == {Reason.OK: 1, Reason.NO_RESULT: 2}

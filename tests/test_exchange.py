from __future__ import annotations

import pytest

from netwatch.core.result import Outcome
from netwatch.exchange import Exchange, FlowState
from tests.builders import make_check, make_inventory, make_result

OK, LOST, INVALID = Outcome.SUCCESS, Outcome.FAILURE, Outcome.INVALID


def exchange_of(expect: str) -> Exchange:
    flow = {
        "name_vi": "Trục liên thông",
        "from": "state-dc",
        "to": "nam-sach/router",
        "check": {"probe": "tcp", "interval": "15s", "timeout": "3s", "port": "443"},
        "expect": expect,
    }
    inventory = make_inventory(
        flows={"f": flow}, vantages={"state-dc": {"site": "hd-dc", "name_vi": "Tỉnh"}}
    )
    return Exchange(inventory, [make_check("tcp:443", flow="f", interval=15.0)])


def feed(exchange: Exchange, outcomes: list[Outcome], *, vantage_ok: bool = True) -> FlowState:
    status = exchange.flows["f"]
    for moment, outcome in enumerate(outcomes):
        result = make_result(status.check, outcome, 15.0 * moment)
        exchange.report(result, vantage_ok=vantage_ok)
    return status.state


@pytest.mark.parametrize(
    ("expect", "outcomes", "state"),
    [
        ("pass", [], FlowState.UNKNOWN),
        ("pass", [OK], FlowState.AS_EXPECTED),
        ("pass", [OK, LOST, LOST], FlowState.AS_EXPECTED),
        ("pass", [OK, LOST, LOST, LOST], FlowState.BROKEN),
        ("pass", [LOST, LOST, LOST, OK], FlowState.AS_EXPECTED),
        ("pass", [INVALID, INVALID, INVALID], FlowState.UNKNOWN),
        ("blocked", [LOST], FlowState.AS_EXPECTED),
        ("blocked", [INVALID], FlowState.UNKNOWN),
        ("blocked", [LOST, OK], FlowState.VIOLATED),
        ("blocked", [OK, LOST], FlowState.AS_EXPECTED),
    ],
)
def test_what_a_flow_does_is_held_against_what_is_expected(
    expect: str, outcomes: list[Outcome], state: FlowState
) -> None:
    assert feed(exchange_of(expect), outcomes) is state


def test_every_passage_that_must_not_be_is_counted() -> None:
    exchange = exchange_of("blocked")
    feed(exchange, [OK, LOST, OK, OK])
    assert exchange.flows["f"].violations == 3


def test_a_blind_vantage_proves_no_block() -> None:
    assert feed(exchange_of("blocked"), [LOST, LOST], vantage_ok=False) is FlowState.UNKNOWN


def test_a_blind_vantage_that_passes_has_seen_a_violation_all_the_same() -> None:
    assert feed(exchange_of("blocked"), [OK], vantage_ok=False) is FlowState.VIOLATED


def test_a_flow_that_is_no_longer_measured_is_unknown() -> None:
    exchange = exchange_of("pass")
    feed(exchange, [OK])
    exchange.tick(3 * 15 + 1)
    assert exchange.flows["f"].state is FlowState.AS_EXPECTED
    exchange.tick(3 * 15 + 1.1)
    assert exchange.flows["f"].state is FlowState.UNKNOWN

from __future__ import annotations

from netwatch.core.facts import READY, SIP_STATUS
from netwatch.core.result import Outcome, Reason
from netwatch.export.facts import FactMetrics
from netwatch.metrics import Registry, render
from tests.builders import make_check, make_result

CHECK = make_check("sip:5060/udp", interval=60.0)
LABELS = '{probe="sip:5060/udp",site="nam-sach",target="router"}'


async def shown(registry: Registry) -> dict[str, str]:
    lines = (await render(registry)).decode().splitlines()
    return dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))


async def test_what_the_last_result_said_is_shown_and_nothing_older() -> None:
    registry = Registry()
    metrics = FactMetrics(registry)
    metrics.watch([CHECK])
    ready, busy = READY.sample(1), SIP_STATUS.sample(486)
    metrics.report(make_result(CHECK, Outcome.SUCCESS, facts=(ready, SIP_STATUS.sample(200))))
    assert await shown(registry) == {
        f"netwatch_endpoint_ready{LABELS}": "1.0",
        f"netwatch_endpoint_sip_status{LABELS}": "200.0",
    }
    metrics.report(make_result(CHECK, Outcome.FAILURE, facts=(busy,)))
    assert await shown(registry) == {f"netwatch_endpoint_sip_status{LABELS}": "486.0"}
    invalid = make_result(CHECK, Outcome.INVALID, reason=Reason.LOCAL_ERROR, facts=(ready,))
    metrics.report(invalid)  # nothing was measured, so nothing changes
    assert await shown(registry) == {f"netwatch_endpoint_sip_status{LABELS}": "486.0"}
    metrics.forget(CHECK)
    assert await shown(registry) == {}


async def test_checks_that_are_no_more_and_flows_show_nothing() -> None:
    registry = Registry()
    metrics = FactMetrics(registry)
    flow = make_check("sip:5060/udp", site="an-lam", flow="border")
    metrics.watch([CHECK, flow])
    for check in (CHECK, flow):
        metrics.report(make_result(check, Outcome.SUCCESS, facts=(READY.sample(1),)))
    assert list(await shown(registry)) == [f"netwatch_endpoint_ready{LABELS}"]
    metrics.watch([])
    assert await shown(registry) == {}

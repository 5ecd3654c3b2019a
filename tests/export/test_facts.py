from __future__ import annotations

from netwatch.core.check import Check
from netwatch.core.result import Outcome, Sample
from netwatch.export.exporter import Watched
from netwatch.export.facts import FactMetrics
from netwatch.lasting import LastingFacts
from netwatch.metrics import Registry, render
from netwatch.probes.certificates import CERTIFICATE_END
from netwatch.probes.http.facts import HTTP_PHASE
from tests.harness.builders import make_check, make_inventory, make_result

OWN = make_check("http:443")
FLOW = make_check("http:443", flow="mail")
PHASE, WAIT = "netwatch_http_phase_duration_seconds", 'phase="wait",'
END = "netwatch_tls_certificate_not_after_timestamp_seconds"


class Shown:
    def __init__(self, *checks: Check) -> None:
        self.registry = Registry()
        facts = CERTIFICATE_END, HTTP_PHASE
        self.lasting = LastingFacts(facts, checks)
        self.metrics = FactMetrics(self.registry, facts, self.lasting)
        self.watch(*checks)

    def watch(self, *checks: Check) -> None:
        self.lasting.watch(checks)
        self.metrics.watch(Watched.of(make_inventory(), checks))

    def tell(self, check: Check, *facts: Sample, outcome: Outcome = Outcome.SUCCESS) -> None:
        result = make_result(check, outcome, facts=facts)
        self.lasting.report(result)
        self.metrics.report(result)

    async def lines(self) -> list[str]:
        text = (await render(self.registry)).decode()
        return [line for line in text.splitlines() if not line.startswith("#")]


def series(name: str, flow: str = "", more: str = "") -> str:
    return f'{name}{{flow="{flow}",{more}probe="http:443",site="nam-sach",target="router"}}'


async def test_a_target_s_and_a_flow_s_facts_stand_beside_each_other() -> None:
    shown = Shown(OWN, FLOW)
    shown.tell(OWN, CERTIFICATE_END.sample(1), HTTP_PHASE.sample(0.5, "wait"))
    shown.tell(FLOW, CERTIFICATE_END.sample(2))
    assert await shown.lines() == [
        f"{series(END)} 1.0",
        f"{series(END, 'mail')} 2.0",
        f"{series(PHASE, more=WAIT)} 0.5",
    ]


async def test_only_what_the_last_result_told_is_shown() -> None:
    shown = Shown(OWN)
    shown.tell(OWN, CERTIFICATE_END.sample(1), HTTP_PHASE.sample(0.5, "wait"))
    shown.tell(OWN, outcome=Outcome.INVALID)
    assert len(await shown.lines()) == 2, "not measured is no news"
    shown.tell(OWN, HTTP_PHASE.sample(0.7, "wait"))
    assert f"{series(PHASE, more=WAIT)} 0.7" in await shown.lines()
    shown.tell(OWN, outcome=Outcome.FAILURE)
    assert await shown.lines() == [f"{series(END)} 1.0"]


async def test_a_certificate_stays_until_another_one_is_shown() -> None:
    shown = Shown(OWN)
    shown.tell(OWN, CERTIFICATE_END.sample(1), outcome=Outcome.FAILURE)
    shown.tell(OWN, outcome=Outcome.FAILURE)
    shown.metrics.forget(OWN)
    assert await shown.lines() == [f"{series(END)} 1.0"]
    shown.tell(OWN, CERTIFICATE_END.sample(2))
    assert await shown.lines() == [f"{series(END)} 2.0"]


async def test_a_check_that_is_another_one_now_begins_anew() -> None:
    shown = Shown(OWN)
    shown.tell(OWN, CERTIFICATE_END.sample(1))
    changed = make_check("http:443", address="127.0.0.9")
    shown.watch(changed)
    assert await shown.lines() == []


async def test_a_certificate_stays_where_the_same_server_is_asked_otherwise() -> None:
    shown = Shown(OWN)
    shown.tell(OWN, CERTIFICATE_END.sample(1), HTTP_PHASE.sample(0.5, "wait"))
    shown.watch(make_check("http:443", interval=OWN.interval * 2))
    assert await shown.lines() == [f"{series(END)} 1.0"]


async def test_what_is_too_old_or_taken_out_is_not_shown() -> None:
    shown = Shown(OWN, FLOW)
    shown.tell(OWN, HTTP_PHASE.sample(0.5, "wait"))
    shown.metrics.forget(OWN)
    shown.tell(FLOW, CERTIFICATE_END.sample(1))
    shown.watch(OWN)
    assert await shown.lines() == []
    shown.tell(FLOW, CERTIFICATE_END.sample(1))
    assert await shown.lines() == [], "a slot that was open at the reload came back"

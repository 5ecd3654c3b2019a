from __future__ import annotations

from netwatch.core.check import Check
from netwatch.core.result import Outcome, Reason
from netwatch.core.streams import Streams
from netwatch.export.exporter import Watched
from netwatch.export.results import ResultMetrics
from netwatch.metrics import Registry, render
from netwatch.state.quality import Qualities
from tests.harness.builders import make_check, make_inventory, make_result


class Shown:
    """Result metrics and the page they are on."""

    def __init__(self) -> None:
        self.registry = Registry()
        self.metrics = ResultMetrics(self.registry, Streams(), Qualities())

    async def lines(self) -> dict[str, str]:
        text = (await render(self.registry)).decode()
        series = (line.rpartition(" ") for line in text.splitlines() if not line.startswith("#"))
        return {name: value for name, _, value in series if 'probe="' in name}


CHECK = make_check("tcp:25")
LABELS = '{probe="tcp:25",site="nam-sach",target="router"}'


def results(outcome: str) -> str:
    return (
        f'netwatch_probe_results_total{{outcome="{outcome}",probe="tcp:25",'
        'site="nam-sach",target="router"}'
    )


def watching(*checks: Check) -> Shown:
    shown = Shown()
    shown.metrics.watch(Watched.of(make_inventory(), checks))
    return shown


async def test_nothing_is_claimed_before_the_first_result() -> None:
    lines = await watching(CHECK).lines()
    assert f"netwatch_probe_success{LABELS}" not in lines
    assert lines[results("success")] == "0.0"


async def test_results_are_counted() -> None:
    shown = watching(CHECK)
    for outcome in (Outcome.SUCCESS, Outcome.SUCCESS, Outcome.FAILURE, Outcome.INVALID):
        shown.metrics.report(make_result(CHECK, outcome))
    lines = await shown.lines()
    assert [lines[results(outcome)] for outcome in Outcome] == ["2.0", "1.0", "1.0"]
    failures = '{probe="tcp:25",reason="timeout",site="nam-sach",target="router"}'
    assert lines[f"netwatch_probe_failures_total{failures}"] == "1.0"
    assert lines[f"netwatch_probe_success{LABELS}"] == "0.0"


async def test_a_failed_probe_has_no_duration() -> None:
    shown = watching(CHECK)
    shown.metrics.report(make_result(CHECK, Outcome.SUCCESS))
    assert f"netwatch_probe_duration_seconds{LABELS}" in await shown.lines()
    shown.metrics.report(make_result(CHECK, Outcome.FAILURE, reason=Reason.REFUSED))
    assert f"netwatch_probe_duration_seconds{LABELS}" not in await shown.lines()


async def test_what_was_not_measured_keeps_the_last_result() -> None:
    shown = watching(CHECK)
    shown.metrics.report(make_result(CHECK, Outcome.SUCCESS))
    shown.metrics.report(make_result(CHECK, Outcome.INVALID))
    assert (await shown.lines())[f"netwatch_probe_success{LABELS}"] == "1.0"
    shown.metrics.forget(CHECK)
    assert f"netwatch_probe_success{LABELS}" not in await shown.lines()


async def test_a_check_that_is_taken_out_leaves_no_series() -> None:
    shown = watching(CHECK)
    shown.metrics.report(make_result(CHECK, Outcome.SUCCESS))
    shown.metrics.report(make_result(CHECK, Outcome.FAILURE))
    shown.metrics.watch(Watched.of(make_inventory(), []))
    assert await shown.lines() == {}
    shown.metrics.report(make_result(CHECK, Outcome.SUCCESS))
    assert await shown.lines() == {}, "a slot that was open at the reload came back"


async def test_a_check_that_stays_keeps_its_counters() -> None:
    shown = watching(CHECK)
    shown.metrics.report(make_result(CHECK, Outcome.SUCCESS))
    shown.metrics.watch(Watched.of(make_inventory(), [CHECK, make_check("tcp:25", site="an-lam")]))
    assert (await shown.lines())[results("success")] == "1.0"


async def test_flows_have_no_target_series() -> None:
    assert await watching(make_check("tcp:25", flow="mail")).lines() == {}

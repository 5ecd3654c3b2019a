from __future__ import annotations

from netwatch.core.result import Outcome, Reason, Stray, StrayKind
from netwatch.export.results import ResultMetrics
from netwatch.metrics import Registry, render
from tests.builders import make_check, make_result


class Shown:
    """Result metrics and the page they are on."""

    def __init__(self) -> None:
        self.registry = Registry()
        self.metrics = ResultMetrics(self.registry)

    async def lines(self) -> dict[str, str]:
        text = (await render(self.registry)).decode()
        series = (line.rpartition(" ") for line in text.splitlines() if not line.startswith("#"))
        return {name: value for name, _, value in series}


CHECK = make_check()
LABELS = '{probe="icmp",site="nam-sach",target="router"}'
TARGET = '{site="nam-sach",target="router"}'


async def test_nothing_is_claimed_before_the_first_result() -> None:
    shown = Shown()
    shown.metrics.watch([CHECK])
    lines = await shown.lines()
    assert f"netwatch_probe_success{LABELS}" not in lines
    assert lines[f"netwatch_icmp_sent_total{TARGET}"] == "0.0"


async def test_echoes_are_counted() -> None:
    shown = Shown()
    shown.metrics.watch([CHECK])
    for outcome in (Outcome.SUCCESS, Outcome.SUCCESS, Outcome.FAILURE, Outcome.INVALID):
        shown.metrics.report(make_result(CHECK, outcome))
    shown.metrics.report(Stray(CHECK, StrayKind.LATE))
    lines = await shown.lines()
    assert lines[f"netwatch_icmp_sent_total{TARGET}"] == "3.0"
    assert lines[f"netwatch_icmp_received_total{TARGET}"] == "2.0"
    assert lines[f"netwatch_icmp_late_total{TARGET}"] == "1.0"
    assert lines[f"netwatch_icmp_duplicate_total{TARGET}"] == "0.0"
    assert lines[f"netwatch_icmp_rtt_seconds_count{TARGET}"] == "2.0"
    failures = '{probe="icmp",reason="timeout",site="nam-sach",target="router"}'
    assert lines[f"netwatch_probe_failures_total{failures}"] == "1.0"
    assert lines[f"netwatch_probe_success{LABELS}"] == "0.0"


async def test_a_failed_probe_has_no_duration() -> None:
    shown = Shown()
    shown.metrics.watch([CHECK])
    shown.metrics.report(make_result(CHECK, Outcome.SUCCESS))
    assert f"netwatch_probe_duration_seconds{LABELS}" in await shown.lines()
    shown.metrics.report(make_result(CHECK, Outcome.FAILURE, reason=Reason.REFUSED))
    assert f"netwatch_probe_duration_seconds{LABELS}" not in await shown.lines()


async def test_what_was_not_measured_keeps_the_last_result() -> None:
    shown = Shown()
    shown.metrics.watch([CHECK])
    shown.metrics.report(make_result(CHECK, Outcome.SUCCESS))
    shown.metrics.report(make_result(CHECK, Outcome.INVALID))
    assert (await shown.lines())[f"netwatch_probe_success{LABELS}"] == "1.0"
    shown.metrics.forget_last(CHECK)
    assert f"netwatch_probe_success{LABELS}" not in await shown.lines()


async def test_a_check_that_is_taken_out_leaves_no_series() -> None:
    shown = Shown()
    shown.metrics.watch([CHECK])
    shown.metrics.report(make_result(CHECK, Outcome.SUCCESS))
    shown.metrics.report(make_result(CHECK, Outcome.FAILURE))
    shown.metrics.watch([])
    assert await shown.lines() == {}
    shown.metrics.report(make_result(CHECK, Outcome.SUCCESS))
    assert await shown.lines() == {}, "a slot that was open at the reload came back"


async def test_a_check_that_stays_keeps_its_counters() -> None:
    shown = Shown()
    shown.metrics.watch([CHECK])
    shown.metrics.report(make_result(CHECK, Outcome.SUCCESS))
    shown.metrics.watch([CHECK, make_check(site="an-lam")])
    assert (await shown.lines())[f"netwatch_icmp_sent_total{TARGET}"] == "1.0"


async def test_flows_have_no_target_series() -> None:
    shown = Shown()
    shown.metrics.watch([make_check("tcp:25", flow="mail")])
    assert await shown.lines() == {}

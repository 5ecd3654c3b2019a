"""The program's own metrics stand on the page beside the bulk, each name once."""

from __future__ import annotations

import re

import pytest
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from netwatch.metrics import Registry, page
from netwatch.metrics.own import OwnMetrics

EXPECTED = {
    "netwatch_build_info",
    "netwatch_config_last_reload_successful",
    "netwatch_config_last_reload_timestamp_seconds",
    "netwatch_slots_total",
    "netwatch_loop_lag_seconds",
    "netwatch_schedule_slip_seconds",
    "netwatch_scrape_duration_seconds",
    "process_cpu_seconds_total",
    "process_open_fds",
    "python_gc_collections_total",
    "python_info",
}


async def test_every_name_once() -> None:
    own = OwnMetrics("1.2.3")
    own.slots.labels("icmp", "run").inc()
    own.loop_lag.observe(0.003)
    registry = Registry(reserved=own.names)
    registry.gauge("netwatch_site_state", "State", ("site",)).cell("xa-an-phu").set(1)
    text = b"".join([block async for block in page(registry, own.registry)]).decode()
    names = re.findall(r"^# TYPE (\S+)", text, re.MULTILINE)
    assert len(names) == len(set(names))
    assert set(names) >= EXPECTED | {"netwatch_site_state"}
    assert "_created" not in text
    samples = {s.name: s for f in text_string_to_metric_families(text) for s in f.samples}
    assert samples["netwatch_build_info"].labels == {"version": "1.2.3"}
    assert samples["netwatch_slots_total"].labels == {"probe": "icmp", "outcome": "run"}


@pytest.mark.parametrize("name", [*sorted(EXPECTED), "netwatch_loop_lag_seconds_sum"])
def test_the_bulk_can_not_take_an_own_name(name: str) -> None:
    registry = Registry(reserved=OwnMetrics("1.2.3").names)
    with pytest.raises(ValueError, match="already on the page"):
        registry.gauge(name, "help")


def test_two_programs_in_one_process_do_not_share_values() -> None:
    first, second = OwnMetrics("1"), OwnMetrics("1")
    first.slots.labels("icmp", "run").inc()
    value = second.registry.get_sample_value(
        "netwatch_slots_total", {"probe": "icmp", "outcome": "run"}
    )
    assert value is None


def test_slots_are_counted_from_0_on() -> None:
    own = OwnMetrics("1.2.3")
    own.count_slots_of(["icmp"])
    shown = generate_latest(own.registry).decode()
    for outcome in ("run", "late", "skipped"):
        assert f'netwatch_slots_total{{outcome="{outcome}",probe="icmp"}} 0.0' in shown

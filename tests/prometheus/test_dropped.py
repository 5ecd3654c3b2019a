"""What the shipped configuration drops is read by nothing that is shipped."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

from netwatch.export.echo_counts import ROUND_TRIP_BUCKETS
from tests.harness.shipped_rules import DIRECTORY, RULES, stored

ROOT = DIRECTORY.parents[1]
READERS = (
    *RULES,
    *(ROOT / "dashboards").rglob("*.json"),
    *(ROOT / "dashboards").rglob("*.py"),
    *(ROOT / "netwatch" / "report").rglob("*.py"),
)


def words(path: Path) -> set[str]:
    return set(re.findall(r"[A-Za-z_:][\w:]*", path.read_text(encoding="utf-8")))


def test_nothing_reads_what_is_dropped() -> None:
    assert stored({"__name__": "ifHCInUcastPkts"}) is None
    for path in READERS:
        assert [word for word in words(path) if stored({"__name__": word}) is None] == [], path


def test_devices_are_stored_as_often_as_they_are_polled_and_all_else_at_each_scrape() -> None:
    for name, job in {
        "ifHCInOctets": "netwatch-devices",
        "upsOutputSource": "netwatch-devices",
        "netwatch_link_octets_total": "netwatch",
        "process_cpu_seconds_total": "netwatch",
    }.items():
        series = stored({"__name__": name})
        assert series is not None
        assert (series["job"], series["instance"]) == (job, "state-dc")


def test_round_trips_have_bounds_enough_for_a_quantile() -> None:
    name = "netwatch_icmp_rtt_seconds_bucket"
    kept = [
        bound
        for bound in (*ROUND_TRIP_BUCKETS, "+Inf")
        if stored({"__name__": name, "le": str(bound)}) is not None
    ]
    assert kept[-1] == "+Inf"
    bounds = [float(bound) for bound in kept[:-1]]
    assert len(kept) <= 8
    assert max(high / low for low, high in pairwise(bounds)) <= 5

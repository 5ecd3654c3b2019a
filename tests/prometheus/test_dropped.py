"""What the shipped configuration drops is read by nothing that is shipped."""

from __future__ import annotations

import re
from pathlib import Path

from tests.harness.shipped_rules import DIRECTORY, RULES, read

ROOT = DIRECTORY.parents[1]
READERS = (
    *RULES,
    *(ROOT / "dashboards").rglob("*.json"),
    *(ROOT / "dashboards").rglob("*.py"),
    *(ROOT / "netwatch" / "report").rglob("*.py"),
)


def dropped() -> re.Pattern[str]:
    (netwatch,) = (
        job
        for job in read(DIRECTORY / "prometheus.yml")["scrape_configs"]
        if job["job_name"] == "netwatch"
    )
    (rule,) = (each for each in netwatch["metric_relabel_configs"] if each.get("action") == "drop")
    return re.compile(rf"(?:{rule['regex']})")


def words(path: Path) -> set[str]:
    return set(re.findall(r"[A-Za-z_:][\w:]*", path.read_text(encoding="utf-8")))


def test_nothing_reads_what_is_dropped() -> None:
    pattern = dropped()
    assert pattern.fullmatch("ifHCInUcastPkts")
    assert not pattern.fullmatch("ifHCInOctets")
    for path in READERS:
        assert [word for word in words(path) if pattern.fullmatch(word)] == [], path

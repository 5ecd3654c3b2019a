"""Reads docs/metrics.md, and a page of metrics, in the same terms."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from prometheus_client.parser import text_string_to_metric_families

PAGE = Path(__file__).parents[2] / "docs" / "metrics.md"
_ROW = re.compile(r"\| `(?P<name>\w+)` \| (?P<type>\w+) \| (?P<labels>[^|]*)\| [^|]+ \| [^|]+ \|")


class Metric(NamedTuple):
    """A family.

    Attributes:
        labels: names; of a page, only what its samples carry.
    """

    type: str
    labels: set[str]


def documented() -> dict[str, Metric]:
    """What the documentation tells, by name.

    Raises:
        AssertionError: a row is not like the others, or a metric is told twice.
    """
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    told = [line for line in lines if line.startswith("| `")]
    matches = [(line, _ROW.fullmatch(line)) for line in told]
    assert [line for line, match in matches if match is None] == []
    found = {
        match["name"]: Metric(match["type"], {*re.findall(r"`(\w+)`", match["labels"])})
        for _, match in matches
        if match
    }
    assert len(found) == len(told)
    return found


def shown(page: str) -> dict[str, Metric]:
    """What a page in Prometheus' text format shows, by name."""
    types: list[tuple[str, str]] = re.findall(r"^# TYPE (\S+) (\S+)$", page, re.MULTILINE)
    found = {name: Metric(kind, set()) for name, kind in types}
    for family in text_string_to_metric_families(page):
        for sample in family.samples:
            name = sample.name if sample.name in found else family.name
            found[name].labels.update(sample.labels.keys() - {"le"})
    return found

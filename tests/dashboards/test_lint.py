"""The public rules of Grafana's dashboard linter, and the reasons for the exceptions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from dashboards.grafana.__main__ import HERE
from tests.harness.dashboards import dashboards

EXCLUSIONS = yaml.safe_load((HERE / ".lint").read_text(encoding="utf-8"))["exclusions"]
_WINDOW = re.compile(r"(?:rate|increase|irate)\([^\[\]]*\[([^\]]+)\]")
_COUNTER = re.compile(r"(?<!\w)\w+_total\b(?!\w)")
_COUNTING = re.compile(r"(?:rate|increase|irate|resets)\(\s*(?:ALERTS|\w+_total)")


def variables(dashboard: Any) -> dict[str, Any]:
    return {each["name"]: each for each in dashboard["templating"]["list"]}


def panels(dashboard: Any) -> Iterator[Any]:
    yield from (panel for panel in dashboard["panels"] if panel["type"] != "row")


def broken_rules(dashboard: Any) -> Iterator[str]:
    """Every rule that a dashboard breaks, by the name that the linter gives it."""
    known = variables(dashboard)
    source = known["datasource"]
    if source["type"] != "datasource" or source["label"] != "Data source":
        yield "template-datasource-rule"
    for name in ("job", "instance"):
        if name not in known:
            yield f"template-{name}-rule"
    if any(each.get("refresh") != 2 for each in known.values() if each["type"] == "query"):
        yield "template-on-time-change-reload-rule"
    if dashboard.get("editable"):
        yield "uneditable-dashboard-rule"
    for panel in panels(dashboard):
        yield from _of_panel(panel)


def _of_panel(panel: Any) -> Iterator[str]:
    if panel["datasource"]["uid"] != "${datasource}":
        yield "panel-datasource-rule"
    if not panel["title"] or not panel["description"]:
        yield "panel-title-description-rule"
    if not panel["targets"]:
        yield "panel-no-targets-rule"
    if panel["type"] in {"stat", "timeseries"} and not panel["fieldConfig"]["defaults"].get("unit"):
        yield "panel-units-rule"
    if panel["type"] == "table":
        yield "panel-units-rule"
    for target in panel["targets"]:
        yield from _of_query(target["expr"])


def _of_query(expr: str) -> Iterator[str]:
    if 'job=~"$job"' not in expr:
        yield "target-job-rule"
    if 'instance=~"$instance"' not in expr:
        yield "target-instance-rule"
    if any(window != "$__rate_interval" for window in _WINDOW.findall(expr)):
        yield "target-rate-interval-rule"
    if len(_COUNTER.findall(expr)) > len(_COUNTING.findall(expr)):
        yield "target-counter-agg-rule"


def test_no_rule_is_broken_without_a_reason() -> None:
    broken = {rule for dashboard in dashboards().values() for rule in broken_rules(dashboard)}
    assert broken == EXCLUSIONS.keys()


@pytest.mark.parametrize("rule", EXCLUSIONS)
def test_a_reason_is_a_sentence(rule: str) -> None:
    assert EXCLUSIONS[rule]["reason"].strip().endswith(".")


@pytest.mark.parametrize("uid", dashboards())
def test_curves_take_their_window_from_what_is_shown(uid: str) -> None:
    """A fixed window over time would skip what lies between two points."""
    for panel in panels(dashboards()[uid]):
        if panel["type"] not in {"timeseries", "heatmap"}:
            continue
        for target in panel["targets"]:
            windows = {*_WINDOW.findall(target["expr"])} - {"$__rate_interval"}
            is_polled = target.get("interval") == "1m"
            assert windows <= ({"5m"} if is_polled else set())

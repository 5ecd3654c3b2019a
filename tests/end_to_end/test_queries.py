"""Every query of every dashboard and rule, asked of a real Prometheus that watches the demo."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import Any

import pytest

from tests.end_to_end.conftest import Watched
from tests.end_to_end.province import BY_THE_CLOCK, CANNOT_HAPPEN, NOT_READ, NOTHING_TO_SHOW
from tests.harness.dashboards import (
    Query,
    Value,
    annotation_queries,
    dashboards,
    options,
    queries,
    substituted,
    variable_queries,
)
from tests.harness.prometheus import Prometheus, rules
from tests.harness.waiting import eventually

pytestmark = pytest.mark.slow

RANGE = 300
"""Seconds that the dashboards look back."""

VALUES: dict[str, Value] = {
    "tier": ".*",
    "network": ".*",
    "carrier": ".*",
    "target": ".*",
    "site": "so-noi-vu",
    "link": "chi-linh-second",
    "meeting": ".*",
}
"""What an operator chooses: a site with a silent device, a line with both ends, one of them cut."""

QUERIES = [query for dashboard in dashboards().values() for query in queries(dashboard)]
EVENTS = [query for dashboard in dashboards().values() for query in annotation_queries(dashboard)]
VARIABLES = [
    pytest.param(*found, id=f"{uid}-{found[0]}")
    for uid, dashboard in dashboards().items()
    for found in variable_queries(dashboard)
]


def ask(prometheus: Prometheus, query: Query) -> list[dict[str, Any]]:
    expr = query.with_values(VALUES, f"{RANGE}s")
    if query.instant:
        return prometheus.now(expr)
    return prometheus.over_time(expr, RANGE, "15s")


def shown(prometheus: Prometheus, query: Query) -> list[dict[str, Any]]:
    """Its data, which come late on a busy machine, with gaps where a scrape failed."""
    return eventually(lambda: ask(prometheus, query), patience=240, pause=1)


def shows_nothing(query: Query) -> bool:
    return query.panel in NOTHING_TO_SHOW or f"{query.panel} [{query.ref}]" in NOTHING_TO_SHOW


@pytest.mark.parametrize("query", QUERIES + EVENTS, ids=str)
def test_a_panel_shows_data(watched: Watched, query: Query) -> None:
    if shows_nothing(query):
        assert ask(watched.prometheus, query) == []
        return
    shown(watched.prometheus, query)


@pytest.mark.parametrize(("name", "query", "regex"), VARIABLES)
def test_a_variable_offers_what_the_tests_choose(
    watched: Watched, name: str, query: str, regex: str
) -> None:
    offered = {value for _, value in options(answer(watched.prometheus, query), regex)}
    assert offered
    chosen = VALUES[name]
    if chosen != ".*":
        assert offered >= ({chosen} if isinstance(chosen, str) else {*chosen})


def answer(prometheus: Prometheus, query: str) -> list[str]:
    """What Grafana's two functions for variables find."""
    text = substituted(query, VALUES)
    function, _, rest = text.partition("(")
    argument = rest.removesuffix(")")
    if function == "query_result":
        return [_as_text(series) for series in prometheus.now(argument)]
    assert function == "label_values"
    selector, _, label = argument.rpartition(", ")
    values: list[str] = prometheus.get(f"label/{label}/values", **{"match[]": selector})
    return values


def _as_text(series: dict[str, Any]) -> str:
    metric = dict(series["metric"])
    name = metric.pop("__name__", "")
    labels = ",".join(f'{label}="{value}"' for label, value in metric.items())
    return f"{name}{{{labels}}} {series['value'][1]} {series['value'][0]}"


TABLES = sorted(
    {
        (query.dashboard, query.panel)
        for query in QUERIES
        if query.kind == "table" and query.panel not in NOTHING_TO_SHOW
    }
)


@pytest.mark.parametrize(("dashboard", "panel"), TABLES)
def test_the_queries_of_a_table_make_one_row_a_thing(
    watched: Watched, dashboard: str, panel: str
) -> None:
    """Grafana joins rows by the labels that all queries have; others must not contradict."""
    parts = [q for q in QUERIES if (q.dashboard, q.panel) == (dashboard, panel)]
    found = [
        [series["metric"] for series in shown(watched.prometheus, query)]
        for query in parts
        if not shows_nothing(query)
    ]
    names = [{label for metric in metrics for label in metric} for metrics in found]
    key = sorted(set.intersection(*names))
    rows: dict[tuple[str, ...], dict[str, str]] = {}
    for metrics in found:
        seen = Counter(tuple(metric[label] for label in key) for metric in metrics)
        assert max(seen.values(), default=1) == 1
        for metric in metrics:
            row = rows.setdefault(tuple(metric[label] for label in key), {})
            assert {**row, **metric} == {**metric, **row}
            row.update(metric)


@cache
def _columns(uid: str) -> dict[str, list[str]]:
    return {
        panel["title"]: panel["transformations"][1]["options"]["include"]["names"]
        for panel in dashboards()[uid]["panels"]
        if panel["type"] == "table"
    }


@pytest.mark.parametrize(("dashboard", "panel"), TABLES)
def test_every_column_of_a_table_exists(watched: Watched, dashboard: str, panel: str) -> None:
    parts = [q for q in QUERIES if (q.dashboard, q.panel) == (dashboard, panel)]
    values = {"Value"} if len(parts) == 1 else {f"Value #{query.ref}" for query in parts}
    labels = {
        label
        for query in parts
        if not shows_nothing(query)
        for series in shown(watched.prometheus, query)
        for label in series["metric"]
    }
    known = values | labels | {"Value"}
    assert [name for name in _columns(dashboard)[panel] if name not in known] == []


@pytest.mark.parametrize(
    ("name", "expr"), [pytest.param(*rule, id=f"{n}-{rule[0]}") for n, rule in enumerate(rules())]
)
def test_a_rule_finds_what_it_is_for(watched: Watched, name: str, expr: str) -> None:
    def found() -> list[dict[str, Any]]:
        return watched.prometheus.over_time(expr, RANGE, "5s")

    if name == "NetwatchSeriesMissing":
        # A daemon that has just begun has no results to show; the rule waits longer than that.
        assert [each["metric"] for each in found() if len(each["values"]) > 24] == []
    elif name in CANNOT_HAPPEN or name in NOT_READ:
        assert found() == []
    elif name in BY_THE_CLOCK:
        found()  # Prometheus takes the expression
    else:
        eventually(found, patience=240, pause=1)


def test_no_rule_failed(watched: Watched) -> None:
    groups = watched.prometheus.get("rules")["groups"]
    unhealthy = [rule for group in groups for rule in group["rules"] if rule["health"] != "ok"]
    assert groups
    assert unhealthy == []

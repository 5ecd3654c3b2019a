"""Mistakes that no panel of any dashboard may have, found in the JSON."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from dashboards.grafana.words import STATES
from netwatch.core.state import State
from tests.harness.dashboards import dashboards

ALL = dashboards()
_ALL_PANELS: list[tuple[str, Any]] = [
    (f"{uid}-{panel['id']}", panel)
    for uid, dashboard in ALL.items()
    for panel in dashboard["panels"]
    if panel["type"] != "row"
]
PANELS = [pytest.param(panel, id=name) for name, panel in _ALL_PANELS]
TABLES = [pytest.param(panel, id=name) for name, panel in _ALL_PANELS if panel["type"] == "table"]
_EXTRAPOLATED = re.compile(r"(?:increase|rate)\(netwatch_flow_violations_total")


def columns(panel: Any) -> dict[str, dict[str, Any]]:
    """Options of each column, by its matcher."""
    return {
        override["matcher"]["options"]: {
            each["id"]: each["value"] for each in override["properties"]
        }
        for override in panel["fieldConfig"]["overrides"]
    }


@pytest.mark.parametrize("panel", TABLES)
def test_words_are_aligned_so_that_their_vietnamese_half_is_seen(panel: Any) -> None:
    for name, options in columns(panel).items():
        if "displayName" not in options:
            continue
        assert options["custom.align"] in {"left", "right"}, name
        assert "custom.width" in options or "custom.minWidth" in options, name
        is_word = any(mapping["type"] == "value" for mapping in options.get("mappings", ()))
        assert options["custom.align"] == "left" or not is_word, name


@pytest.mark.parametrize("panel", TABLES)
def test_a_column_of_words_is_wide_enough_for_the_longest(panel: Any) -> None:
    for name, options in columns(panel).items():
        for mapping in options.get("mappings", ()):
            if mapping["type"] == "value" and "custom.width" in options:
                longest = max(len(result["text"]) for result in mapping["options"].values())
                assert options["custom.width"] >= 7 * longest, name


@pytest.mark.parametrize("panel", TABLES)
def test_the_column_of_the_rows_is_found_under_both_of_its_names(panel: Any) -> None:
    """Where no other query has data, Grafana may call it Value."""
    if len(panel["targets"]) == 1:
        return
    first = f"Value #{panel['targets'][0]['refId']}"
    if any(first[6:] in name for name in columns(panel)):
        include = panel["transformations"][1]["options"]["include"]["names"]
        assert {first, "Value"} <= {*include}
        assert f"/^Value( {first[6:]})?$/" in columns(panel)


@pytest.mark.parametrize("panel", PANELS)
def test_no_figure_is_guessed_where_it_can_be_counted(panel: Any) -> None:
    """`increase` of a counter extrapolates: it has shown 2.05 forbidden paths."""
    assert not [t for t in panel["targets"] if _EXTRAPOLATED.search(t["expr"])]


@pytest.mark.parametrize("panel", PANELS)
def test_units_are_those_that_people_read(panel: Any) -> None:
    told = json.dumps(panel["fieldConfig"])
    assert not re.search(r'"(ops|pps|reqps|wps|rps)"', told)


@pytest.mark.parametrize("panel", PANELS)
def test_which_series_are_the_worst_is_decided_once(panel: Any) -> None:
    """`topk` at every step of a curve makes stripes."""
    for target in panel["targets"]:
        if not target.get("instant") and re.search(r"\b(topk|bottomk)\(", target["expr"]):
            assert "@ end()" in target["expr"]


@pytest.mark.parametrize("panel", PANELS)
def test_a_panel_that_may_be_empty_says_why_in_both_languages(panel: Any) -> None:
    assert " / " in panel["fieldConfig"]["defaults"]["noValue"]


@pytest.mark.parametrize("uid", ALL)
def test_the_address_of_the_page_is_a_constant(uid: str) -> None:
    (page,) = (v for v in ALL[uid]["templating"]["list"] if v["name"] == "page")
    assert (page["type"], page["hide"]) == ("constant", 2)
    assert page["query"] == page["current"]["value"]


@pytest.mark.parametrize("uid", ALL)
def test_every_choice_is_vietnamese_first(uid: str) -> None:
    for variable in ALL[uid]["templating"]["list"]:
        assert not variable.get("includeAll"), "Grafana's own choice of all is English only"
        if variable.get("current", {}).get("value") == ".*":
            assert variable["current"]["text"] == "Tất cả / All"


@pytest.mark.parametrize("uid", ALL)
def test_variables_are_asked_anew_as_time_goes_on(uid: str) -> None:
    asked = [v for v in ALL[uid]["templating"]["list"] if v["type"] == "query"]
    assert {v["refresh"] for v in asked} <= {2}


@pytest.mark.parametrize("uid", ALL)
def test_incidents_and_alerts_stand_on_every_time_axis(uid: str) -> None:
    names = {each["name"] for each in ALL[uid]["annotations"]["list"]}
    assert {"Sự cố / Incidents", "Báo động / Alerts", "Bảo trì / Maintenance"} <= names


@pytest.mark.parametrize("panel", PANELS)
def test_links_keep_the_time_range_and_what_was_chosen(panel: Any) -> None:
    for options in columns(panel).values():
        for link in options.get("links", ()):
            if link["url"].startswith("/d/"):
                assert "${__url_time_range}" in link["url"]
                assert "${__all_variables}" in link["url"] or "${datasource:" in link["url"]


def test_what_is_not_known_stands_above_what_is_well() -> None:
    order = [*STATES]
    assert order.index(State.UNKNOWN) < order.index(State.MAINTENANCE) < order.index(State.UP)

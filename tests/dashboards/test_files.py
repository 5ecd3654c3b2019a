"""The dashboards as they are committed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from dashboards.grafana.__main__ import HERE
from dashboards.grafana.colours import GREY
from dashboards.grafana.files import files
from tests.harness.dashboards import (
    FILES,
    Query,
    dashboards,
    options,
    queries,
    substituted,
    variable_queries,
)

ALL = dashboards()


def test_the_committed_files_are_what_the_code_makes() -> None:
    committed = {path.name: path.read_text(encoding="utf-8") for path in FILES}
    assert committed == files(), f"run: python -m dashboards.grafana (writes to {HERE.name}/)"


def test_others_can_rely_on_the_names() -> None:
    assert ALL.keys() == {
        "netwatch-exchange",
        "netwatch-links",
        "netwatch-meetings",
        "netwatch-province",
        "netwatch-site",
    }


def panels(dashboard: Any) -> list[Any]:
    return [panel for panel in dashboard["panels"] if panel["type"] != "row"]


def texts(dashboard: Any) -> Iterator[str]:
    """Everything that operators read on a dashboard."""
    yield dashboard["title"]
    yield dashboard["description"]
    for variable in dashboard["templating"]["list"]:
        yield variable["label"]
    for link in dashboard["links"]:
        yield link["title"]
    for events in dashboard["annotations"]["list"]:
        yield events["name"]
        yield events["titleFormat"].partition(":")[0]
    for panel in dashboard["panels"]:
        yield panel["title"]
    for panel in panels(dashboard):
        yield panel["description"]
        yield panel["fieldConfig"]["defaults"]["noValue"]
        for name, value in overrides(panel):
            if name == "displayName":
                yield value
            if name == "links":
                yield from (link["title"] for link in value)
        for mapping in mappings(panel):
            yield from (result["text"] for result in results(mapping))


def overrides(panel: Any) -> Iterator[tuple[str, Any]]:
    for override in panel["fieldConfig"].get("overrides", ()):
        for each in override["properties"]:
            yield each["id"], each["value"]


def mappings(panel: Any) -> list[Any]:
    found = list(panel["fieldConfig"]["defaults"]["mappings"])
    return found + [
        each for name, value in overrides(panel) if name == "mappings" for each in value
    ]


def results(mapping: Any) -> list[Any]:
    options = mapping["options"]
    return [options["result"]] if mapping["type"] == "special" else list(options.values())


@pytest.mark.parametrize("uid", ALL)
def test_operators_read_vietnamese_first(uid: str) -> None:
    # What has one language only: "#", a dash, and the heading of the matrix' corner.
    alone = {"#", "–"}
    for text in set(texts(ALL[uid])) - alone:
        vietnamese, separator, english = text.partition(" / ")
        assert separator, text
        assert re.sub("[–→]", "", english).isascii(), text
        assert vietnamese != english, text


@pytest.mark.parametrize("uid", ALL)
def test_the_absence_of_data_is_grey(uid: str) -> None:
    for panel in panels(ALL[uid]):
        absent = [m for m in panel["fieldConfig"]["defaults"]["mappings"] if m["type"] == "special"]
        (rule,) = absent
        assert rule["options"]["match"] == "null+nan"
        assert rule["options"]["result"]["color"] == GREY
        for name, value in overrides(panel):
            if name == "mappings" and value:  # the words of a column
                told = value[-1]["options"]["result"]["text"]
                assert told in {rule["options"]["result"]["text"], "–"}
    unknown = [
        result
        for panel in panels(ALL[uid])
        for mapping in mappings(panel)
        for result in results(mapping)
        if "chưa rõ" in result["text"]
    ]
    assert unknown
    assert {result["color"] for result in unknown} == {GREY}


@pytest.mark.parametrize("uid", ALL)
def test_panels_lie_side_by_side(uid: str) -> None:
    taken: set[tuple[int, int]] = set()
    for panel in ALL[uid]["panels"]:
        at = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(at["x"], at["x"] + at["w"])
            for y in range(at["y"], at["y"] + at["h"])
        }
        assert at["x"] + at["w"] <= 24
        assert not cells & taken, panel["title"]
        taken |= cells
    assert len({panel["id"] for panel in ALL[uid]["panels"]}) == len(ALL[uid]["panels"])


@pytest.mark.parametrize("uid", ALL)
def test_variables_exist_and_are_used(uid: str) -> None:
    dashboard = ALL[uid]
    known = {variable["name"]: ".*" for variable in dashboard["templating"]["list"]}
    for query in queries(dashboard):
        query.with_values(known, "3h")
    for _, query_text, _ in variable_queries(dashboard):
        substituted(query_text, known)
    told = str(dashboard)
    assert [name for name in known if f"${name}" not in told and f"${{{name}" not in told] == []


@pytest.mark.parametrize("uid", ALL)
def test_links_lead_somewhere(uid: str) -> None:
    ids = {*ALL}
    urls = [
        link["url"]
        for panel in panels(ALL[uid])
        for name, value in overrides(panel)
        if name == "links"
        for link in value
    ]
    assert urls
    for url in urls:
        if url.startswith("/d/"):
            assert url.removeprefix("/d/").partition("?")[0] in ids
        else:
            assert url.startswith("${page:raw}/#site-")
    assert any(link.get("url", "").startswith("${page:raw}/") for link in ALL[uid]["links"])


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"a": "x"}, 'up{l="x"} and label_replace(up, "m", "$1", "n", "(.*)")'),
        ({"a": ["x.y"]}, 'up{l="x\\\\.y"} and label_replace(up, "m", "$1", "n", "(.*)")'),
        ({"a": ["x", "y"]}, 'up{l="(x|y)"} and label_replace(up, "m", "$1", "n", "(.*)")'),
    ],
)
def test_variables_are_replaced_as_grafana_does(values: Any, expected: str) -> None:
    assert (
        substituted('up{l="$a"} and label_replace(up, "m", "$1", "n", "(.*)")', values) == expected
    )
    assert substituted('up{l="${a}"}', values) == expected.partition(" and ")[0]


def test_incidents_are_told_with_all_that_is_needed_to_call_somebody() -> None:
    (shown,) = (p for p in panels(ALL["netwatch-province"]) if "Chi tiết sự cố" in p["title"])
    titles = {value for name, value in overrides(shown) if name == "displayName"}
    assert titles >= {
        "Việc gì / What happened",
        "Đường truyền, thiết bị / Line, device",
        "Nhà mạng / Carrier",
        "Hợp đồng / Contract",
        "Số điểm mất / Sites behind",
        "Đã kéo dài / For",
        "Đã có người nhận / Acknowledged",
    }


@pytest.mark.parametrize("uid", ALL)
def test_events_name_labels_that_their_series_have(uid: str) -> None:
    for events in ALL[uid]["annotations"]["list"]:
        for label in re.findall(r"\{\{(\w+)\}\}", events["titleFormat"] + events["textFormat"]):
            assert label in events["expr"]


def test_a_query_knows_its_rate_interval() -> None:
    query = Query("d", "p", "stat", "A", "rate(x[$__rate_interval])[$__range]", False, "1m")
    assert query.with_values({}, "3h") == "rate(x[4m])[3h]"


def test_options_of_a_variable() -> None:
    regex = '/name_vi="(?<text>[^"]*)".*site="(?<value>[^"]*)"/'
    rows = ['info{name_vi="Sở Y tế",site="so-y-te"} 1 2', "other"]
    assert options(rows, regex) == [("Sở Y tế", "so-y-te")]
    assert options(["a"], "") == [("a", "a")]
    assert options(['{link="a"} 1 2'], '/link="(?<text>.*)"/') == [("a", "a")]

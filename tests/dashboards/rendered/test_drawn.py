"""Every dashboard drawn by Grafana's own front end, and what a person would see go wrong."""

from __future__ import annotations

import pytest

from tests.dashboards.history import incidents, odd, scenes
from tests.dashboards.history.story import PER_MINUTE, Story
from tests.dashboards.rendered.grafana import Looked, draw
from tests.dashboards.rendered.scene_jobs import MOMENTS, all_jobs
from tests.harness.prometheus import Prometheus

pytestmark = pytest.mark.slow

NAMES = [job.name for job in all_jobs("")]

MAX_QUERIES = 25
"""Of the province's dashboard, variables among them."""


@pytest.fixture(scope="module")
def drawn(history: Prometheus) -> dict[str, Looked]:
    return draw(all_jobs(history.url))


@pytest.mark.parametrize("name", NAMES)
def test_no_panel_has_a_fault(drawn: dict[str, Looked], name: str) -> None:
    assert drawn[name].of("fault") == []


@pytest.mark.parametrize("name", NAMES)
def test_no_text_is_clipped(drawn: dict[str, Looked], name: str) -> None:
    assert drawn[name].of("clipped") == []


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_missing_where_nothing_should_be(drawn: dict[str, Looked], name: str) -> None:
    assert drawn[name].of("missing") == []
    if name.endswith("-empty"):
        return
    blank = [
        told for told in drawn[name].of("blank") if told.endswith("không có số liệu / no data")
    ]
    assert blank == []


@pytest.mark.parametrize("uid", ["province", "site", "links", "exchange", "meetings"])
def test_no_panel_is_empty_while_several_things_are_wrong(
    drawn: dict[str, Looked], uid: str
) -> None:
    assert drawn[f"netwatch-{uid}-several-whole"].of("blank") == []


@pytest.mark.parametrize("scene", MOMENTS)
def test_the_first_screen_names_each_open_incident(drawn: dict[str, Looked], scene: str) -> None:
    story = Story(scenes.shipped(), 40 * PER_MINUTE)
    scenes.tell(story)
    (screen,) = drawn[f"netwatch-province-{scene}"].of("screen")
    now = MOMENTS[scene]
    open_now = [
        each for each in incidents.incidents(story) if each.span.begin <= now < each.span.end
    ]
    for incident in open_now:
        assert incident.name_vi in screen
        assert incident.carrier in screen
        assert incident.contract in screen
    if not open_now:
        assert "Không có sự cố nào" in screen


def test_a_blind_collector_is_told_before_anything_else(drawn: dict[str, Looked]) -> None:
    (screen,) = drawn["netwatch-province-blind"].of("screen")
    assert "bị mù / blind" in screen
    assert "thông suốt / up" not in screen


def test_what_a_blind_collector_saw_before_is_not_known_now(drawn: dict[str, Looked]) -> None:
    (shown,) = (
        told
        for told in drawn["netwatch-exchange-blind-whole"].of("shown")
        if told.startswith("Từng kết nối")
    )
    assert "chưa rõ / unknown" in shown
    # Those that the Party's own vantage measures are known all the time.
    assert shown.count("đúng như mong đợi") == sum(
        flow.vantage != "state-dc" for flow in scenes.shipped().flows.values()
    )


@pytest.mark.parametrize("scene", MOMENTS)
def test_the_first_screen_asks_little(drawn: dict[str, Looked], scene: str) -> None:
    asked = drawn[f"netwatch-province-{scene}"].queries
    assert len({each["query"] for each in asked}) <= MAX_QUERIES


def test_names_are_shown_as_they_are_written(drawn: dict[str, Looked]) -> None:
    shown = " ".join(drawn["netwatch-province-odd-cut"].of("shown"))
    for name in (odd.QUOTED, odd.LONG):
        assert name in shown

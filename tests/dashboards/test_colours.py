"""Colours tell states apart for everybody, and letters can be read on them."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest

from dashboards.grafana import words
from dashboards.grafana.colours import CLEAR, PLAIN, SIGNALS
from tests.dashboards.vision import KINDS, contrast, distance
from tests.harness.dashboards import dashboards

MIN_DISTANCE = 12.0
"""CIEDE2000 of any two signals; red and green of Grafana have 7 for a deuteranope."""

MIN_CONTRAST = 4.5
"""Of letters on a signal: WCAG 2.1, level AA."""

MIN_SHAPE_CONTRAST = 2.2
"""Of a signal on the background of a dark panel; each has its word beside it."""

DARK_PANEL = "#181b1f"
LIGHT_LETTERS, DARK_LETTERS = "#f7f8fa", "#202226"

WORDS: list[words.Words] = [
    words.STATES,
    words.RANKED_STATES,
    words.LINES,
    words.FLOWS,
    words.READINESS,
    words.INTERFACE,
    words.SIGHT,
    words.SUCCESS,
    words.SEVERITIES,
    words.ACKNOWLEDGED,
]


def letters(background: str) -> str:
    """The colour in which Grafana writes on a background: by its brightness."""
    red, green, blue = (int(background[at : at + 2], 16) for at in (1, 3, 5))
    return DARK_LETTERS if (299 * red + 587 * green + 114 * blue) / 1000 > 180 else LIGHT_LETTERS


@pytest.mark.parametrize("kind", KINDS)
def test_signals_differ_for_every_kind_of_sight(kind: str) -> None:
    near = {
        (one, other): distance(SIGNALS[one], SIGNALS[other], kind)
        for one, other in combinations(SIGNALS, 2)
    }
    assert {pair: found for pair, found in near.items() if found < MIN_DISTANCE} == {}


@pytest.mark.parametrize("name", SIGNALS)
def test_letters_can_be_read_on_a_signal(name: str) -> None:
    assert contrast(letters(SIGNALS[name]), SIGNALS[name]) >= MIN_CONTRAST
    assert contrast(DARK_PANEL, SIGNALS[name]) >= MIN_SHAPE_CONTRAST


def test_the_distance_is_that_of_its_authors() -> None:
    # Sharma, Wu and Dalal 2005: colours that differ are told apart, and the same ones aren't.
    assert distance("#ffffff", "#ffffff", "all colours") == 0
    assert distance("#000000", "#ffffff", "all colours") == pytest.approx(100, abs=0.1)
    assert distance("#f2495c", "#73bf69", "deuteranopia") < MIN_DISTANCE


def test_words_of_one_list_have_the_colours_of_signals() -> None:
    allowed = {*SIGNALS.values(), PLAIN, CLEAR}
    assert {word.colour for each in WORDS for word in each.values()} <= allowed


@pytest.mark.parametrize("uid", dashboards())
def test_no_panel_has_a_colour_of_its_own(uid: str) -> None:
    used = {*_colours(dashboards()[uid]["panels"])}
    assert used <= {*SIGNALS.values(), PLAIN, CLEAR}


def _colours(node: Any) -> list[str]:
    """Every fixed colour below a node of the JSON."""
    if isinstance(node, list):
        return [colour for each in node for colour in _colours(each)]
    if not isinstance(node, dict):
        return []
    own = [
        value
        for key, value in node.items()
        if key in {"color", "fixed"} and isinstance(value, str) and not value.startswith("img/")
    ]
    # A heatmap always has a colour for exemplars, of which there are none.
    below = [value for key, value in node.items() if key != "exemplars"]
    return [colour for colour in own if colour] + _colours(below)

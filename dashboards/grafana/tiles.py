"""Big figures and words, which are read from across a room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from grafana_foundation_sdk.builders.common import ReduceDataOptions, VizTextDisplayOptions
from grafana_foundation_sdk.builders.dashboard import FieldColor
from grafana_foundation_sdk.builders.prometheus import Dataquery
from grafana_foundation_sdk.builders.stat import Panel as Stat
from grafana_foundation_sdk.models.common import (
    BigValueColorMode,
    BigValueGraphMode,
    BigValueJustifyMode,
    BigValueTextMode,
    VizOrientation,
)
from grafana_foundation_sdk.models.dashboard import DynamicConfigValue, FieldColorModeId

from dashboards.grafana.colours import AMBER, BLUE, CLEAR, PLAIN, RED
from dashboards.grafana.links import Link
from dashboards.grafana.panels import DECIMALS, Levels, now, steps, styled
from dashboards.grafana.queries import SEES
from dashboards.grafana.words import NO_DATA, NOTHING, Words

ANY_IS_BAD: Levels = ((None, BLUE), (1, RED))
"""Of a count that must be 0."""

ANY_IS_WARNING: Levels = ((None, BLUE), (1, AMBER))

FIGURE: Levels = ((None, PLAIN),)
"""Of a figure that is neither good nor bad."""

ROW_LETTERS = 32
"""Pixels that a row of ``rows_for_the_wall`` is high."""


def stat(  # noqa: PLR0913 - the parts of a panel, each named where it is used
    title: str,
    description: str,
    size: tuple[int, int],
    queries: Sequence[Dataquery],
    *,
    unit: str = "short",
    words: Words | None = None,
    levels: Levels = FIGURE,
    empty: str = NO_DATA.both,
) -> Stat:
    """Big figures, or a word on its colour."""
    panel = styled(Stat(), title, description, size, words).targets(list(queries)).unit(unit)
    panel.thresholds(steps(levels)).graph_mode(BigValueGraphMode.NONE).no_value(empty)
    panel.color_scheme(FieldColor().mode(FieldColorModeId.THRESHOLDS))
    panel.reduce_options(ReduceDataOptions().calcs(["lastNotNull"]))
    panel.orientation(VizOrientation.VERTICAL).justify_mode(BigValueJustifyMode.CENTER)
    if unit in DECIMALS:
        panel.decimals(DECIMALS[unit])
    panel.text_mode(BigValueTextMode.VALUE)
    plain = levels is FIGURE and not words
    return panel.color_mode(BigValueColorMode.NONE if plain else BigValueColorMode.BACKGROUND_SOLID)


def figure(  # noqa: PLR0913 - the parts of a panel, each named where it is used
    title: str,
    description: str,
    size: tuple[int, int],
    expr: str,
    *,
    unit: str = "short",
    words: Words | None = None,
    levels: Levels = FIGURE,
    empty: str = NO_DATA.both,
    link: Link | None = None,
) -> Stat:
    """The present value of one series, as a big figure, or as a word on its colour."""
    queries = [now("A", expr, title)]
    panel = stat(
        title,
        description,
        size,
        queries,
        unit=unit,
        words=words,
        levels=levels,
        empty=empty,
    )
    if link is not None:
        panel.override_by_query("A", [DynamicConfigValue("links", [link.of_a_row()])])
    return panel


def tally(  # noqa: PLR0913, PLR0917 - as of stat
    title: str,
    description: str,
    size: tuple[int, int],
    expr: str,
    words: Words,
    empty: str = NO_DATA.both,
) -> Stat:
    """How many are in each state: ``expr`` has one series a state, with the label ``state``.

    A count of 1 or more has the colour of its state.
    """
    query = now("A", expr, "{{state}}")
    panel = stat(title, description, size, [query], levels=((None, CLEAR),), empty=empty)
    panel.text_mode(BigValueTextMode.VALUE_AND_NAME)
    panel.text(VizTextDisplayOptions().title_size(13).value_size(28))
    for state, word in words.items():
        levels = steps(((None, CLEAR), (1, word.colour))).build()
        named = [
            DynamicConfigValue("displayName", word.both),
            DynamicConfigValue("thresholds", levels),
        ]
        panel.override_by_name(str(state), named)
    return panel


def rows_for_the_wall(  # noqa: PLR0913 - as of stat
    title: str,
    description: str,
    size: tuple[int, int],
    queries: Mapping[str, Dataquery],
    *,
    unit: str,
    words: Words,
) -> Stat:
    """One row a series in large letters: its name, then its value.

    The queries stand by the colour of their rows, and in the order of the rows.
    """
    panel = stat(title, description, size, list(queries.values()), unit=unit, words=words)
    panel.text_mode(BigValueTextMode.VALUE_AND_NAME).orientation(VizOrientation.HORIZONTAL)
    panel.color_mode(BigValueColorMode.BACKGROUND_SOLID).justify_mode(BigValueJustifyMode.AUTO)
    panel.text(VizTextDisplayOptions().title_size(ROW_LETTERS).value_size(ROW_LETTERS))
    for colour, query in queries.items():
        levels = steps(((None, colour),)).build()
        properties = [DynamicConfigValue("thresholds", levels)]
        panel.override_by_query(query.build().ref_id, properties)
    return panel


def announcement(  # noqa: PLR0913, PLR0917 - the parts of a panel, each named where it is used
    title: str, description: str, size: tuple[int, int], expr: str, none: str, colour: str
) -> Stat:
    """What is on, and for how long, in letters for the back of a room.

    ``expr`` is in seconds and has the label ``title``; where it has nothing, ``none`` is said, as
    long as there is a collector.
    """
    nothing = f'label_replace(0 * {SEES} - 1, "title", "{none}", "", "")'
    query = now("A", f"{expr} or on () {nothing}", "{{title}}")
    levels: Levels = ((None, CLEAR), (0, colour))
    panel = stat(
        title, description, size, [query], unit="dtdhms", levels=levels, words={-1: NOTHING}
    )
    panel.text_mode(BigValueTextMode.VALUE_AND_NAME).color_mode(BigValueColorMode.BACKGROUND_SOLID)
    return panel.text(VizTextDisplayOptions().title_size(34).value_size(60))

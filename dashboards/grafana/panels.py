"""Panels as netwatch draws them: one look, one data source, no value that passes for another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol, Self, TypeVar

from grafana_foundation_sdk.builders.common import (
    ReduceDataOptions,
    VizLegendOptions,
    VizTooltipOptions,
)
from grafana_foundation_sdk.builders.dashboard import FieldColor, ThresholdsConfig
from grafana_foundation_sdk.builders.prometheus import Dataquery
from grafana_foundation_sdk.builders.stat import Panel as Stat
from grafana_foundation_sdk.builders.statetimeline import Panel as StateTimeline
from grafana_foundation_sdk.builders.timeseries import Panel as TimeSeries
from grafana_foundation_sdk.models.common import (
    BigValueColorMode,
    BigValueGraphMode,
    BigValueTextMode,
    LegendDisplayMode,
    LegendPlacement,
    SortOrder,
    TooltipDisplayMode,
    VisibilityMode,
    VizOrientation,
)
from grafana_foundation_sdk.models.dashboard import (
    DataSourceRef,
    DynamicConfigValue,
    FieldColorModeId,
    Threshold,
    ThresholdsMode,
    ValueMapping,
)
from grafana_foundation_sdk.models.prometheus import PromQueryFormat

from dashboards.grafana.words import GREY, NO_DATA, Word, Words, mappings

SOURCE = DataSourceRef(type_val="prometheus", uid="${datasource}")
"""The Prometheus that the variable names."""

POLLED = "1m"
"""The least step for what devices are polled for: shorter ones would read most rates as 0."""

SHARE = "percentunit"
"""The unit of 0 to 1. Always with two decimals: Grafana would write 99.6 % as 100 %."""

DECIMALS = {SHARE: 2}
"""By unit, where Grafana's own choice would hide something."""

Levels = Sequence[tuple[float | None, str]]
"""Colours of a figure, each from its bound on; the first bound is None."""

PLAIN: Levels = ((None, "text"),)
LOSS: Levels = ((None, "text"), (0.01, "orange"), (0.1, "red"))
FULL: Levels = ((None, "text"), (0.7, "orange"), (0.9, "red"))
AVAILABLE: Levels = ((None, "red"), (0.99, "orange"), (0.999, "green"))


class _Panel(Protocol):
    def title(self, title: str) -> Self: ...
    def description(self, description: str) -> Self: ...
    def datasource(self, datasource: DataSourceRef) -> Self: ...
    def span(self, w: int) -> Self: ...
    def height(self, h: int) -> Self: ...
    def no_value(self, no_value: str) -> Self: ...
    def mappings(self, mappings: list[ValueMapping]) -> Self: ...


_P = TypeVar("_P", bound=_Panel)
_Value = TypeVar("_Value", bound=int)


def styled(
    panel: _P, title: str, description: str, size: tuple[int, int], words: Words | None = None
) -> _P:
    """Give a panel what all panels have; ``size`` is width and height on a grid of 24 columns."""
    width, height = size
    panel.title(title).description(description).datasource(SOURCE).mappings(mappings(words or {}))
    return panel.span(width).height(height).no_value(NO_DATA.both)


def now(ref: str, expr: str, legend: str = "") -> Dataquery:
    """The value of this moment."""
    query = Dataquery().ref_id(ref).expr(expr).instant().datasource(SOURCE)
    return query.format(PromQueryFormat.TIME_SERIES).legend_format(legend)


def rows(ref: str, expr: str) -> Dataquery:
    """The values of this moment as rows of a table; the column is called ``Value #<ref>``."""
    query = Dataquery().ref_id(ref).expr(expr).instant().datasource(SOURCE)
    return query.format(PromQueryFormat.TABLE)


def over_time(ref: str, expr: str, legend: str, step: str = "") -> Dataquery:
    """The values over the time range of the dashboard."""
    query = Dataquery().ref_id(ref).expr(expr).range().datasource(SOURCE)
    query = query.format(PromQueryFormat.TIME_SERIES).legend_format(legend)
    return query.interval(step) if step else query


def steps(levels: Levels) -> ThresholdsConfig:
    """The colour thresholds as Grafana wants them."""
    thresholds = [Threshold(value=bound, color=colour) for bound, colour in levels]
    return ThresholdsConfig().mode(ThresholdsMode.ABSOLUTE).steps(thresholds)


def stat(  # noqa: PLR0913 - the parts of a panel, each named where it is used
    title: str,
    description: str,
    size: tuple[int, int],
    queries: Sequence[Dataquery],
    *,
    unit: str = "short",
    words: Words | None = None,
    levels: Levels = PLAIN,
) -> Stat:
    """Big figures, or a word on its colour."""
    panel = styled(Stat(), title, description, size, words).targets(list(queries)).unit(unit)
    panel.thresholds(steps(levels)).graph_mode(BigValueGraphMode.NONE)
    panel.color_scheme(FieldColor().mode(FieldColorModeId.THRESHOLDS))
    panel.reduce_options(ReduceDataOptions().calcs(["lastNotNull"]))
    panel.orientation(VizOrientation.VERTICAL)
    if unit in DECIMALS:
        panel.decimals(DECIMALS[unit])
    alone = len(queries) == 1
    panel.text_mode(BigValueTextMode.VALUE if alone else BigValueTextMode.VALUE_AND_NAME)
    return panel.color_mode(BigValueColorMode.BACKGROUND if words else BigValueColorMode.VALUE)


def figure(  # noqa: PLR0913 - the parts of a panel, each named where it is used
    title: str,
    description: str,
    size: tuple[int, int],
    expr: str,
    *,
    unit: str = "short",
    words: Words | None = None,
    levels: Levels = PLAIN,
) -> Stat:
    """The present value of one series, as a big figure, or as a word on its colour."""
    return stat(title, description, size, [now("A", expr)], unit=unit, words=words, levels=levels)


def tally(
    title: str,
    description: str,
    size: tuple[int, int],
    counts: Mapping[_Value, str],
    words: Mapping[_Value, Word],
) -> Stat:
    """How many are in each state; a count of 1 or more has the colour of its state."""
    queries = [now(f"s{state:d}", expr, words[state].both) for state, expr in counts.items()]
    panel = stat(title, description, size, queries)
    for state in counts:
        levels = steps(((None, GREY), (1, words[state].colour))).build()
        panel.override_by_query(f"s{state:d}", [DynamicConfigValue("thresholds", levels)])
    return panel


def lines(  # noqa: PLR0913
    title: str,
    description: str,
    size: tuple[int, int],
    queries: Sequence[Dataquery],
    *,
    unit: str,
    top: float | None = None,
) -> TimeSeries:
    """Lines over time. Gaps stay gaps: nothing is drawn where nothing was measured."""
    panel = styled(TimeSeries(), title, description, size).targets(list(queries)).unit(unit)
    panel.min(0).line_width(1).fill_opacity(5).thresholds(steps(PLAIN))
    panel.color_scheme(FieldColor().mode(FieldColorModeId.PALETTE_CLASSIC_BY_NAME))
    panel.span_nulls(False).show_points(VisibilityMode.AUTO)
    if unit in DECIMALS:
        panel.decimals(DECIMALS[unit])
    if top is not None:
        panel.axis_soft_max(top)
    legend = VizLegendOptions().display_mode(LegendDisplayMode.TABLE).show_legend(True)
    panel.legend(legend.placement(LegendPlacement.BOTTOM).calcs(["lastNotNull", "max"]))
    return panel.tooltip(
        VizTooltipOptions().mode(TooltipDisplayMode.MULTI).sort(SortOrder.DESCENDING)
    )


def timeline(
    title: str, description: str, size: tuple[int, int], query: Dataquery, words: Words
) -> StateTimeline:
    """States over time, one bar a series."""
    panel = styled(StateTimeline(), title, description, size, words).targets([query])
    panel.thresholds(steps(((None, GREY),))).fill_opacity(80)
    panel.color_scheme(FieldColor().mode(FieldColorModeId.THRESHOLDS))
    panel.merge_values(True).show_value(VisibilityMode.AUTO).row_height(0.8)
    legend = VizLegendOptions().display_mode(LegendDisplayMode.LIST).show_legend(True)
    return panel.legend(legend.placement(LegendPlacement.BOTTOM).calcs([]))

"""Panels as netwatch draws them: one look, one data source, no value that passes for another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, Self, TypeVar

from grafana_foundation_sdk.builders.common import (
    VizLegendOptions,
    VizTooltipOptions,
)
from grafana_foundation_sdk.builders.dashboard import FieldColor, ThresholdsConfig
from grafana_foundation_sdk.builders.heatmap import (
    HeatmapColorOptions,
    YAxisConfig,
)
from grafana_foundation_sdk.builders.heatmap import Panel as Heatmap
from grafana_foundation_sdk.builders.prometheus import Dataquery
from grafana_foundation_sdk.builders.statetimeline import Panel as StateTimeline
from grafana_foundation_sdk.builders.timeseries import Panel as TimeSeries
from grafana_foundation_sdk.models.common import (
    LegendDisplayMode,
    LegendPlacement,
    SortOrder,
    TooltipDisplayMode,
    VisibilityMode,
)
from grafana_foundation_sdk.models.dashboard import (
    DataSourceRef,
    DynamicConfigValue,
    FieldColorModeId,
    Threshold,
    ThresholdsMode,
    ValueMapping,
)
from grafana_foundation_sdk.models.heatmap import HeatmapColorMode
from grafana_foundation_sdk.models.prometheus import PromQueryFormat

from dashboards.grafana.colours import AMBER, BLUE, CLEAR, GREY, PLAIN, RED
from dashboards.grafana.words import NO_DATA, Words, mappings

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

PLAIN_LEVELS: Levels = ((None, CLEAR),)
LOSS: Levels = ((None, CLEAR), (0.01, AMBER), (0.1, RED))
FULL: Levels = ((None, BLUE), (0.7, AMBER), (0.9, RED))
AVAILABLE: Levels = ((None, RED), (0.99, AMBER), (0.999, BLUE))
ROUND_TRIP_LEVELS: Levels = ((None, CLEAR), (0.15, AMBER), (0.3, RED))
JITTER_LEVELS: Levels = ((None, CLEAR), (0.03, AMBER), (0.1, RED))
"""The bounds of amber are those of the widest class that is shipped (``config/inventory``)."""


class _Panel(Protocol):
    def title(self, title: str) -> Self: ...
    def description(self, description: str) -> Self: ...
    def datasource(self, datasource: DataSourceRef) -> Self: ...
    def span(self, w: int) -> Self: ...
    def height(self, h: int) -> Self: ...
    def no_value(self, no_value: str) -> Self: ...
    def mappings(self, mappings: list[ValueMapping]) -> Self: ...


_P = TypeVar("_P", bound=_Panel)


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


def lines(  # noqa: PLR0913
    title: str,
    description: str,
    size: tuple[int, int],
    queries: Sequence[Dataquery],
    *,
    unit: str,
    top: float | None = None,
    empty: str = NO_DATA.both,
) -> TimeSeries:
    """Lines over time. Gaps stay gaps: nothing is drawn where nothing was measured."""
    return _curves(title, description, size, queries, unit, top, empty).min(0)


def _curves(  # noqa: PLR0913, PLR0917
    title: str,
    description: str,
    size: tuple[int, int],
    queries: Sequence[Dataquery],
    unit: str,
    top: float | None,
    empty: str,
) -> TimeSeries:
    panel = styled(TimeSeries(), title, description, size).targets(list(queries)).unit(unit)
    panel.no_value(empty).line_width(1).fill_opacity(5).thresholds(steps(((None, PLAIN),)))
    panel.color_scheme(FieldColor().mode(FieldColorModeId.PALETTE_CLASSIC_BY_NAME))
    panel.span_nulls(False).show_points(VisibilityMode.AUTO)
    if unit in DECIMALS:
        panel.decimals(DECIMALS[unit])
    if top is not None:
        panel.axis_soft_max(top)
    legend = VizLegendOptions().display_mode(LegendDisplayMode.TABLE).show_legend(True)
    panel.legend(legend.placement(LegendPlacement.RIGHT).calcs(["lastNotNull", "max"]))
    return panel.tooltip(
        VizTooltipOptions().mode(TooltipDisplayMode.MULTI).sort(SortOrder.DESCENDING)
    )


def timeline(  # noqa: PLR0913, PLR0917
    title: str,
    description: str,
    size: tuple[int, int],
    query: Dataquery,
    words: Words,
    empty: str = NO_DATA.both,
) -> StateTimeline:
    """States over time, one bar a series; where there is room, its word stands in the bar."""
    panel = styled(StateTimeline(), title, description, size, words).targets([query])
    panel.thresholds(steps(((None, GREY),))).fill_opacity(80)
    panel.color_scheme(FieldColor().mode(FieldColorModeId.THRESHOLDS))
    panel.no_value(empty).merge_values(True).show_value(VisibilityMode.AUTO).row_height(0.8)
    legend = VizLegendOptions().display_mode(LegendDisplayMode.LIST).show_legend(True)
    return panel.legend(legend.placement(LegendPlacement.BOTTOM).calcs([]))


def mirrored(  # noqa: PLR0913
    title: str,
    description: str,
    size: tuple[int, int],
    upwards: Sequence[Dataquery],
    downwards: Sequence[Dataquery],
    *,
    unit: str,
    empty: str = NO_DATA.both,
) -> TimeSeries:
    """Two directions in one panel: one is drawn upwards, and the other downwards."""
    queries = [*upwards, *downwards]
    panel = _curves(title, description, size, queries, unit, None, empty)
    panel.axis_centered_zero(True)
    for query in downwards:
        below = [DynamicConfigValue("custom.transform", "negative-Y")]
        panel.override_by_query(query.build().ref_id, below)
    return panel


def heatmap(
    title: str, description: str, size: tuple[int, int], query: Dataquery, empty: str = NO_DATA.both
) -> Heatmap:
    """How many there were in each bucket over time; the series are the buckets, by ``le``."""
    panel = styled(Heatmap(), title, description, size)
    panel.targets([query.format(PromQueryFormat.HEATMAP)]).no_value(empty).calculate(False)
    colours = HeatmapColorOptions().mode(HeatmapColorMode.SCHEME).scheme("Viridis").steps(32)
    panel.color(colours.exponent(0.5)).y_axis(YAxisConfig().unit("s"))
    return panel.show_legend().cell_gap(0)

"""The map of the province: places by the worst state there, on a base layer of one's own."""

from __future__ import annotations

from collections.abc import Sequence

from grafana_foundation_sdk.builders.dashboard import FieldColor
from grafana_foundation_sdk.builders.geomap import (
    ControlsOptions,
    MapViewConfig,
    TooltipOptions,
)
from grafana_foundation_sdk.builders.geomap import Panel as Geomap
from grafana_foundation_sdk.builders.prometheus import Dataquery
from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.models.common import (
    FrameGeometrySource,
    FrameGeometrySourceMode,
    MapLayerOptions,
)
from grafana_foundation_sdk.models.dashboard import (
    DataTransformerConfig,
    DynamicConfigValue,
    FieldColorModeId,
)
from grafana_foundation_sdk.models.geomap import TooltipMode

from dashboards.grafana.colours import CLEAR, GREY, PLAIN, RED
from dashboards.grafana.links import TO_SITE
from dashboards.grafana.panels import steps, styled
from dashboards.grafana.words import RANKED_STATES, both, mappings

BASE_LAYER = "public/maps/netwatch.geojson"
"""Served by Grafana itself, from ``maps`` below its static files: the province puts it there."""

_NO_TILES = "public/maps/netwatch/{z}/{x}/{y}.png"
"""In the place of tiles from the Internet; who has some of the province may put them there."""

_LATITUDE, _LONGITUDE = "Value #latitude", "Value #longitude"
_STATE, _CUT = "Value #state", "Value #cut"


class _Made(Builder[MapLayerOptions]):
    """A layer, as the SDK wants it."""

    def __init__(self, layer: MapLayerOptions) -> None:
        self._layer = layer

    def build(self) -> MapLayerOptions:
        return self._layer


def province_map(
    title: str, description: str, size: tuple[int, int], queries: Sequence[Dataquery], empty: str
) -> Geomap:
    """Places with ``Value #state`` (ranked), lines that are cut, and their coordinates."""
    panel = styled(Geomap(), title, description, size).targets(list(queries)).no_value(empty)
    panel.with_transformation(DataTransformerConfig("merge", options={}))
    # What is drawn last lies on top: of several sites at one place that is the worst one.
    worst_last = {"sort": [{"field": _STATE, "desc": False}]}
    panel.with_transformation(DataTransformerConfig("sortBy", options=worst_last))
    panel.color_scheme(FieldColor().mode(FieldColorModeId.THRESHOLDS))
    panel.override_by_name(
        _STATE,
        [
            DynamicConfigValue("displayName", both("Xấu nhất", "Worst state")),
            DynamicConfigValue("mappings", mappings(RANKED_STATES)),
            DynamicConfigValue("thresholds", steps(_levels()).build()),
        ],
    )
    panel.override_by_name(
        _CUT,
        [
            DynamicConfigValue("displayName", both("Đường bị đứt", "Lines cut")),
            DynamicConfigValue("mappings", []),
            DynamicConfigValue("thresholds", steps(((None, CLEAR), (1, RED))).build()),
        ],
    )
    panel.override_by_name(
        "name_vi",
        [
            DynamicConfigValue("displayName", both("Tên", "Name")),
            DynamicConfigValue("links", [TO_SITE.of_a_row()]),
        ],
    )
    panel.basemap(_Made(MapLayerOptions("xyz", "tiles", {"url": _NO_TILES, "attribution": ""})))
    panel.layers([_Made(layer) for layer in (_base(), _places(), _cuts())])
    panel.view(MapViewConfig().id("fit").all_layers(True).zoom(9))
    panel.controls(ControlsOptions().show_zoom(True).mouse_wheel_zoom(False))
    return panel.tooltip(TooltipOptions().mode(TooltipMode.DETAILS))


def _levels() -> list[tuple[float | None, str]]:
    return [
        (None if rank == 0 else rank, RANKED_STATES[rank].colour) for rank in sorted(RANKED_STATES)
    ]


def _base() -> MapLayerOptions:
    style = {"color": {"fixed": GREY}, "opacity": 0.25, "lineWidth": 1}
    config = {"src": BASE_LAYER, "rules": [], "style": style}
    return MapLayerOptions("geojson", both("Nền", "Base"), config, tooltip=False)


def _places() -> MapLayerOptions:
    circle = "img/icons/marker/circle.svg"
    style = _style(circle, _STATE, 9) | {
        "text": {"mode": "field", "field": "told", "fixed": ""},
        "textConfig": {
            "fontSize": 11,
            "offsetX": 0,
            "offsetY": -16,
            "textAlign": "center",
            "textBaseline": "middle",
        },
    }
    return _markers(both("Điểm", "Sites"), style)


def _cuts() -> MapLayerOptions:
    return _markers(
        both("Đường bị đứt", "Lines cut"), _style("img/icons/marker/x-mark.svg", _CUT, 14)
    )


def _markers(name: str, style: dict[str, object]) -> MapLayerOptions:
    location = FrameGeometrySource(
        FrameGeometrySourceMode.COORDS, latitude=_LATITUDE, longitude=_LONGITUDE
    )
    config = {"showLegend": False, "style": style}
    return MapLayerOptions("markers", name, config, location, tooltip=True)


def _style(symbol: str, field: str, size: int) -> dict[str, object]:
    return {
        "color": {"field": field, "fixed": PLAIN},
        "opacity": 0.95,
        "size": {"fixed": size, "min": size, "max": size},
        "symbol": {"mode": "fixed", "fixed": symbol},
        "symbolAlign": {"horizontal": "center", "vertical": "center"},
    }

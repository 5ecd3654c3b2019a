"""PromQL of the places on the map: those that have coordinates of their own."""

from __future__ import annotations

from dashboards.grafana.queries import chosen, ranked
from netwatch.core.state import State

_DEGREES = "netwatch_site_coordinates_degrees"
_PLACE_OF = f'* on (site) group_left (place) (0 * {_DEGREES}{{axis="latitude"}} + 1)'
"""Gives a series of a site the label of the place where it is drawn."""


def _at_places(expr: str) -> str:
    """Series of places, by the site whose coordinates they have."""
    return f'label_replace({expr}, "site", "$1", "place", "(.*)")'


STATE = (
    _at_places(f"max by (place) (({chosen(ranked('netwatch_site_state'))}) {_PLACE_OF})")
    + " * on (site) group_left (name_vi) netwatch_site_info"
)
"""The worst state of the chosen sites at each place, ranked, with the name of the place."""

_CUT_LINES = (
    f"label_replace((netwatch_link_state == {State.DOWN:d})"
    " * on (link) group_left (a_site) netwatch_link_info"
    ', "site", "$1", "a_site", "(.*)")'
)

CUT = _at_places(f"count by (place) (({_CUT_LINES}) {_PLACE_OF})")
"""How many lines that end at each place are cut."""


def along(axis: str) -> str:
    """Latitude or longitude of each place where a chosen site is."""
    degrees = f'{_DEGREES}{{axis="{axis}"}}'
    return _at_places(f"max by (place) ({chosen(degrees)})")

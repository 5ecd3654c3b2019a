"""PromQL of the places on the map: those that have coordinates of their own."""

from __future__ import annotations

from dashboards.grafana.queries import chosen, ranked
from netwatch.core.state import State

_DEGREES = "netwatch_site_coordinates_degrees"
_WELL = 1
"""The rank of maintenance; what is worse stands above it."""

_PLACE_OF = f'* on (site) group_left (place) (0 * {_DEGREES}{{axis="latitude"}} + 1)'
"""Gives a series of a site the label of the place where it is drawn."""


def _at_places(expr: str) -> str:
    """Series of places, by the site whose coordinates they have."""
    return f'label_replace({expr}, "site", "$1", "place", "(.*)")'


_WORST = (
    _at_places(f"max by (place) (({chosen(ranked('netwatch_site_state'))}) {_PLACE_OF})")
    + " * on (site) group_left (name_vi) netwatch_site_info"
)

STATE = (
    f'label_replace(({_WORST}) > {_WELL}, "told", "$1", "name_vi", "(.*)") or on (site) {_WORST}'
)
"""The worst state of the chosen sites at each place, ranked, with the name of the place.

The label ``told`` is its name too, where something is wrong: the map writes only those.
"""

_CUT_LINES = (
    f"label_replace((netwatch_link_state == bool {State.DOWN:d})"
    " * on (link) group_left (a_site) netwatch_link_info"
    ', "site", "$1", "a_site", "(.*)")'
)

CUT = _at_places(f"sum by (place) (({_CUT_LINES}) {_PLACE_OF})")
"""How many lines that end at each place are cut."""


def along(axis: str) -> str:
    """Latitude or longitude of each place where a chosen site is."""
    degrees = f'{_DEGREES}{{axis="{axis}"}}'
    return _at_places(f"max by (place) ({chosen(degrees)})")

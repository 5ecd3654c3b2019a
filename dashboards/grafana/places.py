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


_MARKED = ranked("netwatch_site_state", bad='label_replace({}, "told", "bad", "", "")')
"""Ranks, of which those of something bad have a mark in the label ``told``."""

_NAMED = (
    _at_places(f"max by (place, told) (({_MARKED}) {_PLACE_OF})")
    + " * on (site) group_left (name_vi) netwatch_site_info"
)


def _only_bad(expr: str) -> str:
    """The name in the place of the mark, and nothing in the place of none."""
    joined = f'label_join({expr}, "told", " ", "told", "name_vi")'
    named = f'label_replace({joined}, "told", "$1", "told", "bad (.*)")'
    return f'label_replace({named}, "told", "", "told", " .*")'


STATE = _only_bad(_NAMED)
"""The worst state of all sites at each place, ranked, with the name of the place.

The label ``told`` is its name too, where something is wrong: the map writes only those. Such a
place has a second row for the others of its sites, which the map draws first.
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

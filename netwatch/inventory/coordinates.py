"""Where a site is drawn on a map: at its own coordinates, or at those of a site above it."""

from __future__ import annotations

from typing import NamedTuple

from netwatch.inventory.model import Inventory


class MapPoint(NamedTuple):
    """A point on the map.

    Attributes:
        site: whose coordinates they are.
        coordinates: latitude and longitude in degrees (WGS 84).
    """

    site: str
    coordinates: tuple[float, float]


def place_of(site_id: str, inventory: Inventory) -> MapPoint | None:
    """The place of a site or of the nearest one above it that has coordinates; None without any."""
    above: str | None = site_id
    seen: set[str] = set()
    while above is not None and above not in seen:
        seen.add(above)
        site = inventory.sites[above]
        if site.coordinates is not None:
            return MapPoint(above, site.coordinates)
        above = site.parent
    return None

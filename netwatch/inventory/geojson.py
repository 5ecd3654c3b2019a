"""The sites and lines of an inventory as GeoJSON (RFC 7946), for any map."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from netwatch.inventory.coordinates import place_of
from netwatch.inventory.links import all_links
from netwatch.inventory.model import Inventory


def as_geojson(inventory: Inventory) -> dict[str, Any]:
    """A point for each site that has a place, and a line for each whose ends have two."""
    return {"type": "FeatureCollection", "features": [*_sites(inventory), *_lines(inventory)]}


def _sites(inventory: Inventory) -> Iterator[dict[str, Any]]:
    for site_id, site in inventory.sites.items():
        place = place_of(site_id, inventory)
        if place is not None:
            yield _feature(
                {"type": "Point", "coordinates": _position(place.coordinates)},
                id=site_id,
                name_vi=site.name_vi,
                name=site.name,
                tier=site.tier,
                network=site.network,
                parent=site.parent,
                own_coordinates=place.site == site_id,
            )


def _lines(inventory: Inventory) -> Iterator[dict[str, Any]]:
    for link_id, link in all_links(inventory).items():
        ends = [end.target.partition("/")[0] for end in (link.a, link.b)]
        a, b = (place_of(site_id, inventory) for site_id in ends)
        if a is None or b is None or a.coordinates == b.coordinates:
            continue
        positions = [_position(a.coordinates), _position(b.coordinates)]
        yield _feature(
            {"type": "LineString", "coordinates": positions},
            id=link_id,
            name_vi=link.name_vi,
            carrier=link.carrier,
            contract=link.contract,
            capacity=link.capacity,
            a=link.a.target,
            b=link.b.target,
        )


def _position(coordinates: tuple[float, float]) -> list[float]:
    """Longitude before latitude, as GeoJSON has it."""
    latitude, longitude = coordinates
    return [longitude, latitude]


def _feature(geometry: dict[str, Any], **properties: object) -> dict[str, Any]:
    known = {name: value for name, value in properties.items() if value is not None}
    return {"type": "Feature", "geometry": geometry, "properties": known}

"""A stand-in for the base layer of the map: the outline around all sites that say where they are.

``python -m dashboards.grafana.outline config/inventory > maps/netwatch.geojson``. Whoever has the
real outline of the province puts that in its place: any GeoJSON in WGS 84.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from netwatch import probes
from netwatch.inventory.load import load_inventory

MARGIN = 0.04
"""Degrees between the outermost sites and the outline."""

Point = tuple[float, float]
"""Longitude and latitude, as GeoJSON has them (RFC 7946)."""


def outline(points: list[Point]) -> dict[str, object]:
    """The convex hull of the points, with a margin, as GeoJSON; without points, no feature."""
    around = [
        (lon + east * MARGIN, lat + north * MARGIN)
        for lon, lat in points
        for east in (-1, 1)
        for north in (-1, 1)
    ]
    hull = _half(sorted({*around})) + _half(sorted({*around}, reverse=True))
    ring = [[round(lon, 3), round(lat, 3)] for lon, lat in [*hull, *hull[:1]]]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    feature = {"type": "Feature", "properties": {}, "geometry": geometry}
    return {"type": "FeatureCollection", "features": [feature] if points else []}


def _half(points: list[Point]) -> list[Point]:
    """Half of the hull of sorted points, without its last point (Andrew's monotone chain)."""
    kept: list[Point] = []
    for point in points:
        while len(kept) > 1 and not _turns_left(kept[-2], kept[-1], point):
            kept.pop()
        kept.append(point)
    return kept[:-1]


def _turns_left(a: Point, b: Point, c: Point) -> bool:
    return (b[0] - a[0]) * (c[1] - a[1]) > (b[1] - a[1]) * (c[0] - a[0])


def main(directory: str) -> None:
    """Write the outline of the inventory in a directory."""
    schemas = {name: kind.params for name, kind in probes.kinds().items()}
    inventory = load_inventory(Path(directory), schemas)
    known = [site.coordinates for site in inventory.sites.values() if site.coordinates]
    sys.stdout.write(json.dumps(outline([(lon, lat) for lat, lon in known]), indent=1) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])

"""Maps of an inventory: every site and line is there, and names are no markup."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

from netwatch.inventory.drawing import as_svg
from netwatch.inventory.geojson import as_geojson
from netwatch.inventory.links import all_links
from tests.inventory.province import SITES, load

NS = "{http://www.w3.org/2000/svg}"
SECOND = """\
links:
  second:
    {a: {target: an-lam/router}, b: {target: centre/router}, carrier: "<&>", capacity: 1G}
"""
PLACED = SITES.replace("name: Data centre\n", "name: Data centre\n    coordinates: [20.9, 106.3]\n")
PLACED = PLACED.replace("Xã An Lâm\n", "Xã <An> & Lâm\n    coordinates: [21.0, 106.4]\n")


def test_the_tree_has_every_site_and_line_once(tmp_path: Path) -> None:
    inventory = load(tmp_path, SECOND, sites=PLACED)
    root = ET.fromstring(as_svg(inventory))  # noqa: S314 (our own)
    names = ["".join(each.itertext()) for each in root.iter(f"{NS}text")]
    assert names == ["Trung tâm dữ liệu", "Xã <An> & Lâm VNPT 20M"]
    told = [each.findtext(f"{NS}title") for each in root.iter(f"{NS}path")]
    assert sorted(filter(None, told)) == ["an-lam-uplink: VNPT 20M, HD-1", "second: <&> 1G"]


def test_points_and_lines_have_longitude_first(tmp_path: Path) -> None:
    inventory = load(tmp_path, SECOND, sites=PLACED)
    features = as_geojson(inventory)["features"]
    shapes = {each["properties"]["id"]: each["geometry"] for each in features}
    assert shapes.keys() == inventory.sites.keys() | all_links(inventory).keys()
    assert shapes["centre"] == {"type": "Point", "coordinates": [106.3, 20.9]}
    assert shapes["second"]["coordinates"] == [[106.4, 21.0], [106.3, 20.9]]


def test_a_site_without_coordinates_is_drawn_in_the_tree_only(tmp_path: Path) -> None:
    inventory = load(tmp_path)
    assert as_geojson(inventory)["features"] == []
    assert "An Lâm" in as_svg(inventory)

"""Where sites are drawn on a map."""

from __future__ import annotations

from pathlib import Path

from netwatch import probes
from netwatch.export.exporter import Watched
from netwatch.export.inventory import InventoryMetrics
from netwatch.inventory.coordinates import place_of
from netwatch.inventory.load import load_inventory
from netwatch.inventory.model import Inventory
from netwatch.metrics import Registry, render
from tests.harness.lab_province import write_province


def province(directory: Path) -> Inventory:
    """Only the district in the north, and one of its communes, say where they are."""
    files = write_province(directory / "inventory")
    sites = files / "sites.yaml"
    text = sites.read_text(encoding="utf-8")
    for name, point in (("Huyện Bắc", "[21.1, 106.4]"), ("Xã Một", "[21.2, -106.5]")):
        text = text.replace(f"name_vi: {name}\n", f"name_vi: {name}\n    coordinates: {point}\n")
    sites.write_text(text, encoding="utf-8")
    return load_inventory(files, {name: kind.params for name, kind in probes.kinds().items()})


def test_a_site_without_coordinates_is_drawn_at_the_one_above_it(tmp_path: Path) -> None:
    inventory = province(tmp_path)
    assert place_of("north", inventory) == ("north", (21.1, 106.4))
    assert place_of("north-one", inventory) == ("north-one", (21.2, -106.5))
    assert place_of("north-two", inventory) == ("north", (21.1, 106.4))


def test_where_nobody_above_says_where_it_is_nothing_is_drawn(tmp_path: Path) -> None:
    inventory = province(tmp_path)
    assert place_of("south", inventory) is None
    assert place_of("centre", inventory) is None


async def test_both_axes_are_shown(tmp_path: Path) -> None:
    registry = Registry()
    exporter = InventoryMetrics(registry, "state-dc")
    exporter.watch(Watched.of(province(tmp_path)))
    page = (await render(registry)).decode()
    name = "netwatch_site_coordinates_degrees"
    told = {line for line in page.splitlines() if line.startswith(f"{name}{{")}
    assert told == {
        f'{name}{{axis="{axis}",place="{place}",site="{site}"}} {value}'
        for site, place, point in (
            ("north", "north", (21.1, 106.4)),
            ("north-one", "north-one", (21.2, -106.5)),
            ("north-two", "north", (21.1, 106.4)),
        )
        for axis, value in zip(("latitude", "longitude"), point, strict=True)
    }

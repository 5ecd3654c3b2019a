"""The shipped example as a sheet: into its own files nothing changes, elsewhere it is made anew."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from netwatch.inventory.load import load_inventory
from netwatch.inventory.model import Inventory, Site
from netwatch.probes import schemas
from tests.imports.conftest import Import

EXAMPLE = Path(__file__).parents[2] / "config" / "inventory"
ROLES = ("router", "switch", "codec")
HEADINGS = (
    *("Tên đơn vị", "Cấp", "Trực thuộc", "IP Router", "IP Switch", "IP Codec"),
    *("Nhà mạng", "Số hợp đồng", "Băng thông (Mbps)", "Toạ độ"),
)


@pytest.fixture(scope="module")
def example() -> Inventory:
    return load_inventory(EXAMPLE, schemas())


def sheet(inventory: Inventory, file: Path) -> Path:
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, delimiter=";")
        writer.writerow(HEADINGS)
        writer.writerows(row(inventory, site) for site in inventory.sites.values())
    return file


def row(inventory: Inventory, site: Site) -> list[str]:
    uplink = site.uplink
    parent = inventory.sites[site.parent].name_vi if site.parent else ""
    targets = [
        "; ".join(target.address for target in site.targets.values() if target.role == role)
        for role in ROLES
    ]
    line = [uplink.carrier, uplink.contract or "", f"{uplink.capacity / 1e6:g}"] if uplink else []
    place = ", ".join(map(str, site.coordinates or ()))
    return [
        *(site.name_vi, inventory.tiers[site.tier].name_vi, parent, *targets),
        *(line or ["", "", ""]),
        place,
    ]


def facts(inventory: Inventory) -> dict[tuple[str, str], object]:
    """What a sheet says of each site, by its name and that of the site above."""
    return {
        (site.name_vi, row(inventory, site)[2]): (*row(inventory, site), site.network)
        for site in inventory.sites.values()
    }


def test_into_its_own_files_nothing_changes(
    tmp_path: Path, into: Path, run: Import, example: Inventory
) -> None:
    shutil.copytree(EXAMPLE, into)
    said = run(sheet(example, tmp_path / "a.csv"))
    assert said.status == 0, said.err
    assert "không có gì thay đổi" in said.out


@pytest.mark.slow  # two inventories of 281 sites are read and compared
def test_elsewhere_it_is_made_anew(
    tmp_path: Path, into: Path, run: Import, example: Inventory
) -> None:
    said = run(sheet(example, tmp_path / "a.csv"), "--apply")
    assert said.status == 0, said.err
    made = load_inventory(into, schemas())
    assert facts(made) == facts(example)
    assert {"nam-sach", "nam-sach-an-lam", "so-noi-vu", "huyen-uy-nam-sach"} <= set(made.sites)

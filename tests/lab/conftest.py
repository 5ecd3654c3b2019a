from __future__ import annotations

from pathlib import Path

import pytest

from netwatch import probes
from netwatch.inventory.load import load_inventory
from netwatch.lab.world import World, build_world
from tests.harness.lab_province import write_province


@pytest.fixture
def province_dir(tmp_path: Path) -> Path:
    return write_province(tmp_path / "inventory")


@pytest.fixture
def world(province_dir: Path) -> World:
    schemas = {name: kind.params for name, kind in probes.kinds().items()}
    return build_world(load_inventory(province_dir, schemas), "state-dc")


@pytest.fixture(scope="session")
def example() -> World:
    """The province that is delivered with the program."""
    schemas = {name: kind.params for name, kind in probes.kinds().items()}
    return build_world(load_inventory(Path("config/inventory"), schemas), "state-dc")

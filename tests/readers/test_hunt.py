"""A short hunt with every reader; ``make fuzz`` hunts longer."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.harness.requirements import require
from tests.readers.hunt import Hunt, hunt
from tests.readers.registry import all_readers

pytestmark = pytest.mark.slow

SECONDS = 10.0
AT_ONCE = 4
READERS = all_readers()


@pytest.fixture(scope="module")
def hunts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Hunt]:
    """What a hunt with each reader came to."""
    require(find_spec("atheris"), "atheris (there is a wheel for x86-64 only)")
    found: Path = tmp_path_factory.mktemp("found")
    with ThreadPoolExecutor(AT_ONCE) as pool:
        came_to = pool.map(lambda reader: hunt(reader, SECONDS, found), READERS.values())
        return dict(zip(READERS, came_to, strict=True))


@pytest.mark.parametrize("name", READERS)
def test_a_hunt_finds_nothing(hunts: dict[str, Hunt], name: str) -> None:
    came_to = hunts[name]
    assert came_to.fault == ""
    assert came_to.worst <= READERS[name].max_cpu
    assert came_to.tried > 0

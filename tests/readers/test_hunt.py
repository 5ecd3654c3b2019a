"""A short hunt with every reader; ``make fuzz`` hunts longer."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.harness.requirements import require
from tests.readers.hunt import hunt
from tests.readers.registry import all_readers

pytestmark = pytest.mark.slow

HUNT_DURATION = 10.0
"""Seconds a reader, one after the other: a hunt keeps a core busy."""

READERS = all_readers()


@pytest.mark.parametrize("name", READERS)
def test_a_hunt_finds_nothing(tmp_path: Path, name: str) -> None:
    require(find_spec("atheris"), "atheris (there is a wheel for x86-64 only)")
    came_to = hunt(READERS[name], HUNT_DURATION, tmp_path)
    assert came_to.fault == ""
    assert came_to.worst <= READERS[name].max_cpu
    assert came_to.tried > 0

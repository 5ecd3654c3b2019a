"""What the garbage collector no longer looks at must go without it."""

from __future__ import annotations

import asyncio
import gc
import resource
import shutil
import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest

from netwatch.configuration import Configuration
from netwatch.core.errors import ConfigError
from netwatch.core.streams import Streams
from netwatch.inventory.load import load_inventory
from netwatch.probes import schemas
from netwatch.process import garbage
from netwatch.wiring import Parts
from tests.harness.builders import (
    make_check,
    make_checks,
    make_configuration,
    make_inventory,
    make_parts,
)

SHIPPED = Path(__file__).parents[2] / "config" / "inventory"

WRONG = "sites: {a: {tier: b, targets: {r: {address: 300.1.1.1}}}}"
"""Its error and the frames that raised it refer to each other."""


@pytest.fixture(autouse=True)
def without_collector() -> Iterator[None]:
    gc.disable()
    yield
    gc.enable()
    gc.unfreeze()


def read() -> Configuration:
    inventory = make_inventory()
    checks = (*make_checks(inventory), make_check("tcp:80", target="codec"))
    return make_configuration(inventory, checks)


async def scrape(parts: Parts) -> None:
    async for _ in parts.pages.metrics():
        pass


def test_nothing_is_left_of_a_configuration_that_was_replaced() -> None:
    first = read()
    parts = make_parts(first)
    garbage.freeze()
    pieces = (first.inventory, first.graph, *first.inventory.sites.values())
    left = [weakref.ref(piece) for piece in pieces]
    del first, pieces
    asyncio.run(scrape(parts))
    parts.replace(read())
    parts.pages.status()
    assert [each() for each in left if each() is not None] == []


def test_what_stays_is_spared_and_what_comes_later_is_not() -> None:
    garbage.freeze()
    assert gc.get_freeze_count() > 1000
    ring: list[object] = [Streams()]
    ring.append(ring)
    gone = weakref.ref(ring[0])
    del ring
    gc.collect()
    assert gone() is None


def test_it_is_off_while_many_objects_are_made_and_on_again_after_that() -> None:
    gc.enable()
    with garbage.paused():
        assert not gc.isenabled()
    assert gc.isenabled()


@pytest.mark.skipif(garbage._trim is None, reason="another C library than GNU's")
def test_what_is_free_goes_back_to_the_kernel() -> None:
    blocks = [b"x" * (64 << 10) for _ in range(512)]
    above = b"x" * (64 << 10)  # else the library gives back what was last by itself
    del blocks
    before = resident()
    garbage.trim_memory()
    assert before - resident() > 24 << 20
    assert above


def resident() -> int:
    """Bytes of this process in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def test_what_a_refused_reload_leaves_is_collected(tmp_path: Path) -> None:
    inventory = shutil.copytree(SHIPPED, tmp_path / "inventory")
    (inventory / "wrong.yaml").write_text(WRONG, encoding="utf-8")
    counts = []
    for _ in range(3):
        with garbage.kept(), pytest.raises(ConfigError):
            load_inventory(inventory, schemas())
        counts.append(gc.get_freeze_count())
    assert counts[2] - counts[1] < 100

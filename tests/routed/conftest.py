"""One province and one daemon for all situations: it takes half a minute until both are ready."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness.requirements import require, require_root, require_tool
from tests.harness.waiting import eventually
from tests.routed import province as provinces
from tests.routed.node import FRR
from tests.routed.province import Province
from tests.routed.watched import PATIENCE, Page, watching

TOOLS = ("ip", "nft", "nsenter", "unshare", "snmpd", "snmpset", "fping", "sysctl")


@pytest.fixture(scope="session")
def folder() -> Iterator[Path]:
    """A folder that FRR's own user may enter."""
    with tempfile.TemporaryDirectory(prefix="netwatch-routed-") as name:
        made = Path(name)
        made.chmod(0o755)
        yield made


@pytest.fixture(scope="session")
def province(folder: Path) -> Iterator[Province]:
    require_root()
    for tool in TOOLS:
        require_tool(tool)
    require((FRR / "zebra").exists(), "frr")
    with provinces.running(folder) as made:
        eventually(lambda: len(made.answering()) == len(made.nodes), PATIENCE)
        made.shared = made.spread()
        yield made


@pytest.fixture(scope="session")
def page(province: Province, folder: Path) -> Iterator[Page]:
    with watching(province, folder) as read:
        eventually(read.is_well, PATIENCE)
        yield read

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.dashboards.history import odd, scenes
from tests.dashboards.history.store import store
from tests.dashboards.rendered.scene_jobs import ODD, SHIPPED, WITHOUT_RULES
from tests.harness.prometheus import Prometheus


@pytest.fixture(scope="session")
def small_history(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prometheus]:
    """A Prometheus with the odd province: one day with the rules, another one without."""
    with store(tmp_path_factory.mktemp("small")) as prometheus:
        _write_odd(prometheus, tmp_path_factory.mktemp("inventory"))
        yield prometheus


@pytest.fixture(scope="session")
def history(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prometheus]:
    """The same, and the province that is shipped."""
    with store(tmp_path_factory.mktemp("history")) as prometheus:
        asyncio.run(scenes.write(prometheus.url, scenes.shipped(), day=SHIPPED))
        _write_odd(prometheus, tmp_path_factory.mktemp("inventory"))
        yield prometheus


def _write_odd(prometheus: Prometheus, directory: Path) -> None:
    inventory = odd.odd(directory)
    for day, with_rules in ((ODD, True), (WITHOUT_RULES, False)):
        told = scenes.write(
            prometheus.url,
            inventory,
            day=day,
            tell=odd.tell,
            meetings=(),
            with_rules=with_rules,
        )
        asyncio.run(told)

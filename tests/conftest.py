from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

from tests.harness.requirements import require_namespaces
from tests.harness.servers import Authority

# No test decides by the machine's speed, so no example has a time of its own to end in.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")

STORIES = (
    "recorded/test_recorded.py",
    "system/test_systemd_service.py",
    "end_to_end/test_queries.py",
    "meetings/test_show.py",
    "paging/test_pages.py",
    "system/test_systemd_vantage.py",
    "system/test_systemd_sandbox.py",
    "vantage/test_show.py",
    "readers/test_hunt.py",
    "routed/",
    "readers/test_growth.py",
    "daemon/",
)
"""Files of tests that take minutes, the longest first: as many as begin at once."""


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Signs the certificates of servers that a test starts."""
    return Authority(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="session")
def needs_namespaces() -> None:
    require_namespaces()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that everything else is done meanwhile."""
    items.sort(key=lambda item: (_story(item), item.get_closest_marker("slow") is None))


def _story(item: pytest.Item) -> int:
    """The place of the test's file among the stories of minutes; behind them, if it is none."""
    path = item.path.relative_to(Path(__file__).parent).as_posix()
    found = (at for at, story in enumerate(STORIES) if path.startswith(story))
    return next(found, len(STORIES))

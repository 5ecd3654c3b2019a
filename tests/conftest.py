from __future__ import annotations

import pytest

from tests.harness.requirements import require_namespaces
from tests.harness.servers import Authority


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Signs the certificates of servers that a test starts."""
    return Authority(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="session")
def needs_namespaces() -> None:
    require_namespaces()

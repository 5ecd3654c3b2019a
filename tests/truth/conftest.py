from __future__ import annotations

import pytest

from tests.tools import require_namespaces


@pytest.fixture(scope="session")
def needs_namespaces() -> None:
    require_namespaces()

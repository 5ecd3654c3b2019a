from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.harness.ports import free_udp_port
from tests.harness.snmpd import Snmpd, running


@pytest.fixture(scope="session")
def snmpd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snmpd]:
    with running(tmp_path_factory.mktemp("snmpd"), free_udp_port()) as started:
        yield started

"""A month of the example province, written once for all tests of papers."""

from __future__ import annotations

import pytest

from netwatch.report.make import PaperSource, read
from netwatch.settings import Settings
from tests.report.histories import month
from tests.report.province import EXAMPLE, WrittenMonth, example, write_month


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> WrittenMonth:
    directory = tmp_path_factory.mktemp("state") / "netwatch"
    return write_month(directory, example(), month(2026, 10, "Asia/Ho_Chi_Minh"))


@pytest.fixture(scope="session")
def settings(written: WrittenMonth) -> Settings:
    return Settings(state_dir=written.state_dir, inventory=EXAMPLE)


@pytest.fixture(scope="session")
def reading(written: WrittenMonth, settings: Settings) -> PaperSource:
    return read(settings, written.inventory, month(2026, 10, "Asia/Ho_Chi_Minh"))

"""Keys and tokens of the ways to people are sent to them, and are read nowhere else."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.notify.fakes import FakeServices, fake_services
from tests.notify.test_bridge import ALERT, OVER, bridge


@pytest.fixture
def services() -> Iterator[FakeServices]:
    with fake_services() as running:
        yield running


async def test_none_is_logged_whether_people_are_reached_or_not(
    services: FakeServices, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    secrets = {"zalo-app-key", "sms-key", services.refresh_token}
    async with bridge(services, tmp_path / "tokens.json", sms=True) as posted:
        assert await posted.tell(ALERT) == 200
        secrets |= {services.refresh_token, services.access_token}
        services.access_token = services.refresh_token = "revoked"
        assert await posted.tell(OVER) == 503
    assert any(record.levelno >= logging.WARNING for record in caplog.records)
    said = caplog.text
    for secret in secrets:
        assert secret not in said

"""A real server on a loopback port."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from netwatch.web.app import create_app
from netwatch.web.connections import ConnectionLimits
from netwatch.web.listener import open_listener
from netwatch.web.server import serve
from tests.harness.status_source import FakeSource
from tests.web.browser import Tab, open_tab


@pytest.fixture
def source() -> FakeSource:
    return FakeSource()


@pytest.fixture
async def port(source: FakeSource) -> AsyncIterator[int]:
    listener = open_listener("127.0.0.1", 0)
    number: int = listener.getsockname()[1]
    async with serve(create_app(source), listener):
        yield number


@pytest.fixture
async def hasty_port(source: FakeSource) -> AsyncIterator[int]:
    """Of a server that gives a client one second to ask, and to read on."""
    listener = open_listener("127.0.0.1", 0)
    number: int = listener.getsockname()[1]
    limits = ConnectionLimits(request_time=1.0, progress_time=1.0)
    async with serve(create_app(source), listener, limits=limits):
        yield number


@pytest.fixture
async def tab() -> AsyncIterator[Tab]:
    async with open_tab() as opened:
        yield opened

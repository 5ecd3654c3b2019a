"""A machine that has no descriptor left for a connection."""

from __future__ import annotations

import errno
import os
import socket
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry

from netwatch.metrics.web import WebMetrics
from netwatch.web.app import create_app
from netwatch.web.listener import open_listener
from netwatch.web.server import serve
from tests.harness.status_source import FakeSource
from tests.web.client import fetch


def descriptors() -> int:
    """How many this process has open."""
    return len(list(Path("/proc/self/fd").iterdir()))


class Exhausted(socket.socket):
    """A listening socket of a machine that lacks descriptors for a while."""

    def __init__(self, listener: socket.socket, error: int, times: int) -> None:
        super().__init__(fileno=listener.detach())
        self._error, self._times = error, times

    def accept(self) -> tuple[socket.socket, object]:
        self._times -= 1
        if self._times >= 0:
            raise OSError(self._error, os.strerror(self._error))
        return super().accept()


@pytest.mark.parametrize(
    ("error", "counted"), [(errno.EMFILE, 3), (errno.ENFILE, 3), (errno.ECONNABORTED, 0)]
)
async def test_it_waits_for_descriptors_and_goes_on(error: int, counted: int) -> None:
    registry = CollectorRegistry()
    listener = Exhausted(open_listener("127.0.0.1", 0), error, 3)
    port = listener.getsockname()[1]
    async with serve(create_app(FakeSource()), listener, metrics=WebMetrics(registry)):
        response, _ = await fetch(port, "/metrics")
    assert response.status == 200
    told = registry.get_sample_value("netwatch_web_refused_total", {"reason": "descriptors"})
    assert told == counted


async def test_at_the_end_nothing_of_it_is_left() -> None:
    before = descriptors()
    listener = Exhausted(open_listener("127.0.0.1", 0), errno.EMFILE, 1_000_000)
    port = listener.getsockname()[1]
    async with serve(create_app(FakeSource()), listener):
        with socket.create_connection(("127.0.0.1", port)):
            pass
    assert descriptors() == before

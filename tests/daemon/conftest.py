"""One server, and a daemon that watches it."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.daemon.running import Running, started


@pytest.fixture(autouse=True)
def nothing_left() -> Iterator[None]:
    """End what a test that failed has left running."""
    yield
    while started:
        left = started.pop()
        if left.poll() is None:
            left.kill()
            left.communicate()


@pytest.fixture
def server() -> Iterator[socket.socket]:
    with socket.create_server(("127.8.0.1", 0), backlog=512) as listening:
        yield listening


@pytest.fixture
def running(tmp_path: Path, server: socket.socket) -> Iterator[Running]:
    daemon = Running(tmp_path, server.getsockname()[1])
    daemon.wait_for("READY=1")
    yield daemon
    daemon.stop()

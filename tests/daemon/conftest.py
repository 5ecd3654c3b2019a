"""One server, and a daemon that watches it."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.daemon.running import Running


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

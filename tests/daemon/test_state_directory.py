"""State directories that others have spoilt, or use."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from netwatch.journal.file import NAME
from tests.daemon.running import Running
from tests.harness.waiting import eventually

pytestmark = pytest.mark.slow


def test_a_state_directory_that_can_not_be_used_stops_nothing(
    tmp_path: Path, server: socket.socket
) -> None:
    (tmp_path / "state").write_text("in the way", encoding="utf-8")
    daemon = Running(tmp_path, server.getsockname()[1])
    daemon.wait_for("READY=1")
    eventually(lambda: daemon.site()["state"] == "up")
    assert (daemon.metric("netwatch_journal_write_errors_total") or 0) >= 1.0
    assert "can't be written" in daemon.stop()


def test_a_second_daemon_on_the_same_state_directory_ends_with_one_line(running: Running) -> None:
    second = subprocess.run(
        [sys.executable, "-m", "netwatch", "run"],
        env=running.environment | {"NETWATCH_LISTEN": "127.0.0.1:0"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert second.returncode == 2
    (line,) = second.stderr.splitlines()
    assert f"is in use by process {running.process.pid} since " in line
    assert running.get("/-/healthy") == "ok\n"


def test_pipes_in_the_state_directory_stop_nothing(tmp_path: Path, server: socket.socket) -> None:
    state = tmp_path / "state"
    state.mkdir(mode=0o700)
    for name in ("maintenance.json", "daemon.lock", NAME):
        os.mkfifo(state / name)
    daemon = Running(tmp_path, server.getsockname()[1])
    daemon.wait_for("READY=1")
    eventually(lambda: daemon.site()["state"] == "up")
    errors = daemon.stop()
    assert daemon.process.returncode == 0
    assert "maintenance stays as it was" in errors


def test_a_state_directory_open_to_others_is_closed(tmp_path: Path, server: socket.socket) -> None:
    state = tmp_path / "state"
    state.mkdir(mode=0o755)
    daemon = Running(tmp_path, server.getsockname()[1])
    daemon.wait_for("READY=1")
    assert state.stat().st_mode & 0o777 == 0o700
    assert "was open to others (mode 755), and is closed now" in daemon.stop()

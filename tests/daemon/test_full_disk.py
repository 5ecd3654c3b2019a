"""A state directory on a disk of a mebibyte that fills up, and empties again."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.daemon.running import Running
from tests.harness.small_disk import fill, mounting
from tests.harness.waiting import eventually

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        os.geteuid() != 0 and os.environ.get("CI") != "true", reason="needs root for a mount"
    ),
]


class OnSmallDisk(Running):
    """Its state directory is a disk of its own, in a mount namespace that ends with it."""

    def start(self) -> None:
        self.state.mkdir(exist_ok=True)
        daemon = [sys.executable, "-m", "netwatch", "run"]
        self.process = subprocess.Popen(
            [*mounting(self.state, "1m"), *daemon],
            env=self.environment,
            stderr=subprocess.PIPE,
            text=True,
        )

    @property
    def disk(self) -> Path:
        """The directory as the daemon sees it."""
        return Path(f"/proc/{self.process.pid}/root{self.state}")


def test_a_full_disk_stops_nothing_is_told_and_recovers(
    tmp_path: Path, server: socket.socket
) -> None:
    port = server.getsockname()[1]
    daemon = OnSmallDisk(tmp_path, port)
    daemon.wait_for("READY=1")
    errors = "netwatch_journal_write_errors_total"
    eventually(lambda: daemon.site()["state"] == "up")
    filler = daemon.disk / "filler"
    fill(filler)
    server.close()
    eventually(lambda: daemon.site()["state"] == "down")
    # There is room in the journal's own pages for some records, so it changes until there is none.
    for _ in range(200):
        if (daemon.metric(errors) or 0) >= 1:
            break
        with socket.create_server(("127.8.0.1", port), backlog=512):
            eventually(lambda: daemon.site()["state"] == "up")
        eventually(lambda: daemon.site()["state"] == "down")
        fill(daemon.disk / "more")
    assert (daemon.metric(errors) or 0) >= 1
    records = "netwatch_journal_records_total"
    before = daemon.metric(records) or 0
    filler.unlink()
    (daemon.disk / "more").unlink(missing_ok=True)
    with socket.create_server(("127.8.0.1", port), backlog=512):
        eventually(lambda: daemon.site()["state"] == "up")
        eventually(lambda: (daemon.metric(records) or 0) > before)
    said = daemon.stop()
    assert daemon.process.returncode == 0
    assert "measuring goes on" in said

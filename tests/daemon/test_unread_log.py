"""A log that nobody reads any more, as of a systemd-journald that hangs, stops nothing."""

from __future__ import annotations

import fcntl
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from socket import socket
from typing import IO

import pytest

from tests.daemon.running import PATIENCE, Running, started
from tests.harness.waiting import eventually

pytestmark = pytest.mark.slow

DROPPED = "netwatch_log_lines_dropped_total"
RUN = 'netwatch_slots_total{outcome="run",probe="tcp"}'
SLOTS = 10
PIPE = 4096
"""Octets that the pipe holds."""

WRONG = "  wrong-{}: {{tier: %s, name_vi: Sai, targets: {{server: 127.8.0.1}}}}\n" % ("x" * 63)
MISTAKES = 200
"""Lines that each refused inventory has for the log, of which it takes a hundred."""


class Unread(Running):
    """It logs all that it can into a pipe that holds little."""

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "netwatch", "run"],
            env={**self.environment, "NETWATCH_LOG_LEVEL": "debug"},
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(self.process)
        assert self.process.stderr is not None
        fcntl.fcntl(self.process.stderr, fcntl.F_SETPIPE_SZ, PIPE)

    def break_inventory(self) -> None:
        file = self.inventory / "province.yaml"
        wrong = "".join(WRONG.format(number) for number in range(MISTAKES))
        file.write_text(f"{file.read_text(encoding='utf-8')}{wrong}", encoding="utf-8")

    def refuse(self) -> float:
        """Refuse the inventory once more; returns how many lines were dropped until then."""
        self.process.send_signal(signal.SIGHUP)
        self.wait_for("READY=1")
        assert self.metric("netwatch_config_last_reload_successful") == 0.0
        return self.metric(DROPPED) or 0.0


def lines_told(log: IO[str]) -> int:
    """How many lines were dropped, by the next line of the log that tells it."""
    while not (found := re.search(r"(\d+) lines of the log were dropped", log.readline())):
        pass
    return int(found[1])


@pytest.fixture
def daemon(tmp_path: Path, server: socket) -> Iterator[Unread]:
    running = Unread(tmp_path, server.getsockname()[1])
    running.wait_for("READY=1")
    assert running.metric(DROPPED) == 0.0
    running.break_inventory()
    eventually(running.refuse)
    yield running
    running.notified.close()
    running.process.stderr.close()


def test_it_goes_on_and_ends(daemon: Unread) -> None:
    begun = daemon.metric(RUN) or 0.0
    eventually(lambda: (daemon.metric(RUN) or 0.0) >= begun + SLOTS)
    assert daemon.site()["state"] == "up"
    daemon.process.terminate()
    assert daemon.process.wait(PATIENCE) == 0


def test_it_says_how_much_is_missing_when_somebody_reads_again(daemon: Unread) -> None:
    assert daemon.process.stderr is not None
    told = 0
    while not told or told < (daemon.metric(DROPPED) or 0.0):
        told += lines_told(daemon.process.stderr)
    assert told == daemon.metric(DROPPED)
    daemon.process.terminate()
    daemon.process.communicate(timeout=PATIENCE)
    assert daemon.process.returncode == 0

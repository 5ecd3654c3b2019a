"""The lab with a daemon in it that can be ended, killed and started anew."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.harness.demo import Demo
from tests.harness.processes import program

SUPERVISOR = """
trap 'kill $daemon; wait $daemon; exit' TERM
while :; do
    sh -c 'LISTEN_PID=$$ LISTEN_FDS=1 exec "$0" -m netwatch run' "$0" &
    daemon=$!
    echo $daemon > daemon.pid
    wait $daemon
    # Whoever ended it says when it begins anew.
    until mv again begun; do sleep 0.1; done 2> /dev/null
done
"""
"""What systemd does: hands the listener over, and starts the daemon again when it has ended."""


class Daemon(Demo):
    """The daemon of a lab."""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory)
        self._home = directory

    def end(self, number: signal.Signals) -> None:
        """Send a signal that ends it; it stays away until ``begin``."""
        os.kill(int((self._home / "daemon.pid").read_text()), number)

    def begin(self) -> None:
        """Start it anew, after ``end``."""
        (self._home / "again").touch()


@contextmanager
def running(home: Path, faults: str, seed: int) -> Iterator[Daemon]:
    """Play the province in ``home/inventory``, and watch it; the lab's log is ``lab.jsonl``."""
    (home / "faults.yaml").write_text(f"faults: [{faults}]\n", encoding="utf-8")
    command = [
        *(sys.executable, "-m", "netwatch", "lab", f"--seed={seed}"),
        *("--faults=faults.yaml", "--log=lab.jsonl"),
        *("--", "sh", "-c", SUPERVISOR, sys.executable),
    ]
    environment = {
        **os.environ,
        "NETWATCH_INVENTORY": "inventory",
        "NETWATCH_LISTEN": "127.0.0.1:0",
        "NETWATCH_STATE_DIR": "state",
    }
    with program(command, home / "lab.log", cwd=home, env=environment):
        yield Daemon(home)

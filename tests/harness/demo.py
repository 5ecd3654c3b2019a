"""The lab with the daemon in it, as processes."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from tests.harness.processes import program
from tests.harness.waiting import eventually


class Demo:
    """A running demo.

    Attributes:
        listen: host:port of the daemon.
        inventory: the daemon's, which is read again on ``reload``.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self.inventory = directory / "inventory"
        started = eventually(lambda: self.events("start"), patience=90)[0]
        assert started["mode"] == "two-sided"
        self.listen = ":".join(map(str, started["listen"]))

    def events(self, kind: str, **details: str) -> list[dict[str, Any]]:
        """What the lab has written down so far."""
        try:
            lines = (self._directory / "lab.jsonl").read_text(encoding="utf-8").splitlines(True)
        except FileNotFoundError:
            return []
        events = (json.loads(line) for line in lines if line.endswith("\n"))
        wanted = {"event": kind, **details}
        return [event for event in events if wanted.items() <= event.items()]

    def page(self, path: str) -> str:
        with urlopen(f"http://{self.listen}{path}", timeout=120) as answer:
            return str(answer.read().decode())

    def status(self) -> Any:
        return json.loads(self.page("/status.json"))

    def site(self, site_id: str) -> Any:
        return next(site for site in self.status()["sites"] if site["id"] == site_id)

    def pause(self, seconds: float) -> None:
        """Hold the daemon, as a machine does that has too much to do."""
        os.kill(self._daemon, signal.SIGSTOP)
        time.sleep(seconds)
        os.kill(self._daemon, signal.SIGCONT)

    def reload(self) -> None:
        os.kill(self._daemon, signal.SIGHUP)

    @property
    def _daemon(self) -> int:
        return int((self._directory / "daemon.pid").read_text())


@contextmanager
def playing(directory: Path, inventory: Path, settings: Mapping[str, str]) -> Iterator[Demo]:
    """Lab and daemon, by the fault script in a directory.

    Args:
        directory: with ``faults.yaml``.
        inventory: the daemon's.
        settings: of both, as environment variables; the lab's inventory is the shipped one.
    """
    daemon = (
        f'echo $$ > "{directory}/daemon.pid";'
        f' NETWATCH_INVENTORY="{inventory}" exec "{sys.executable}" -m netwatch run'
    )
    command: list[str | Path] = [
        *(sys.executable, "-m", "netwatch", "lab"),
        *("--faults", directory / "faults.yaml", "--log", directory / "lab.jsonl"),
        *("--", "sh", "-c", daemon),
    ]
    environment = {**os.environ, "NETWATCH_LISTEN": "127.0.0.1:0", **settings}
    with program(command, directory / "demo.log", env=environment):
        yield Demo(directory)
